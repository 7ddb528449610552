/**
 * What is counted while a file is annotated. Each worker counts what it sees; sums do not depend on who saw what, so
 * the totals are the same for any number of threads. All of it is small whatever the size of the file.
 */
import { IMPACTS, TERMS } from '../consequence/terms.ts';
import { AlleleClass, type AltAlleles, alleleClasses } from '../vcf/alleles.ts';

/** Indel lengths beyond this many bases share the outermost bins. */
export const INDEL_MAX = 50;
/** QUAL is counted by whole numbers up to this. */
export const QUALITY_MAX = 4096;
export const FREQUENCY_BINS = 50;
/** Stretches a contig of known length is drawn in. */
const STRETCH_BASES = 2_000_000;
const STRETCHES_MIN = 24;
const LENGTH_MAX = 0x7fffffff;
/** Contigs told apart; a file with more has them under one name. */
const CONTIGS_MAX = 5000;
export const OTHER_CONTIGS = '(other contigs)';

/** A line worth telling of. */
export interface Example {
  /** One-based; in a batch while it is annotated, in the file when it is told. */
  line: number;
  field?: string;
  text: string;
}

export type ExampleKind = 'badLine' | 'refDisagreeing' | 'beyondEnd' | 'unsorted' | 'known';

/** How many examples of a kind are kept. */
export const EXAMPLES_MAX = 10;

/** Counts of one contig, by its name in the file. */
export interface ContigTally {
  /** 0 when nobody says it. */
  length: number;
  records: number;
  /** Records by stretch, from the first base to the last. */
  stretches: number[];
  /** Whether the reference has it. */
  known: boolean;
}

/** The counts as plain data, as they travel between threads. */
export interface TallyCounts {
  lines: number;
  records: number;
  /** ALTs that are variants: not `.`, `*` or `<NON_REF>`. */
  variants: number;
  multiAllelic: number;
  badLines: number;
  /** Records whose FILTER is PASS or missing. */
  passing: number;
  /** Records by the rank of their most severe term, index 0 for none; records that have the term at all. */
  worstTerms: number[];
  anyTerms: number[];
  classes: number[];
  transitions: number;
  transversions: number;
  /** Indels by length, −INDEL_MAX … INDEL_MAX. */
  indelLengths: number[];
  qualities: number[];
  frequencies: number[];
  /** Records whose most severe term lies in the gene, by index into the reference's genes. */
  genes: Map<number, number>;
  /** ALTs found in each source of known variants, in their order. */
  knownAlleles: number[];
  /** Records that overlap each track, in their order. */
  trackRecords: number[];
  banded: number;
  /** Records with a REF that was compared with the sequence, and that disagreed. */
  refCompared: number;
  refDisagreeing: number;
  beyondEnd: number;
  contigs: Map<string, ContigTally>;
}

export function emptyCounts(sources: number, tracks = 0): TallyCounts {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  return {
    lines: 0,
    records: 0,
    variants: 0,
    multiAllelic: 0,
    badLines: 0,
    passing: 0,
    worstTerms: zeros(TERMS.length + 1),
    anyTerms: zeros(TERMS.length + 1),
    classes: zeros(alleleClasses.length),
    transitions: 0,
    transversions: 0,
    indelLengths: zeros(2 * INDEL_MAX + 1),
    qualities: zeros(QUALITY_MAX + 1),
    frequencies: zeros(FREQUENCY_BINS),
    genes: new Map(),
    knownAlleles: zeros(sources),
    trackRecords: zeros(tracks),
    banded: 0,
    refCompared: 0,
    refDisagreeing: 0,
    beyondEnd: 0,
    contigs: new Map(),
  };
}

/** Adds `more` to `sum`, field by field. */
export function addCounts(sum: TallyCounts, more: TallyCounts): void {
  for (const [key, value] of Object.entries(more) as [keyof TallyCounts, unknown][]) {
    if (typeof value === 'number') (sum[key] as number) += value;
    else if (Array.isArray(value)) addAll(sum[key] as number[], value as number[]);
  }
  for (const [gene, count] of more.genes) sum.genes.set(gene, (sum.genes.get(gene) ?? 0) + count);
  for (const [name, contig] of more.contigs) {
    const own = sum.contigs.get(name);
    if (own === undefined) sum.contigs.set(name, contig);
    else {
      own.records += contig.records;
      addAll(own.stretches, contig.stretches);
    }
  }
}

function addAll(sum: number[], more: readonly number[]): void {
  for (let i = 0; i < more.length; i++) sum[i] = (sum[i] ?? 0) + more[i];
}

/** Adds to each of `sum` what stands in `more` from `from` on. */
export function addEach(sum: number[], more: Int32Array, from: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += more[from + i];
}

/** The tally of a contig, made when it is first met. */
export function contigTally(counts: TallyCounts, name: string, length: number, known: boolean): ContigTally {
  const key = counts.contigs.has(name) || counts.contigs.size < CONTIGS_MAX ? name : OTHER_CONTIGS;
  let contig = counts.contigs.get(key);
  if (contig === undefined) {
    // A header may claim any length; no position lies beyond this.
    length = Math.min(length, LENGTH_MAX);
    const stretches = length > 0 ? Math.max(STRETCHES_MIN, Math.ceil(length / STRETCH_BASES)) : 0;
    contig = { length, records: 0, stretches: Array.from({ length: stretches }, () => 0), known };
    counts.contigs.set(key, contig);
  }
  return contig;
}

/** Counts a record at a zero-based offset of its contig. */
export function countPlace(contig: ContigTally, offset: number): void {
  const { length, stretches } = contig;
  contig.records++;
  const stretch =
    length > 0
      ? Math.min(stretches.length - 1, Math.floor((offset / length) * stretches.length))
      : Math.floor(offset / STRETCH_BASES);
  while (stretches.length <= stretch) stretches.push(0);
  stretches[stretch]++;
}

/** Counts the ALTs of a record by class, length and kind of substitution. */
export function countAlleles(counts: TallyCounts, alleles: AltAlleles): void {
  const { count, classes, bytes } = alleles;
  let variants = 0;
  for (let i = 0; i < count; i++) {
    const what = classes[i];
    counts.classes[what]++;
    if (what >= AlleleClass.OVERLAPPED) continue;
    variants++;
    if (what === AlleleClass.SNV) {
      const ref = CODES[bytes[alleles.refStarts[i]]];
      const alt = CODES[bytes[alleles.altStarts[i]]];
      // A↔G and C↔T are transitions: their codes differ by the second bit alone.
      if ((ref ^ alt) === 2) counts.transitions++;
      else if (ref < 4 && alt < 4) counts.transversions++;
    } else if (what >= AlleleClass.INSERTION && what <= AlleleClass.DELINS) {
      const change = alleles.altEnds[i] - alleles.altStarts[i] - (alleles.refEnds[i] - alleles.refStarts[i]);
      if (change !== 0) counts.indelLengths[Math.max(-INDEL_MAX, Math.min(INDEL_MAX, change)) + INDEL_MAX]++;
    }
  }
  counts.variants += variants;
  if (count > 1) counts.multiAllelic++;
}

/** A, C, G, T in either case → 0 to 3; 4 for anything else. */
const CODES = new Uint8Array(256).fill(4);
for (const [code, letters] of ['Aa', 'Cc', 'Gg', 'Tt'].entries()) {
  for (const letter of letters) CODES[letter.charCodeAt(0)] = code;
}

/** Counts a record's terms: the rank of the worst, and all as two words of bits (`consequence/terms.ts`). */
export function countTerms(counts: TallyCounts, worstRank: number, low: number, high: number): void {
  counts.worstTerms[worstRank]++;
  for (let bits = low; bits !== 0; bits &= bits - 1) counts.anyTerms[32 - Math.clz32(bits & -bits)]++;
  for (let bits = high; bits !== 0; bits &= bits - 1) counts.anyTerms[63 - Math.clz32(bits & -bits)]++;
}

/** Records by impact, out of records by worst term. */
export function impactCounts(worstTerms: readonly number[]): Record<string, number> {
  const impacts: Record<string, number> = Object.fromEntries(IMPACTS.map((impact) => [impact, 0]));
  for (const { rank, impact } of TERMS) impacts[impact] += worstTerms[rank];
  return impacts;
}
