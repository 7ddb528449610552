/**
 * The summary the annotator wrote beside the result, as far as the page draws it. It is a file, possibly of another
 * version: whatever is not as expected is left out, never guessed.
 */

/** Counts of equally wide bins: bin i goes from `from + i * width` up to the next. */
export interface Histogram {
  from: number;
  width: number;
  counts: number[];
}

/** Where the variants of one contig lie. */
export interface ContigDensity {
  name: string;
  /** Length in bases; absent when neither the header nor the reference says it. */
  length?: number;
  count: number;
  /** Variants in equal stretches from the first base to the last. */
  bins: number[];
}

export interface SummaryFile {
  transitions?: number;
  transversions?: number;
  /** Alternative allele frequency, 0 to 1. */
  frequencies?: Histogram;
  /** QUAL, Phred scale. */
  qualities?: Histogram;
  contigs?: ContigDensity[];
}

/** @returns null when there is none, or it is no object */
export function readSummaryFile(value: unknown): SummaryFile | null {
  return isObject(value) ? {} : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
