/** What is told of an annotated file: for programs and the page as JSON, for people as the log (`log.ts`). */
import type { Reference } from '../bundle/reference.ts';
import { stringAt } from '../bundle/string-pool.ts';
import { TERMS } from '../consequence/terms.ts';
import type { AssemblyVerdict } from '../genome/assembly.ts';
import { CHROMOSOMES, chromosomeOf } from '../genome/chromosome.ts';
import { AlleleClass, alleleClasses } from '../vcf/alleles.ts';
import type { Track } from '../tracks/track.ts';
import { type Example, FREQUENCY_BINS, INDEL_MAX, type TallyCounts, impactCounts } from './tally.ts';

export type WarningCode =
  | 'ASSEMBLY_MISMATCH'
  | 'ASSEMBLY_UNKNOWN'
  | 'FOREIGN_CONTIG'
  | 'UNKNOWN_CONTIGS'
  | 'NO_REFERENCE'
  | 'NO_SEQUENCE'
  | 'NO_MANE'
  | 'NO_EXON_LINES'
  | 'REF_MISMATCH'
  | 'BEYOND_END'
  | 'BAD_LINES'
  | 'UNSORTED'
  | 'LONG_CONTIG'
  | 'NO_RECORDS'
  | 'MAY_BE_CUT'
  | 'NO_FILEFORMAT'
  | 'SAMPLE_NAMES'
  | 'BYTE_ORDER_MARK'
  | 'REPLACED_FIELDS'
  | 'KNOWN_MISMATCH'
  | 'TRACK_LINES'
  | 'GENES_LEFT_OUT'
  | 'NO_GENOTYPES'
  | 'UNPHASED';

export interface Warning {
  code: WarningCode;
  message: string;
  /** How many lines or records it is about. */
  count?: number;
  /** Lines are those of the file. */
  examples?: Example[];
}

/** Counts of equally wide bins: bin i goes from `from + i * width` up to the next; the outermost take what lies beyond. */
export interface Histogram {
  from: number;
  width: number;
  counts: number[];
}

/** Where the variants of one contig lie. */
export interface ContigDensity {
  name: string;
  /** Bases; absent when neither the header nor the reference says it. */
  length?: number;
  count: number;
  /** Records in equal stretches from the first base to the last. */
  bins: number[];
}

export interface KnownSummary {
  name: string;
  version: string;
  /** ALTs found in it. */
  alleles: number;
}

export interface TrackSummary {
  name: string;
  /** The file, without its folder. */
  source: string;
  intervals: number;
  /** Lines of the file that could not be read. */
  bad_lines: number;
  /** Records that overlap it. */
  records: number;
}

export interface GeneTableSummary {
  name: string;
  /** The file, without its folder. */
  source: string;
  /** The columns it fills. */
  columns: string[];
  /** Genes of the table; those the reference does not have, with a few of them. */
  genes: number;
  unmatched: number;
  unmatched_examples: string[];
}

export interface AnnotateSummary {
  /** Version of the engine. */
  anntools: string;
  input: string;
  input_bytes: number;
  input_sha256: string;
  output_sha256: string;
  vcf_version: string;
  samples: number;
  assembly: AssemblyVerdict;
  /** Name, assembly and sources of the reference; name is empty when none was used. */
  reference: string;
  reference_assembly: string;
  sources: { name: string; version: string }[];
  options: { transcripts: string; distance: number; manner: string };
  /** Lines after the header, those among them that are records, and those that are not. */
  lines: number;
  records: number;
  bad_lines: number;
  /** ALTs that are variants. */
  variants: number;
  multi_allelic: number;
  /** Records with FILTER PASS or `.`. */
  passing: number;
  /** Records by most severe term, and records that have the term at all. */
  terms: Record<string, number>;
  all_terms: Record<string, number>;
  impacts: Record<string, number>;
  /** ALTs by class. */
  classes: Record<string, number>;
  transitions: number;
  transversions: number;
  indel_lengths?: Histogram;
  qualities?: Histogram;
  frequencies?: Histogram;
  contigs: ContigDensity[];
  /** The genes with most records, by most severe term. */
  genes: { symbol: string; id: string; records: number }[];
  known: KnownSummary[];
  /** Absent when there were none. */
  tracks?: TrackSummary[];
  gene_tables?: GeneTableSummary[];
  /** Records whose REF was compared with the sequence, and those that disagreed. */
  ref_compared: number;
  ref_disagreeing: number;
  warnings: Warning[];
  /** ISO 8601. */
  started: string;
  seconds: number;
}

/** Genes listed. */
const GENES_MAX = 25;
/** Columns of the QUAL histogram. */
const QUALITY_COLUMNS = 40;

/** The counts as a summary tells them. */
export function summarised(
  counts: TallyCounts,
  reference: Reference | null,
): Omit<
  AnnotateSummary,
  | 'anntools'
  | 'input'
  | 'input_bytes'
  | 'input_sha256'
  | 'output_sha256'
  | 'vcf_version'
  | 'samples'
  | 'assembly'
  | 'reference'
  | 'reference_assembly'
  | 'sources'
  | 'options'
  | 'known'
  | 'warnings'
  | 'started'
  | 'seconds'
> {
  const indels = counts.indelLengths.some((count) => count > 0);
  const frequencies = counts.frequencies.some((count) => count > 0);
  const qualities = qualityHistogram(counts.qualities);
  return {
    lines: counts.lines,
    records: counts.records,
    bad_lines: counts.badLines,
    variants: counts.variants,
    multi_allelic: counts.multiAllelic,
    passing: counts.passing,
    terms: byTerm(counts.worstTerms),
    all_terms: byTerm(counts.anyTerms),
    impacts: impactCounts(counts.worstTerms),
    classes: byClass(counts.classes),
    transitions: counts.transitions,
    transversions: counts.transversions,
    ...(indels ? { indel_lengths: { from: -INDEL_MAX, width: 1, counts: counts.indelLengths } } : {}),
    ...(qualities ? { qualities } : {}),
    ...(frequencies ? { frequencies: { from: 0, width: 1 / FREQUENCY_BINS, counts: counts.frequencies } } : {}),
    contigs: densities(counts),
    genes: reference ? topGenes(counts, reference) : [],
    ref_compared: counts.refCompared,
    ref_disagreeing: counts.refDisagreeing,
  };
}

/** What is told of the tracks. */
export function trackSummaries(tracks: readonly Track[], { trackRecords }: TallyCounts): TrackSummary[] {
  return tracks.map(({ name, source, intervals, badLines }, i) => ({
    name,
    source,
    intervals,
    bad_lines: badLines,
    records: trackRecords[i],
  }));
}

function byTerm(counts: readonly number[]): Record<string, number> {
  return Object.fromEntries(TERMS.filter(({ rank }) => counts[rank] > 0).map(({ name, rank }) => [name, counts[rank]]));
}

function byClass(counts: readonly number[]): Record<string, number> {
  const named = alleleClasses.map((name, i) => [name, counts[i]] as const);
  return Object.fromEntries(named.slice(0, AlleleClass.INVALID).filter(([, count]) => count > 0));
}

/** QUAL up to the 99th percentile in steps that are easy to read; what lies beyond is in the last one. */
function qualityHistogram(qualities: readonly number[]): Histogram | null {
  const total = qualities.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let percentile = 0;
  for (let seen = 0; percentile < qualities.length; percentile++) {
    seen += qualities[percentile];
    if (seen >= 0.99 * total) break;
  }
  const width = [1, 2, 5, 10, 20, 25, 50, 100].find((step) => step * QUALITY_COLUMNS > percentile) ?? 200;
  const columns = Math.min(QUALITY_COLUMNS, Math.floor(percentile / width) + 1);
  const counts = Array.from({ length: columns }, () => 0);
  qualities.forEach((count, quality) => (counts[Math.min(columns - 1, Math.floor(quality / width))] += count));
  return { from: 0, width, counts };
}

/** Contigs in karyotype order, then the others by name. */
function densities({ contigs }: TallyCounts): ContigDensity[] {
  const order = (name: string): number => {
    const at = CHROMOSOMES.indexOf(chromosomeOf(name) ?? '');
    return at < 0 ? CHROMOSOMES.length : at;
  };
  return [...contigs]
    .filter(([, { records }]) => records > 0)
    .sort(([a], [b]) => order(a) - order(b) || (a < b ? -1 : 1))
    .map(([name, { length, records, stretches }]) => ({
      name,
      ...(length > 0 ? { length } : {}),
      count: records,
      bins: stretches,
    }));
}

function topGenes({ genes }: TallyCounts, reference: Reference): AnnotateSummary['genes'] {
  return [...genes]
    .map(([gene, records]) => {
      const id = stringAt(reference.genes.ids, gene);
      return { symbol: stringAt(reference.genes.symbols, gene) || id, id, records };
    })
    .sort((a, b) => b.records - a.records || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, GENES_MAX);
}
