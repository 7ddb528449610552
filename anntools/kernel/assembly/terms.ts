/** Bits of the terms that ordinary alleles earn, as in `../../consequence/terms.ts`; a test holds them equal. */
export const SPLICE_ACCEPTOR: i32 = 1 << 1;
export const SPLICE_DONOR: i32 = 1 << 2;
export const STOP_GAINED: i32 = 1 << 3;
export const MISSENSE: i32 = 1 << 12;
export const SPLICE_DONOR_5TH_BASE: i32 = 1 << 14;
export const SPLICE_REGION: i32 = 1 << 15;
export const SPLICE_DONOR_REGION: i32 = 1 << 16;
export const SPLICE_POLYPYRIMIDINE: i32 = 1 << 17;
export const STOP_RETAINED: i32 = 1 << 20;
export const SYNONYMOUS: i32 = 1 << 21;
export const CODING_SEQUENCE: i32 = 1 << 22;
export const FIVE_PRIME_UTR: i32 = 1 << 24;
export const THREE_PRIME_UTR: i32 = 1 << 25;
export const NON_CODING_EXON: i32 = 1 << 26;
export const INTRON: i32 = 1 << 27;
export const NMD_TRANSCRIPT: i32 = 1 << 28;
export const NON_CODING_TRANSCRIPT: i32 = 1 << 29;
export const CODING_TRANSCRIPT: i32 = 1 << 30;
/** Of the high word. */
export const UPSTREAM: i32 = 1;
export const DOWNSTREAM: i32 = 2;
export const INTERGENIC: i32 = 1 << 8;

/** Terms of the low word. */
const LOW_TERMS: i32 = 31;

/** Rank of the most severe term of a set, 0 when it is empty. */
export function worstRank(low: i32, high: i32): i32 {
  if (low !== 0) return (ctz(low) as i32) + 1;
  return high === 0 ? 0 : (ctz(high) as i32) + 1 + LOW_TERMS;
}
