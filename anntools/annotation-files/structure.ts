/**
 * The structure of one transcript out of its pieces: exons, coding parts with the stop codon, phase, slippage. Files
 * tell it in different ways (GTF keeps the stop codon out of the CDS, bacteria have no exons); a model comes out the
 * same for all of them.
 */
import type { Span, TranscriptModel } from '../models/gene-models.ts';
import { TranscriptFlag } from '../models/gene-models.ts';
import type { ProblemLog } from '../models/problems.ts';
import type { CodingGroup, GeneRecord, Parts, TranscriptRecord } from './collected.ts';

/**
 * Coding parts of a model without exon lines that lie this close (or overlap) are one exon in which translation
 * slips; no intron is that short.
 */
const SLIP_MAX = 3;

/** A model of the transcript; `parts` may be empty. */
export function buildTranscript(
  contig: string,
  record: TranscriptRecord,
  parts: Parts,
  mature: readonly TranscriptRecord[],
  problems: ProblemLog,
): TranscriptModel {
  const name = `${record.id} (line ${record.line})`;
  const group = codingGroup(parts, name, problems);
  const strand = strandOf(record, parts, name, problems);
  let flags = record.flags | (group?.details.flags ?? 0);
  if (record.biotype === 'nonsense_mediated_decay') flags |= TranscriptFlag.NMD;

  const coding =
    group === undefined || group.details.pseudo ? [] : withStops(spansOf(group.parts, 4), spansOf(parts.stops, 2));
  const { exons, span } = exonsOf(record, parts, group, coding, flags, name, problems);
  if (parts.exons.length === 0 && coding.length > 0 && record.type !== 'CDS') flags |= TranscriptFlag.NO_EXON_LINES;
  if (exons.some(({ start }, i) => i > 0 && start < exons[i - 1].end)) {
    flags |= TranscriptFlag.EXONS_OVERLAP;
    problems.note('EXONS_OVERLAP', name);
  }
  const strands = new Set(group?.parts.filter((_, i) => i % 4 === 3) ?? []);
  if (group?.details.transSpliced || parts.strandsDiffer || strands.size > 1) {
    flags |= TranscriptFlag.NO_FRAME;
    problems.note('TRANS_SPLICED', name);
  }
  const cds = insideExons(coding, exons, name, problems);
  const phase = group && cds ? phaseOf(group, strand) : 0;
  if (phase > 0) flags |= TranscriptFlag.CDS_START_NF;
  const recoded = [...parts.selenocysteines, ...(group?.details.selenocysteines ?? [])];
  return {
    id: record.id,
    version: record.version,
    geneId: '',
    biotype: record.biotype || (cds ? 'protein_coding' : 'non_coding'),
    source: record.source,
    contig,
    strand,
    exons,
    ...(span ? { span } : {}),
    cds,
    phase,
    proteinId: cds ? (group?.proteinId ?? '') : '',
    proteinVersion: cds ? (group?.proteinVersion ?? '') : '',
    maneMate: record.maneMate,
    ccdsId: record.ccdsId || (group?.details.ccdsId ?? ''),
    selenocysteines: cds ? proteinPositions(recoded, cds, strand, phase) : [],
    matureMirna: mature.map(({ start, end }) => ({ start, end })).sort(byStart),
    supportLevel: record.supportLevel,
    appris: record.appris,
    flags,
  };
}

/** No pieces, for a line that stands alone. */
export function emptyParts({ line, strand }: Pick<GeneRecord, 'line' | 'strand'>): Parts {
  return {
    line,
    source: '',
    strand,
    exons: [],
    utrs: [],
    stops: [],
    selenocysteines: [],
    coding: [],
    strandsDiffer: false,
  };
}

/** The coding parts of a transcript as one group; where it carries several proteins, the longest. */
function codingGroup({ coding }: Parts, name: string, problems: ProblemLog): CodingGroup | undefined {
  if (coding.length <= 1) return coding[0];
  const proteins = new Set(coding.map(({ proteinId }) => proteinId).filter((id) => id !== ''));
  if (proteins.size > 1) {
    problems.note('SEVERAL_PROTEINS', name);
    const basesOf = ({ parts }: CodingGroup): number =>
      spansOf(parts, 4).reduce((sum, { start, end }) => sum + end - start, 0);
    return coding.reduce((longest, group) => (basesOf(group) > basesOf(longest) ? group : longest));
  }
  // Some files give every line of one CDS an ID of its own.
  return { ...coding[0], parts: coding.flatMap(({ parts }) => parts) };
}

function strandOf(record: TranscriptRecord, parts: Parts, name: string, problems: ProblemLog): 1 | -1 {
  const strand = record.strand || parts.strand;
  if (strand !== 0) return strand;
  problems.note('UNKNOWN_STRAND', name);
  return 1;
}

/** Every `width` numbers begin with start and end: ascending spans, each once. */
function spansOf(numbers: readonly number[], width: number): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < numbers.length; i += width) spans.push({ start: numbers[i], end: numbers[i + 1] });
  spans.sort(byStart);
  return spans.filter(({ start, end }, i) => i === 0 || start !== spans[i - 1].start || end !== spans[i - 1].end);
}

function byStart(a: Span, b: Span): number {
  return a.start - b.start || a.end - b.end;
}

/** Ensembl's GTF leaves the stop codon out of the CDS (GTF2.2: "the stop codon is not included"); GFF3 has it inside. */
function withStops(coding: Span[], stops: readonly Span[]): Span[] {
  if (coding.length === 0) return coding;
  const outside = stops.filter((stop) => !coding.some(({ start, end }) => start <= stop.start && stop.end <= end));
  const joined: Span[] = coding.map((part) => ({ ...part }));
  for (const stop of outside) {
    const touching = joined.find(({ start, end }) => start <= stop.end && stop.start <= end);
    if (touching) {
      touching.start = Math.min(touching.start, stop.start);
      touching.end = Math.max(touching.end, stop.end);
    } else {
      joined.push({ ...stop });
    }
  }
  return joined.sort(byStart);
}

function exonsOf(
  record: TranscriptRecord,
  parts: Parts,
  group: CodingGroup | undefined,
  coding: readonly Span[],
  flags: number,
  name: string,
  problems: ProblemLog,
): { exons: Span[]; span?: Span } {
  if (parts.exons.length > 0) return { exons: spansOf(parts.exons, 2) };
  const { start, end } = record;
  // A gene's bare extent is counted as such by the caller; a CDS that stands for its gene is no omission.
  const expected = (flags & TranscriptFlag.EXTENT_ONLY) !== 0 || record.type === 'CDS';
  if (!expected) problems.note('NO_EXON_LINES', name);
  const known = [
    ...(coding.length > 0 || group === undefined ? coding : spansOf(group.parts, 4)),
    ...spansOf(parts.utrs, 2),
  ];
  if (known.length === 0) return { exons: [{ start, end }] };
  const exons = joinClose(known.sort(byStart));
  const first = exons[0];
  const last = exons[exons.length - 1];
  if (first.start <= start && last.end >= end) return { exons };
  // One unspliced coding part: the rest of the transcript is untranslated. Several: nobody knows where exons lie.
  if (exons.length === 1) return { exons: [{ start: Math.min(start, first.start), end: Math.max(end, last.end) }] };
  return { exons, span: { start: Math.min(start, first.start), end: Math.max(end, last.end) } };
}

function joinClose(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const { start, end } of spans) {
    const last = joined[joined.length - 1];
    if (last && start <= last.end + SLIP_MAX) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}

/** The coding parts cut to the exons; null when nothing is left. */
function insideExons(
  coding: readonly Span[],
  exons: readonly Span[],
  name: string,
  problems: ProblemLog,
): Span[] | null {
  const inside: Span[] = [];
  let cut = false;
  for (const part of coding) {
    const found = exons
      .map(({ start, end }) => ({ start: Math.max(start, part.start), end: Math.min(end, part.end) }))
      .filter(({ start, end }) => start < end);
    const bases = found.reduce((sum, { start, end }) => sum + end - start, 0);
    if (bases !== part.end - part.start) cut = true;
    inside.push(...found);
  }
  if (cut) problems.note('CDS_OUTSIDE_EXONS', name);
  return inside.length === 0 ? null : inside;
}

/** The phase of the coding part that is translated first. */
function phaseOf({ parts }: CodingGroup, strand: 1 | -1): 0 | 1 | 2 {
  let first = 0;
  for (let i = 4; i < parts.length; i += 4) {
    if (strand === 1 ? parts[i] < parts[first] : parts[i + 1] > parts[first + 1]) first = i;
  }
  const phase = parts[first + 2];
  return phase === 1 || phase === 2 ? phase : 0;
}

/** One-based protein positions of the codons whose lowest base on the forward strand is given. */
function proteinPositions(lowest: readonly number[], cds: readonly Span[], strand: 1 | -1, phase: number): number[] {
  const positions = new Set<number>();
  for (const low of lowest) {
    // The codon's first base as it is read; a codon split by an intron is found by the base that begins it.
    let offset = 0;
    for (const { start, end } of strand === 1 ? cds : cds.toReversed()) {
      if (low >= start && low < end) {
        const within = strand === 1 ? low - start : end - 1 - low;
        positions.add(Math.floor((offset + within - phase) / 3) + 1);
        break;
      }
      offset += end - start;
    }
  }
  return [...positions].sort((a, b) => a - b);
}
