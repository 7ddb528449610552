/** Whether bases were turned round: replaced by their reverse complement. */
import type { Allele } from '../consequence/alleles.ts';

/** Leaves out the first `head` and the last `tail` bases of both alleles, which must be of one length. */
export function isInverted({ ref, altReverse, refLength }: Allele, head: number, tail: number): boolean {
  const length = refLength - head - tail;
  for (let i = 0; i < length; i++) if (ref[head + i] !== altReverse[tail + i]) return false;
  return length > 1;
}
