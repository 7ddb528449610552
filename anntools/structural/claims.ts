/** What INFO says of how a structural variant is known: IMPRECISE, CIPOS and CIEND, SVCLAIM, and one-sided inversions. */

/** Bases before and behind the place that is told, as [-5, 10]. */
type Interval = readonly [before: number, behind: number];

/** INFO is long in catalogues such as gnomAD-SV and is looked at only when somebody asks. */
export class Claims {
  readonly #info: () => string;

  /** @param info the INFO column, as long as the record is there */
  constructor(info: () => string) {
    this.#info = info;
  }

  /**
   * How far the first and the second end of a join may be off; null where they are exact. CIPOS without IMPRECISE tells
   * of bases that both ends share (HOMLEN): the join is exact, only its spelling is not. Where only POS has an interval
   * it is taken for both ends.
   */
  get intervals(): readonly [Interval, Interval] | null {
    const info = this.#info();
    if (!has(info, 'IMPRECISE')) return null;
    const own = intervalOf(info, 'CIPOS') ?? UNBOUNDED;
    return [own, intervalOf(info, 'CIEND') ?? own];
  }

  /** Which of its two joins an inversion is known by: that of the parts before its ends, or of those behind them. */
  get inversionJoins(): { before: boolean; behind: boolean } {
    // Manta, Delly, svtk and LUMPY.
    const before = has(this.#info(), 'INV3|CT=3to3|STRANDS=\\+\\+');
    const behind = has(this.#info(), 'INV5|CT=5to5|STRANDS=--');
    return before === behind ? { before: true, behind: true } : { before, behind };
  }

  /** Whether the ALT claims that bases lie side by side, or only a number of copies (`D`; VCF 4.4 section 3). */
  joins(number: number): boolean {
    return /(?:^|;)SVCLAIM=([^;]*)/.exec(this.#info())?.[1]?.split(',')[number - 1] !== 'D';
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
