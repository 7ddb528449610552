/** What INFO says of how a structural variant is known: IMPRECISE, CIPOS and CIEND, SVCLAIM, and one-sided inversions. */

/** Bases before and behind the place that is told, as [-5, 10]. */
type Interval = readonly [before: number, behind: number];

export class Claims {
  /**
   * How far the first and the second end of a join may be off; null where they are exact. CIPOS without IMPRECISE tells
   * of bases that both ends share (HOMLEN): the join is exact, only its spelling is not. Where only POS has an interval
   * it is taken for both ends.
   */
  readonly intervals: readonly [Interval, Interval] | null;
  /** Which of its two joins an inversion is known by: of the parts before its ends, or of those behind them. */
  readonly inversionJoins: { before: boolean; behind: boolean };
  readonly #claims: readonly string[];

  constructor(info: string) {
    const own = intervalOf(info, 'CIPOS');
    const other = intervalOf(info, 'CIEND') ?? own;
    this.intervals = has(info, 'IMPRECISE') ? [own ?? UNBOUNDED, other ?? UNBOUNDED] : null;
    // Manta, Delly, svtk and LUMPY.
    const before = has(info, 'INV3|CT=3to3|STRANDS=\\+\\+');
    const behind = has(info, 'INV5|CT=5to5|STRANDS=--');
    this.inversionJoins = before === behind ? { before: true, behind: true } : { before, behind };
    this.#claims = /(?:^|;)SVCLAIM=([^;]*)/.exec(info)?.[1]?.split(',') ?? [];
  }

  /** Whether the ALT claims that bases lie side by side, or only a number of copies (`D`; VCF 4.4 section 3). */
  joins(number: number): boolean {
    return this.#claims[number - 1] !== 'D';
  }
}

const UNBOUNDED: Interval = [-Infinity, Infinity];

/** Whether an entry of INFO is one of several. */
function has(info: string, entries: string): boolean {
  return new RegExp(`(?:^|;)(?:${entries})(?:;|$)`).test(info);
}

function intervalOf(info: string, key: string): Interval | null {
  const [, before, behind] = new RegExp(`(?:^|;)${key}=(-?\\d+),(-?\\d+)`).exec(info) ?? [];
  return before === undefined ? null : [Math.min(0, Number(before)), Math.max(0, Number(behind))];
}
