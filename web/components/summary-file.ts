/**
 * The summary the annotator wrote beside the result, as far as the page draws it. It is a file, possibly of another
 * version: whatever is not as expected is left out, never guessed.
 */

/** Counts of equally wide bins: bin i goes from `from + i * width` up to the next; the outermost take what lies beyond. */
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

/** A line of the input that a warning is about. */
export interface Example {
  line: number;
  text: string;
}

export interface SummaryFile {
  /** Records that pass all filters, and records with several ALTs. */
  passing?: number;
  multiAllelic?: number;
  samples?: number;
  vcfVersion?: string;
  transitions?: number;
  transversions?: number;
  /** Alternative allele frequency, 0 to 1. */
  frequencies?: Histogram;
  /** QUAL, Phred scale. */
  qualities?: Histogram;
  /** Bases gained (positive) or lost. */
  indelLengths?: Histogram;
  contigs: ContigDensity[];
  /** The genes with most records. */
  genes: { symbol: string; records: number }[];
  /** Alleles found in each source of known variants. */
  known: { name: string; version: string; alleles: number }[];
  /** The regions that were looked at, and the records that overlap them. */
  tracks: { name: string; source: string; regions: number; records: number }[];
  /** Tables of genes, and how many of their genes the reference has. */
  geneTables: { name: string; source: string; genes: number }[];
  /** What the reference was made from. */
  sources: { name: string; version: string }[];
  /** Examples of a warning, by its code. */
  examples: Map<string, Example[]>;
}

/** Reads `<input>.summary.json`. Answers null when there is none. */
export function readSummaryFile(value: unknown): SummaryFile | null {
  if (!isObject(value)) return null;
  return {
    ...numbers({
      passing: value['passing'],
      multiAllelic: value['multi_allelic'],
      samples: value['samples'],
      transitions: value['transitions'],
      transversions: value['transversions'],
    }),
    ...(typeof value['vcf_version'] === 'string' ? { vcfVersion: value['vcf_version'] } : {}),
    ...histogram('frequencies', value['frequencies']),
    ...histogram('qualities', value['qualities']),
    ...histogram('indelLengths', value['indel_lengths']),
    contigs: list(value['contigs'], readContig),
    genes: list(value['genes'], ({ symbol, records }) =>
      typeof symbol === 'string' && isCount(records) ? { symbol, records } : null,
    ),
    known: list(value['known'], ({ name, version, alleles }) =>
      typeof name === 'string' && isCount(alleles) ? { name, version: textOf(version), alleles } : null,
    ),
    tracks: list(value['tracks'], ({ name, source, intervals, records }) =>
      typeof name === 'string' && isCount(intervals) && isCount(records)
        ? { name, source: textOf(source), regions: intervals, records }
        : null,
    ),
    geneTables: list(value['gene_tables'], ({ name, source, genes }) =>
      typeof name === 'string' && isCount(genes) ? { name, source: textOf(source), genes } : null,
    ),
    sources: list(value['sources'], ({ name, version }) =>
      typeof name === 'string' ? { name, version: textOf(version) } : null,
    ),
    examples: new Map(
      list(value['warnings'], ({ code, examples }) =>
        typeof code === 'string' ? ([code, list(examples, readExample)] as const) : null,
      ),
    ),
  };
}

function readContig({ name, length, count, bins }: Fields): ContigDensity | null {
  if (typeof name !== 'string' || !isCount(count) || !areCounts(bins) || bins.length === 0) return null;
  return { name, ...(isCount(length) && length > 0 ? { length } : {}), count, bins };
}

function readExample({ line, text }: Fields): Example | null {
  return isCount(line) && typeof text === 'string' ? { line, text } : null;
}

function histogram<K extends string>(key: K, value: unknown): { [P in K]?: Histogram } {
  if (!isObject(value)) return {};
  const { from, width, counts } = value;
  if (!Number.isFinite(from) || !isFinitePositive(width) || !areCounts(counts) || counts.length === 0) return {};
  return { [key]: { from, width, counts } } as { [P in K]?: Histogram };
}

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The items that are as expected. */
function list<T>(value: unknown, read: (item: Fields) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isObject)
    .map(read)
    .filter((item) => item !== null);
}

/** Those fields that are counts. */
function numbers<K extends string>(fields: Record<K, unknown>): { [P in K]?: number } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isCount(value))) as { [P in K]?: number };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFinitePositive(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) > 0;
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
