/**
 * Gene models as they come out of a GFF3, a GTF or the starter data, before they are laid out as a bundle.
 * Coordinates are zero-based, half-open, on the forward strand of the contig; exons and CDS parts ascend.
 */

/** A half-open interval of zero-based offsets on the forward strand. */
export interface Span {
  start: number;
  end: number;
}

export interface GeneModel {
  id: string;
  /** Version without the dot, e.g. `5`; empty when the source has none. */
  version: string;
  /** The name people use, e.g. `BRCA2`; empty when the source has none. */
  symbol: string;
  symbolSource: string;
  hgncId: string;
  biotype: string;
  contig: string;
  span: Span;
  strand: 1 | -1;
}

export interface TranscriptModel {
  id: string;
  version: string;
  geneId: string;
  biotype: string;
  source: string;
  contig: string;
  strand: 1 | -1;
  /** Ascending; at least one. */
  exons: Span[];
  /** Ascending coding parts; null for a non-coding transcript. A programmed slippage shows as overlap or gap here. */
  cds: Span[] | null;
  /** Bases of the first coding part (in transcript order) to skip before the first whole codon: 0, 1 or 2. */
  phase: 0 | 1 | 2;
  proteinId: string;
  proteinVersion: string;
  /** Protein positions (one-based) that are selenocysteine though the codon is TGA, where the model says so. */
  selenocysteines: number[];
  /** Mature miRNA products inside the transcript, forward-strand spans. */
  matureMirna: Span[];
  flags: number;
}

/** Bits of `TranscriptModel.flags` and of `Transcripts.flags`. */
export const TranscriptFlag = {
  CANONICAL: 1 << 0,
  MANE_SELECT: 1 << 1,
  MANE_PLUS_CLINICAL: 1 << 2,
  /** The 5' end of the coding sequence is not found (GENCODE `cds_start_NF`, or a first phase ≠ 0). */
  CDS_START_NF: 1 << 3,
  /** The 3' end of the coding sequence is not found (`cds_end_NF`, or a length not a multiple of three). */
  CDS_END_NF: 1 << 4,
  /** Biotype `nonsense_mediated_decay`. */
  NMD: 1 << 5,
  /** Only the gene's extent is known; exon structure is not (starter reference). */
  EXTENT_ONLY: 1 << 6,
  /** The model disagrees with its sequence: see the bundle's manifest for the count by reason. */
  NO_START_CODON: 1 << 7,
  INNER_STOP: 1 << 8,
  NO_STOP_CODON: 1 << 9,
  NOT_MULTIPLE_OF_THREE: 1 << 10,
  EXONS_OVERLAP: 1 << 11,
} as const;
