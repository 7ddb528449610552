/** What INFO says about how exactly a structural variant is known: IMPRECISE, CIPOS, CIEND and SVCLAIM. */

/** Bases before and behind the place that is told, as [-5, 10]. */
type Interval = readonly [before: number, behind: number];

export class Uncertainty {
  /**
   * How far the first and the second end of a join may be off; null where they are exact. CIPOS without IMPRECISE tells
   * of bases that both ends share (HOMLEN): the join is exact, only its spelling is not. Where only POS has an interval
   * it is taken for both ends.
   */
  readonly ends: readonly [Interval, Interval] | null;
  readonly #claims: readonly string[];

  constructor(info: string) {
    const own = intervalOf(info, 'CIPOS');
    const other = intervalOf(info, 'CIEND') ?? own;
    const isImprecise = /(?:^|;)IMPRECISE(?:;|$)/.test(info);
    this.ends = isImprecise ? [own ?? UNBOUNDED, other ?? UNBOUNDED] : null;
    this.#claims = /(?:^|;)SVCLAIM=([^;]*)/.exec(info)?.[1]?.split(',') ?? [];
  }

  /** Whether the ALT claims that bases lie side by side, or only a number of copies (`D`). */
  claimsJoins(number: number): boolean {
    return this.#claims[number - 1] !== 'D';
  }
}

const UNBOUNDED: Interval = [-Infinity, Infinity];

function intervalOf(info: string, key: string): Interval | null {
  const [, before, behind] = new RegExp(`(?:^|;)${key}=(-?\\d+),(-?\\d+)`).exec(info) ?? [];
  return before === undefined ? null : [Math.min(0, Number(before)), Math.max(0, Number(behind))];
}
