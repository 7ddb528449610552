/** Numbers that look random and are the same every time (xorshift32), so that a workload is the same on every machine. */

/** A whole number from 0 to `below` − 1. */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
