/**
 * A reference as the engine reads it: contigs, sequence, genes and transcripts as structure of arrays. An opened
 * bundle gives these as views over mapped files; a test gives them from a few models in memory
 * (`bundle/in-memory.ts`). Coordinates are zero-based, half-open, forward strand.
 */

export interface Reference {
  /** The name it is installed under, e.g. `grch38-starter`. */
  name: string;
  /** e.g. `GRCh38`; the word a user knows. */
  assembly: string;
  /** What it was made from, for provenance lines. */
  sources: readonly ReferenceSource[];
  contigs: Contigs;
  sequence: Sequence;
  genes: Genes;
  transcripts: Transcripts;
}

export interface ReferenceSource {
  /** File name without a folder, or the name of a package. */
  name: string;
  /** Release, date, or flavour; empty when unknown. */
  version: string;
}

export interface Contigs {
  names: readonly string[];
  lengths: Uint32Array;
  /** NCBI translation table by contig: 1 nuclear, 2 vertebrate mitochondrion, 11 bacterial … */
  codonTables: Uint8Array;
  /** 1 where the contig is circular (HGVS `m.` is decided by codon table 2 and name). */
  circular: Uint8Array;
  /** The contig of a name in any spelling (`chr1`, `1`, `NC_000001.11`, `M`, `MT`), or -1. */
  idOf(name: string): number;
}

export interface Sequence {
  /** Whether bases are known for the contig. */
  has(contig: number): boolean;
  /** The upper-case ASCII base (A, C, G, T or N) at a zero-based offset; N outside the contig. */
  base(contig: number, offset: number): number;
  /** Copies bases [start, end) into `out` from `at` on; N outside the contig. */
  read(contig: number, start: number, end: number, out: Uint8Array, at: number): void;
  /**
   * Copies bases [start, start + count) as they are packed, two bits each (A, C, G, T), four in a byte from the lowest
   * bits on; `start` is a multiple of four. False, where one of them is N or they are not kept packed.
   */
  copyPacked(contig: number, start: number, count: number, out: Uint8Array, at: number): boolean;
}

/** Strings packed into one pool, UTF-8. */
export interface StringPool {
  bytes: Uint8Array;
  /** `count + 1` offsets; string i is [offsets[i], offsets[i + 1]). */
  offsets: Uint32Array;
}

/** Genes, sorted by contig, then start, then end descending. */
export interface Genes {
  count: number;
  contig: Uint32Array;
  start: Int32Array;
  end: Int32Array;
  strand: Int8Array;
  ids: StringPool;
  versions: StringPool;
  symbols: StringPool;
  symbolSources: StringPool;
  hgncIds: StringPool;
  /** Index into `Transcripts.words`. */
  biotype: Uint16Array;
}

/** Transcripts, sorted by contig, then start, then end descending, then id. */
export interface Transcripts {
  count: number;
  /** Transcripts of contig c are [firstOfContig[c], firstOfContig[c + 1]). */
  firstOfContig: Uint32Array;
  contig: Uint32Array;
  /** Extent: the outer exons, or beyond them where a source tells no exons (`TranscriptModel.span`). */
  start: Int32Array;
  end: Int32Array;
  /** Largest end among the transcripts of this contig up to and with this one: ascends, so a search finds where to start a sweep. */
  reach: Int32Array;
  strand: Int8Array;
  /** Bits of `TranscriptFlag`. */
  flags: Uint32Array;
  /** Index into the genes; `NO_GENE` where a transcript has none. */
  gene: Uint32Array;
  /** Exons of transcript t are [exonFirst[t], exonFirst[t + 1]) in the exon arrays, ascending on the genome. */
  exonFirst: Uint32Array;
  exonStart: Int32Array;
  exonEnd: Int32Array;
  /** Offset in the spliced transcript (transcript strand) of the exon's 5'-most base. */
  exonCdna: Int32Array;
  /** Genomic extent of the coding part; both -1 for a non-coding transcript. */
  cdsStart: Int32Array;
  cdsEnd: Int32Array;
  /** Coding part in spliced transcript offsets [cdsCdnaStart, cdsCdnaEnd); -1 when non-coding. */
  cdsCdnaStart: Int32Array;
  cdsCdnaEnd: Int32Array;
  /** Bases before the first whole codon: 0, 1, 2. */
  phase: Uint8Array;
  /** See `TranscriptModel`. */
  supportLevel: Uint8Array;
  appris: Uint8Array;
  /** Words that many transcripts share: biotypes and sources. */
  words: StringPool;
  /** Index into `words`. */
  biotype: Uint16Array;
  source: Uint16Array;
  ids: StringPool;
  versions: StringPool;
  proteinIds: StringPool;
  proteinVersions: StringPool;
  maneMates: StringPool;
  ccdsIds: StringPool;
  /** What stands before the colon of HGVS c./n. and of p.: the id, and its version unless the id carries it; empty without protein. */
  hgvsNames: StringPool;
  hgvsProteinNames: StringPool;
  /** `SYMBOL|Gene|Transcript|Feature|BIOTYPE` of the CSQ block, written the way VEP writes it into INFO. */
  labels: StringPool;
  slippages: Slippages;
  selenocysteines: Selenocysteines;
  matureMirnas: MatureMirnas;
}

/** `Transcripts.gene` of a transcript that belongs to no gene. */
export const NO_GENE = 0xffffffff;

/**
 * Where translation slips (rare; only transcripts with the flag SLIPPAGE): reading stops before the spliced offset
 * `stop` and goes on at `resume`. Smaller than `stop`: bases are read twice (-1 slippage); greater: bases are not
 * read (+1). The coding sequence is [cdsCdnaStart, stop) + [resume, cdsCdnaEnd). Sorted by transcript, then stop.
 */
export interface Slippages {
  transcript: Uint32Array;
  stop: Int32Array;
  resume: Int32Array;
}

/** One-based protein positions where TGA is selenocysteine. Sorted by transcript, then position. */
export interface Selenocysteines {
  transcript: Uint32Array;
  position: Int32Array;
}

/** Mature miRNA products. Sorted by transcript, then start. */
export interface MatureMirnas {
  transcript: Uint32Array;
  start: Int32Array;
  end: Int32Array;
}
