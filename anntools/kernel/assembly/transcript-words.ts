/** How a transcript is laid out, for both sides: the host (`../transcripts.ts`) lays it out, the kernel reads it. */

/** Words of a transcript, as byte offsets from its address; its exons' starts, ends and offsets in the transcript follow. */
export const INDEX = 0;
export const START = 4;
export const END = 8;
export const FORWARD = 12;
export const FLAGS = 16;
export const EXONS = 20;
export const CDS_START = 24;
export const CDS_END = 28;
export const CDNA_START = 32;
export const CDNA_END = 36;
export const PAD = 40;
export const SPLICED = 44;
export const GENE = 48;
export const EXTENT_LOW = 52;
export const EXTENT_HIGH = 56;
export const NAME = 60;
export const NAME_LENGTH = 64;
export const PROTEIN_NAME = 68;
export const PROTEIN_NAME_LENGTH = 72;
/** Letters of the coding sequence, 0 until somebody asks; how many; residues of the protein that is told of. */
export const CODING = 76;
export const CODING_LENGTH = 80;
export const RESIDUES = 84;
/** Amino acids by codon. */
export const TABLE = 88;
/** How far beside it a variant is told of. */
export const DISTANCE = 92;
/** Pieces of its block at each of three places, 0 until somebody asks. */
export const PIECES = 96;
export const ID = 108;
export const ID_LENGTH = 112;
/** The exon that was found last: the next record mostly lies at the same. */
export const LAST_EXON = 116;
export const WORDS = 120;

/** Bits of FLAGS. */
export const IS_CODING = 1;
export const EXTENT_ONLY = 2;
export const PROTEIN_CODING = 4;
export const NMD = 8;
/** Changes inside it are left to the host. */
export const AWKWARD = 16;
/** Its coding changes have no codons: no sequence, or no frame. */
export const NO_CODONS = 32;
/** It has an intron too short to be one: its exons are stretched, and changes in such an intron left to the host. */
export const STRETCHED = 64;
