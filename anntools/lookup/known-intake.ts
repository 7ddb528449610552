/**
 * Takes records into a source of known variants, allele by allele: trimmed, moved to the left where the sequence is
 * known, compared with it, with the values of each. Nothing is left out silently: what cannot be taken is counted, with
 * examples.
 */
import type { Reference } from '../bundle/reference.ts';
import { AlleleClass, AltAlleles } from '../vcf/alleles.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { chromosomeOf } from '../genome/chromosome.ts';
import type { FieldValues } from './field-values.ts';
import type { KnownWriter } from './known-writer.ts';
import { LeftMost } from './left-most.ts';

export type IntakeProblem = 'badLine' | 'badValue' | 'symbolic' | 'sameAsRef' | 'refMismatch';

/** What each problem is, for people; behind the count. */
export const intakeProblemTexts: Record<IntakeProblem, string> = {
  badLine: 'lines could not be read and are left out',
  badValue: "values are not of their field's type or number and are missing",
  symbolic: 'alleles are symbolic or no alleles of their own (<DEL>, *, breakends) and are left out',
  sameAsRef: 'alleles change nothing and are left out',
  refMismatch: 'records have a REF that is not what the reference has there; they are kept as they are written',
};

export interface CountedProblem {
  problem: IntakeProblem;
  count: number;
  examples: string[];
}

const EXAMPLES_MAX = 5;

export class KnownIntake {
  records = 0;
  alleleCount = 0;
  refCompared = 0;
  readonly #problems = new Map<IntakeProblem, CountedProblem>();
  readonly #alleles = new AltAlleles();
  readonly #leftMost: LeftMost | null;
  readonly #codes: Uint32Array;
  readonly #contigs = new Map<string, { id: number; inReference: number }>();
  readonly #spellings = new Map<string, string>();
  #line = 0;
  /** What stands before a line's number in examples. */
  #file = '';

  constructor(
    private readonly writer: KnownWriter,
    private readonly values: FieldValues,
    private readonly reference: Reference | null,
    fields: number,
  ) {
    this.#leftMost = reference && new LeftMost(reference.sequence);
    this.#codes = new Uint32Array(fields);
  }

  get problems(): CountedProblem[] {
    return [...this.#problems.values()];
  }

  countOf(problem: IntakeProblem): number {
    return this.#problems.get(problem)?.count ?? 0;
  }

  /** Counts a problem at the line given last. */
  problem(problem: IntakeProblem, text: string): void {
    let counted = this.#problems.get(problem);
    if (counted === undefined) this.#problems.set(problem, (counted = { problem, count: 0, examples: [] }));
    counted.count++;
    if (counted.examples.length < EXAMPLES_MAX) counted.examples.push(`${this.#file}line ${this.#line}: ${text}`);
  }

  /** The line that problems are about. */
  at(line: number): void {
    this.#line = line;
  }

  /** The file, one of several, that the lines are of. */
  enter(file: string): void {
    this.#file = `${file} `;
  }

  /** Takes a record whose values have been found. */
  take(record: VcfRecord): void {
    const alleles = this.#alleles;
    alleles.parse(record);
    if (!alleles.refValid) {
      this.problem('badLine', `has REF '${record.text(3).slice(0, 40)}', which is not bases`);
      return;
    }
    this.records++;
    const contig = this.#contig(record);
    const moved = this.#compare(record, contig.inReference)
      ? this.#leftMost?.of(contig.inReference, alleles)
      : undefined;
    for (let i = 0; i < alleles.count; i++) {
      if (alleles.classes[i] > AlleleClass.DELINS) this.#leftOut(record, alleles.classes[i]);
      else {
        const from = moved !== undefined && moved.offsets[i] !== alleles.offsets[i] ? moved : alleles;
        this.values.read(i, alleles.count, this.#codes);
        this.#add(contig.id, from, i);
      }
    }
  }

  #add(contig: number, from: AltAlleles, i: number): void {
    const { offsets, bytes, refStarts, refEnds, altStarts, altEnds } = from;
    this.writer.addAllele(contig, offsets[i], bytes, refStarts[i], refEnds[i], altStarts[i], altEnds[i], this.#codes);
    this.alleleCount++;
  }

  #leftOut(record: VcfRecord, what: number): void {
    const place = `${record.text(0)}:${record.text(1)} ${record.text(3).slice(0, 20)}>${record.text(4).slice(0, 40)}`;
    if (what === AlleleClass.NONE && record.text(4) !== '.') this.problem('sameAsRef', place);
    else this.problem('symbolic', place);
  }

  /** The contig of a record: one for every spelling of a chromosome. */
  #contig(record: VcfRecord): { id: number; inReference: number } {
    const name = record.text(0);
    let contig = this.#contigs.get(name);
    if (contig === undefined) {
      const inReference = this.reference?.contigs.idOf(name) ?? -1;
      const usual = chromosomeOf(name) ?? name;
      const first = this.#spellings.get(usual) ?? name;
      this.#spellings.set(usual, first);
      const known = inReference >= 0 && this.reference?.sequence.has(inReference) === true;
      contig = { id: this.writer.contigId(first), inReference: known ? inReference : -1 };
      this.#contigs.set(name, contig);
    }
    return contig;
  }

  /** Whether REF is what the reference has there; unknown contigs and unknown bases cannot disagree but do not agree. */
  #compare(record: VcfRecord, contig: number): boolean {
    if (contig < 0 || this.reference === null) return false;
    const { bytes, ends, position } = record;
    this.refCompared++;
    let agrees = true;
    for (let at = ends[2] + 1, offset = position - 1; at < ends[3]; at++, offset++) {
      const base = this.reference.sequence.base(contig, offset);
      const theirs = bytes[at] & 0xdf;
      if (base === theirs) continue;
      agrees = false;
      if (base === UNKNOWN_BASE || theirs === UNKNOWN_BASE) continue;
      const place = `${record.text(0)}:${record.text(1)} has REF ${record.text(3).slice(0, 20)}`;
      this.problem('refMismatch', `${place}, the reference has ${String.fromCharCode(base)} at ${offset + 1}`);
      break;
    }
    return agrees;
  }
}

const UNKNOWN_BASE = 78; // N
