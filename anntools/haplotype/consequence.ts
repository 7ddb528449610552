/**
 * What the steps of one haplotype do to a protein. Steps that share a codon, or that only together keep the reading
 * frame, are one change: they are told together, in the record that comes first in the direction of translation, and
 * the other records point there. After bcftools csq (`csq.c`, its `hap_finalize` and `hap_add_csq`).
 */
import { ByteBuffer } from '../bytes/buffer.ts';
import { STOP } from '../genome/codons.ts';
import type { Entry } from './entries.ts';
import { placeEntry } from './entries.ts';
import { type GeneModel, PADDING, inDirection } from './gene-model.ts';
import type { Node, Step } from './node.ts';
import { residues } from './peptide.ts';
import { COMPOUND, INFRAME, LENGTH, Term } from './terms.ts';

const METHIONINE = 77;
const PIPE = 124;
const PLUS = 43;
const GREATER = 62;

const scratch = new ByteBuffer(1024);

/** Takes an entry for the record of a step. */
export type Tell<Where extends Step> = (where: Where, entry: Entry) => void;

export class Haplotype<Where extends Step> {
  /** Start of each step's bases in the changed coding sequence, along the genome. */
  #starts: number[] = [];
  #total = 0;
  #behindStop = false;

  constructor(
    private readonly model: GeneModel,
    private readonly nodes: readonly Node<Where>[],
    private readonly tell: Tell<Where>,
  ) {
    let shift = 0;
    this.#starts = nodes.map(({ offset, refLength, altBases }) => {
      const start = offset + shift;
      shift += altBases.length - refLength;
      return start;
    });
    this.#total = model.length + nodes.reduce((sum, { growth }) => sum + growth, 0);
  }

  /** Tells of all steps. */
  finish(): void {
    const { nodes } = this;
    const { forward } = this.model;
    let begin = -1;
    let growth = 0;
    let hasIndel = false;
    for (let k = 0; k < nodes.length; k++) {
      const i = forward ? k : nodes.length - 1 - k;
      growth += nodes[i].growth;
      hasIndel ||= nodes[i].growth !== 0;
      if (begin < 0) begin = i;
      const isLast = k === nodes.length - 1;
      if (!isLast && (growth % 3 !== 0 || this.#sharesCodon(i))) continue;
      this.#tellTogether(Math.min(begin, i), Math.max(begin, i), growth, hasIndel);
      begin = -1;
      growth = 0;
      hasIndel = false;
    }
  }

  /** Whether a step and the next one in the direction of translation change one codon. */
  #sharesCodon(i: number): boolean {
    const { nodes } = this;
    const starts = this.#starts;
    if (this.model.forward) {
      const { growth } = nodes[i];
      const end = starts[i] + (growth > 0 ? growth : growth < 0 ? 1 : 0);
      return codonOf(end) === codonOf(starts[i + 1]);
    }
    const { growth } = nodes[i];
    const next = nodes[i - 1].growth;
    const end = this.#total - 1 - starts[i] + (growth > 0 ? growth - 1 : -growth);
    return codonOf(end) === codonOf(this.#total - 1 - starts[i - 1] - Math.max(0, next));
  }

  /** Tells of steps first to last, along the genome, as one change. */
  #tellTogether(first: number, last: number, growth: number, hasIndel: boolean): void {
    const { model, nodes } = this;
    const { before, after, ref, alt } = this.#proteins(first, last, growth);
    const wasBehindStop = this.#behindStop;
    if (after[after.length - 1] === STOP) this.#behindStop = true;
    let terms = 0;
    for (let i = first; i <= last; i++) terms |= nodes[i].terms & COMPOUND;
    if (growth === 0 && hasIndel) terms |= Term.INFRAME_ALTERING;
    terms = withProtein(terms, before, after, growth);
    if (first !== last && (terms & (INFRAME | LENGTH)) !== 0 && after[after.length - 1] === STOP) {
      terms = (terms & ~INFRAME) | Term.FRAMESHIFT | Term.STOP_GAINED;
    }
    if (wasBehindStop) terms |= Term.BEHIND_STOP;
    if ((terms & Term.START_LOST) !== 0 && growth % 3 !== 0) {
      // Without its start the frame of what follows says nothing.
      for (let i = first; i <= last; i++) {
        if ((nodes[i].terms & Term.START_LOST) !== 0) this.#add(nodes[i], nodes[i].terms, null, 0);
      }
      return;
    }
    const teller = model.forward ? first : last;
    this.#add(nodes[teller], terms, this.#changeText({ first, last, ref, alt, before, after, terms }), 0);
    for (let i = first; i <= last; i++) {
      const beside = nodes[i].terms & ~COMPOUND;
      if (beside !== 0) this.#add(nodes[i], beside, null, 0);
      if (i !== teller) {
        this.#add(nodes[i], Term.ELSEWHERE | nodes[i].terms, null, nodes[teller].where.position + 1);
      }
    }
  }

  #add({ where }: Node<Where>, terms: number, change: Uint8Array | null, elsewhere: number): void {
    const entry = placeEntry(this.model, terms, where.allele);
    if (change !== null) entry.change = change;
    entry.elsewhere = elsewhere;
    this.tell(where, entry);
  }

  /** The residues before and after, and where they begin in both coding sequences. */
  #proteins(first: number, last: number, growth: number) {
    const { model, nodes } = this;
    const from = nodes[first].offset;
    const to = nodes[last].offset + nodes[last].refLength;
    const altered = this.#altered(first, last);
    const start = this.#starts[first];
    const { forward, length } = model;
    const ref = forward ? from : length - to;
    const refEnd = forward ? to : length - from;
    const alt = forward ? start : this.#total - start - altered.length;
    const toEnd = growth % 3 !== 0 && altered.length > 0;
    const unchanged = model.coding.subarray(PADDING + ref, PADDING + refEnd);
    return {
      ref,
      alt,
      before: residues(model, unchanged, ref, ref, refEnd, toEnd),
      after: residues(model, inDirection(altered, forward), alt, ref, refEnd, toEnd),
    };
  }

  /** The changed bases from the first step to the last, along the genome. */
  #altered(first: number, last: number): Uint8Array {
    const { nodes } = this;
    if (first === last) return nodes[first].altBases;
    const parts: Uint8Array[] = [nodes[first].altBases];
    for (let i = first + 1; i <= last; i++) {
      parts.push(this.#unchanged(nodes[i - 1].offset + nodes[i - 1].refLength, nodes[i].offset), nodes[i].altBases);
    }
    return Buffer.concat(parts);
  }

  /** Coding bases [from, to) along the genome. */
  #unchanged(from: number, to: number): Uint8Array {
    const { coding, forward, length } = this.model;
    if (forward) return coding.subarray(PADDING + from, PADDING + to);
    return inDirection(coding.subarray(PADDING + length - to, PADDING + length - from), false);
  }

  /** `5TY>5I|121ACG>A+124TA>T`. */
  #changeText(told: {
    first: number;
    last: number;
    ref: number;
    alt: number;
    before: Uint8Array;
    after: Uint8Array;
    terms: number;
  }): Uint8Array {
    const out = scratch;
    out.clear();
    out.integer(codonOf(told.ref) + 1);
    out.append(told.before);
    if ((told.terms & Term.SYNONYMOUS) === 0) {
      out.byte(GREATER);
      out.integer(codonOf(told.alt) + 1);
      out.append(told.after);
    }
    out.byte(PIPE);
    for (let i = told.first; i <= told.last; i++) {
      if (i > told.first) out.byte(PLUS);
      const { bytes, starts, ends } = this.nodes[i].where;
      for (let part = 0; part < starts.length; part++) {
        if (part === 2) out.byte(GREATER);
        out.append(bytes, starts[part], ends[part]);
      }
    }
    return Uint8Array.prototype.slice.call(out.bytes, 0, out.length);
  }
}

function codonOf(base: number): number {
  return Math.floor(base / 3);
}

/** The terms, now that the residues are known: which starts and stops are real, and what else changes. */
function withProtein(terms: number, before: Uint8Array, after: Uint8Array, growth: number): number {
  const ends = before[before.length - 1] === STOP;
  const endsNow = after[after.length - 1] === STOP;
  let gone = 0;
  if ((terms & Term.STOP_LOST) !== 0) {
    if (ends && endsNow) {
      gone |= Term.STOP_LOST;
      terms |= Term.STOP_RETAINED;
    } else if (!ends && endsNow) {
      gone |= Term.STOP_GAINED;
      terms |= Term.STOP_RETAINED;
    } else if (!ends) terms |= Term.INCOMPLETE;
  }
  if (before[0] !== METHIONINE) terms &= ~Term.START_LOST;
  if (growth !== 0) {
    if (growth % 3 !== 0) terms |= Term.FRAMESHIFT;
    else if ((terms & LENGTH) === 0) terms |= growth < 0 ? Term.INFRAME_DELETION : Term.INFRAME_INSERTION;
    if (!ends && endsNow) terms |= Term.STOP_GAINED;
  } else terms |= substituted(before, after);
  return terms & ~gone;
}

function substituted(before: Uint8Array, after: Uint8Array): number {
  let terms = 0;
  for (let i = 0; i < before.length; i++) {
    if (before[i] === after[i]) continue;
    if (before[i] === STOP) terms |= Term.STOP_LOST;
    else terms |= after[i] === STOP ? Term.STOP_GAINED : Term.MISSENSE;
  }
  return terms === 0 ? Term.SYNONYMOUS : terms;
}
