/**
 * One allele on one coding segment, as a step of a haplotype: which coding bases become which. What cannot be a step
 * (a change of a splice site, one across the end of a segment) says so.
 */
import { Change, type Checks, Outcome } from './change.ts';
import type { GeneModel } from './gene-model.ts';
import { Term } from './terms.ts';

/** Where a step's record is told of. */
export interface Step {
  /** Zero-based POS. */
  position: number;
  allele: number;
  /** POS, REF and ALT as in the file, for `107G>A`: bytes[starts[i], ends[i]). */
  bytes: Uint8Array;
  starts: readonly number[];
  ends: readonly number[];
}

export interface Node<Where extends Step = Step> {
  where: Where;
  /** What the change says by where it lies. */
  terms: number;
  /** First coding base that is replaced, counted along the genome, and how many are. */
  offset: number;
  refLength: number;
  altBases: Uint8Array;
  /** Bases gained or lost by the whole allele. */
  growth: number;
  segment: number;
}

/** What comes of an allele on a segment: a step, terms of their own, or nothing to tell. */
export type Placed = { kind: 'step'; node: Omit<Node, 'where'> } | { kind: 'beside'; terms: number } | { kind: 'none' };

const NOTHING: Placed = { kind: 'none' };

export class Placer {
  readonly change = new Change();

  /**
   * Places the change's allele on a segment of a model.
   * @param tell takes entries that are told whatever comes of it
   */
  place(model: GeneModel, segment: number, tell: (terms: number) => void): Placed {
    const { change } = this;
    const { first, last, offset } = model.segments[segment];
    const checks = (model.checks[segment] ??= checksOf(model, segment));
    const outcome = change.on(model, first, last, checks);
    if (outcome === Outcome.SAME) return NOTHING;
    for (const terms of change.told) tell(terms);
    const { terms } = change;
    const growth = change.alt.length - change.ref.length;
    if (outcome !== Outcome.INSIDE) {
      return terms === 0 ? NOTHING : { kind: 'beside', terms };
    }
    const cut = Math.max(0, first - change.from);
    const from = change.from + cut;
    const refLength = change.refLength - cut;
    const own = terms & ~Term.SYNONYMOUS;
    if (from + refLength > last + 1) return { kind: 'beside', terms: own === 0 ? Term.CODING_SEQUENCE : own };
    return {
      kind: 'step',
      node: {
        terms: own,
        offset: offset + from - first,
        refLength,
        altBases: change.altBases.slice(cut),
        growth,
        segment,
      },
    };
  }
}

function checksOf(model: GeneModel, segment: number): Checks {
  const isFirst = segment === 0;
  const isLast = segment === model.segments.length - 1;
  const [isBegin, isEnd] = model.forward ? [isFirst, isLast] : [isLast, isFirst];
  return {
    splice: true,
    left: !isFirst,
    right: !isLast,
    start: isBegin && model.beginsWhole && model.hasStart,
    stop: isEnd && model.endsWhole,
    coding: true,
  };
}
