/**
 * Gene models as they come out of a GFF3, a GTF or the starter data, before they are laid out as a bundle.
 * Coordinates are zero-based, half-open, on the forward strand of the contig; exons and CDS parts ascend.
 */

/** A half-open interval of zero-based offsets on the forward strand. */
export interface Span {
  start: number;
  end: number;
}

/** A sequence that models lie on. */
export interface ContigModel {
  name: string;
  length: number;
  /** NCBI translation table: 1 nuclear (the default), 2 vertebrate mitochondrion, 11 bacteria … */
  codonTable?: number;
  circular?: boolean;
  /** Other spellings (`chr1`, `NC_000001.11`, `CM000663.2`) besides those that `contig-names.ts` knows by itself. */
  aliases?: readonly string[];
}

export interface GeneModel {
  id: string;
  /** Version without the dot, e.g. `5`; empty when the source has none or the id itself carries it. */
  version: string;
  /** The name people use, e.g. `BRCA2`; empty when the source has none. */
  symbol: string;
  /** Who gave the symbol, e.g. `HGNC`; empty when the source does not say. */
  symbolSource: string;
  /** e.g. `HGNC:1101`; empty when the source has none. */
  hgncId: string;
  biotype: string;
  contig: string;
  span: Span;
  strand: 1 | -1;
}

export interface TranscriptModel {
  /** As the source writes it, e.g. `ENST00000380152` (Ensembl) or `ENST00000380152.8` (GENCODE), `NM_000059.4`. */
  id: string;
  /** Version without the dot; empty when the source has none or the id itself carries it. */
  version: string;
  /** `GeneModel.id` on the same contig; empty when the transcript belongs to no gene. */
  geneId: string;
  biotype: string;
  /** Who made the model, e.g. `ensembl_havana`: column 2 of the file. */
  source: string;
  contig: string;
  strand: 1 | -1;
  /** Ascending; at least one. Exons of one transcript may touch or overlap where the source says so. */
  exons: Span[];
  /**
   * Where the transcript reaches beyond its outer exons: a model that tells its extent and its coding parts but no
   * exons. What lies outside the exons is then intron, as far as anyone knows.
   */
  span?: Span;
  /**
   * Ascending coding parts inside the exons, the stop codon included; null for a non-coding transcript. A programmed
   * slippage shows here as two parts of one exon that overlap (-1) or leave a gap (+1).
   */
  cds: Span[] | null;
  /** Bases of the first coding part (in transcript order) to skip before the first whole codon: 0, 1 or 2. */
  phase: 0 | 1 | 2;
  /** As the source writes it; empty when it has none. */
  proteinId: string;
  proteinVersion: string;
  /** The same transcript in the other catalogue where MANE pairs them, e.g. `NM_000059.4`; empty when not told. */
  maneMate: string;
  /** The consensus coding sequence it belongs to, e.g. `CCDS33700.1`; empty when not told. */
  ccdsId: string;
  /** Protein positions (one-based) that are selenocysteine though the codon is TGA, where the model says so; ascending. */
  selenocysteines: number[];
  /** Mature miRNA products inside the transcript, forward-strand spans; ascending. */
  matureMirna: Span[];
  /** Ensembl transcript support level 1 (best) to 5; 0 where there is none. */
  supportLevel: number;
  /** APPRIS: 1–5 for principal1–5, 6 and 7 for alternative1–2; 0 where there is none. */
  appris: number;
  /** Bits of `TranscriptFlag`. */
  flags: number;
}

/** Bits of `TranscriptModel.flags` and of `Transcripts.flags`. */
export const TranscriptFlag = {
  CANONICAL: 1 << 0,
  MANE_SELECT: 1 << 1,
  MANE_PLUS_CLINICAL: 1 << 2,
  /** The 5' end of the coding sequence is not found (`cds_start_NF`, `partial=true;start_range=`, or a first phase ≠ 0). */
  CDS_START_NF: 1 << 3,
  /** The 3' end of the coding sequence is not found (`cds_end_NF`, `end_range=`, or no stop and not a multiple of three). */
  CDS_END_NF: 1 << 4,
  /** Biotype `nonsense_mediated_decay`. */
  NMD: 1 << 5,
  /** Only the gene's extent is known; exon structure is not (starter reference, genes without transcripts). */
  EXTENT_ONLY: 1 << 6,
  /** The model disagrees with its sequence: the bundle's manifest has the count by reason. */
  NO_START_CODON: 1 << 7,
  INNER_STOP: 1 << 8,
  NO_STOP_CODON: 1 << 9,
  NOT_MULTIPLE_OF_THREE: 1 << 10,
  EXONS_OVERLAP: 1 << 11,
  /** Coding bases are read twice or skipped within an exon: `Transcripts.slippages` has the places. */
  SLIPPAGE: 1 << 12,
  /** `Transcripts.selenocysteines` has positions of this transcript. */
  SELENOCYSTEINE: 1 << 13,
  /** `Transcripts.matureMirnas` has products of this transcript. */
  MATURE_MIRNA: 1 << 14,
  /** Trans-spliced or across the origin: where it lies is known, its reading frame is not. Coding changes stay unnamed. */
  NO_FRAME: 1 << 15,
  GENCODE_BASIC: 1 << 16,
  CCDS: 1 << 17,
  /** Which strand it lies on is not told (with EXTENT_ONLY): nothing is upstream or downstream of it. */
  STRAND_UNKNOWN: 1 << 18,
  /** A coding transcript with a line of its own and no exon lines: VEP leaves it out (docs/decisions/010). */
  NO_EXON_LINES: 1 << 19,
} as const;

/** Whether an id ends in its version: `NM_000059.4`, `ENST00000381192.10_PAR_Y`. */
export function carriesVersion(id: string): boolean {
  return /\.\d+(_PAR_Y)?$/.test(id);
}
