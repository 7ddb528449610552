/**
 * A transcript as haplotypes need it: its coding segments cut to whole codons, its untranslated parts, the bases around
 * and the coding sequence in the direction of translation. Made when the first variant touches the transcript, kept
 * while the sweep is near. Spans here are zero-based first and last bases, both included, as in bcftools.
 */
import type { Reference } from '../bundle/reference.ts';
import { stringAt } from '../bundle/string-pool.ts';
import { type CodonTable, codonTable, complement, translate } from '../genome/codons.ts';
import { TranscriptView, hasFlag } from '../consequence/transcript.ts';
import type { Checks } from './change.ts';

export interface Span {
  first: number;
  last: number;
}

/** A coding segment: one exon's part of the coding sequence. */
export interface Segment extends Span {
  /** Coding bases in segments before it on the genome. */
  offset: number;
}

export interface Untranslated extends Span {
  isFivePrime: boolean;
}

/** Bases kept beyond both ends of the coding sequence, to finish codons that reach over them. */
export const PADDING = 12;
const METHIONINE = 77;

/** Coding although no coding sequence is given (`gff.c`: biotypes of coding transcripts). */
const CODING_BIOTYPE =
  /^(protein_coding|polymorphic_pseudogene|nonsense_mediated_decay|non_stop_decay|mRNA|(IG|TR)_[A-Z]+_gene)$/;

export class GeneModel {
  readonly forward: boolean;
  /** The transcript's extent. */
  readonly first: number;
  readonly last: number;
  readonly exons: readonly Span[];
  readonly segments: readonly Segment[];
  readonly untranslated: readonly Untranslated[];
  readonly isCoding: boolean;
  /** Whether the coding sequence begins, and ends, with a whole codon of its own. */
  readonly beginsWhole: boolean;
  readonly endsWhole: boolean;
  /** Whether the first codon is a start, as far as bases are known. */
  readonly hasStart: boolean;
  readonly hasSequence: boolean;
  readonly table: CodonTable;
  /** Length of the coding sequence. */
  readonly length: number;
  /** The coding sequence in the direction of translation, with `PADDING` bases of the genome at both ends. */
  readonly coding: Uint8Array;
  readonly gene: number;
  readonly biotype: number;
  /** What is looked for at the ends of each segment; filled in as it is asked for. */
  readonly checks: Checks[] = [];

  constructor(
    private readonly reference: Reference,
    readonly transcript: number,
  ) {
    const { transcripts, contigs, sequence } = reference;
    const view = new TranscriptView(transcripts);
    view.load(transcript);
    const contig = transcripts.contig[transcript];
    this.forward = view.forward;
    this.first = view.start;
    this.last = view.end - 1;
    this.gene = transcripts.gene[transcript];
    this.biotype = transcripts.biotype[transcript];
    this.table = codonTable(contigs.codonTables[contig]);
    this.hasSequence = sequence.has(contig) && !hasFlag(view.flags, 'NO_FRAME');
    const isKnown = !hasFlag(view.flags, 'EXTENT_ONLY');
    this.exons = isKnown ? exonsOf(view) : [];
    const whole = isKnown && view.isCoding ? codingParts(this.exons, view) : [];
    this.isCoding = whole.length > 0 || CODING_BIOTYPE.test(stringAt(transcripts.words, this.biotype));
    const head = whole.length > 0 ? transcripts.phase[transcript] : 0;
    const tail = (whole.reduce((sum, { first, last }) => sum + last - first + 1, 0) - head) % 3;
    this.beginsWhole = head === 0;
    this.endsWhole = tail === 0;
    this.segments = this.forward ? cut(whole, head, tail) : cut(whole, tail, head);
    this.length = this.segments.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    this.untranslated = this.segments.length > 0 ? untranslatedParts(this.exons, view) : [];
    this.coding = this.hasSequence ? this.codingBases() : new Uint8Array(0);
    this.hasStart = this.length >= 3 && this.hasSequence && translate(this.table, this.coding, PADDING) === METHIONINE;
  }

  /** Bases [from, from + count) of the genome, N beyond its ends. */
  bases(from: number, count: number): Uint8Array {
    const out = new Uint8Array(Math.max(0, count));
    const contig = this.reference.transcripts.contig[this.transcript];
    this.reference.sequence.read(contig, from, from + out.length, out, 0);
    return out;
  }

  private codingBases(): Uint8Array {
    const { segments } = this;
    if (segments.length === 0) return new Uint8Array(0);
    const parts = segments.map(({ first, last }) => this.bases(first, last - first + 1));
    const before = this.bases(segments[0].first - PADDING, PADDING);
    const after = this.bases(segments[segments.length - 1].last + 1, PADDING);
    return inDirection(Buffer.concat([before, ...parts, after]), this.forward);
  }
}

/** Bases of the genome in the direction of translation. */
export function inDirection(bases: Uint8Array, forward: boolean): Uint8Array {
  if (forward) return bases;
  const turned = new Uint8Array(bases.length);
  for (let i = 0, last = bases.length - 1; i <= last; i++) turned[i] = complement(bases[last - i]);
  return turned;
}

function exonsOf({ exonFirst, exonLast, exonStart, exonEnd }: TranscriptView): Span[] {
  const exons: Span[] = [];
  for (let i = exonFirst; i < exonLast; i++) exons.push({ first: exonStart[i], last: exonEnd[i] - 1 });
  return exons;
}

function codingParts(exons: readonly Span[], { cdsStart, cdsEnd }: TranscriptView): Span[] {
  return exons
    .map(({ first, last }) => ({ first: Math.max(first, cdsStart), last: Math.min(last, cdsEnd - 1) }))
    .filter(({ first, last }) => first <= last);
}

function untranslatedParts(exons: readonly Span[], { cdsStart, cdsEnd, forward }: TranscriptView): Untranslated[] {
  const before = exons.map(({ first, last }) => ({ first, last: Math.min(last, cdsStart - 1), isFivePrime: forward }));
  const after = exons.map(({ first, last }) => ({ first: Math.max(first, cdsEnd), last, isFivePrime: !forward }));
  return [...before, ...after].filter(({ first, last }) => first <= last);
}

/** The segments without so many bases at their left and right end. */
function cut(parts: readonly Span[], left: number, right: number): Segment[] {
  const kept = parts.map((part) => ({ ...part }));
  while (left > 0 && kept.length > 0) {
    const taken = Math.min(left, kept[0].last - kept[0].first + 1);
    kept[0].first += taken;
    left -= taken;
    if (kept[0].first > kept[0].last) kept.shift();
  }
  while (right > 0 && kept.length > 0) {
    const end = kept[kept.length - 1];
    const taken = Math.min(right, end.last - end.first + 1);
    end.last -= taken;
    right -= taken;
    if (end.first > end.last) kept.pop();
  }
  let offset = 0;
  return kept.map(({ first, last }) => {
    const segment = { first, last, offset };
    offset += last - first + 1;
    return segment;
  });
}
