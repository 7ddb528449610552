/**
 * The consequences of bcftools csq (samtools/bcftools, `csq.c`) as bits, in the order in which it writes their names.
 * A change is described by a set of them; some bits say how an entry is written and have no name.
 */

export const Term = {
  /** The change is told of in another record: `@` and its position. */
  ELSEWHERE: 1 << 0,
  SYNONYMOUS: 1 << 1,
  MISSENSE: 1 << 2,
  STOP_LOST: 1 << 3,
  STOP_GAINED: 1 << 4,
  INFRAME_DELETION: 1 << 5,
  INFRAME_INSERTION: 1 << 6,
  FRAMESHIFT: 1 << 7,
  SPLICE_ACCEPTOR: 1 << 8,
  SPLICE_DONOR: 1 << 9,
  START_LOST: 1 << 10,
  SPLICE_REGION: 1 << 11,
  STOP_RETAINED: 1 << 12,
  UTR_5: 1 << 13,
  UTR_3: 1 << 14,
  NON_CODING: 1 << 15,
  INTRON: 1 << 16,
  INFRAME_ALTERING: 1 << 18,
  /** Behind a stop that the same haplotype gains: `*` before the entry. */
  BEHIND_STOP: 1 << 19,
  /** The coding sequence has no stop to lose: starts and stops are not told of where something else is. */
  INCOMPLETE: 1 << 20,
  CODING_SEQUENCE: 1 << 21,
  ELONGATION: 1 << 22,
  TRUNCATION: 1 << 23,
  START_RETAINED: 1 << 24,
} as const;

/** Names by bit. */
const NAMES: readonly (readonly [bit: number, name: string])[] = [
  [Term.SYNONYMOUS, 'synonymous'],
  [Term.MISSENSE, 'missense'],
  [Term.STOP_LOST, 'stop_lost'],
  [Term.STOP_GAINED, 'stop_gained'],
  [Term.INFRAME_DELETION, 'inframe_deletion'],
  [Term.INFRAME_INSERTION, 'inframe_insertion'],
  [Term.FRAMESHIFT, 'frameshift'],
  [Term.SPLICE_ACCEPTOR, 'splice_acceptor'],
  [Term.SPLICE_DONOR, 'splice_donor'],
  [Term.START_LOST, 'start_lost'],
  [Term.SPLICE_REGION, 'splice_region'],
  [Term.STOP_RETAINED, 'stop_retained'],
  [Term.UTR_5, '5_prime_utr'],
  [Term.UTR_3, '3_prime_utr'],
  [Term.NON_CODING, 'non_coding'],
  [Term.INTRON, 'intron'],
  [Term.INFRAME_ALTERING, 'inframe_altering'],
  [Term.CODING_SEQUENCE, 'coding_sequence'],
  [Term.ELONGATION, 'feature_elongation'],
  [Term.TRUNCATION, 'feature_truncation'],
  [Term.START_RETAINED, 'start_retained'],
];

/** What adds or removes bases on both sides of a change, without being an insertion or deletion. */
export const LENGTH = Term.ELONGATION | Term.TRUNCATION;
export const START_STOP =
  Term.STOP_LOST | Term.STOP_GAINED | Term.STOP_RETAINED | Term.START_LOST | Term.START_RETAINED;
export const INFRAME = Term.INFRAME_DELETION | Term.INFRAME_INSERTION | Term.INFRAME_ALTERING;
/** What changes of one haplotype have together: told once, with the protein and all of the changes. */
export const COMPOUND =
  START_STOP |
  INFRAME |
  LENGTH |
  Term.SYNONYMOUS |
  Term.MISSENSE |
  Term.FRAMESHIFT |
  Term.BEHIND_STOP |
  Term.INCOMPLETE;
export const SPLICE_SITE = Term.SPLICE_ACCEPTOR | Term.SPLICE_DONOR;
/** What is told of a gene, not of a transcript, and only where nothing else is. */
export const LEAST = Term.INTRON | Term.NON_CODING;

/** Whether an entry of these terms has its strand although it has no protein. */
export function hasStrand(terms: number): boolean {
  return (terms & COMPOUND) !== 0 && (terms & (SPLICE_SITE | Term.SPLICE_REGION | LENGTH)) === 0;
}

/** The terms as they are told: starts and stops leave out what they imply. */
export function told(terms: number): number {
  if ((terms & Term.INCOMPLETE) !== 0 && (terms & ~(START_STOP | Term.INCOMPLETE | Term.BEHIND_STOP)) !== 0) {
    terms &= ~(START_STOP | Term.INCOMPLETE);
  }
  return (terms & START_STOP) !== 0 ? terms & ~Term.MISSENSE : terms;
}

const joined = new Map<number, Uint8Array>();

/** Names of terms that are told, joined by `&`, with `*` before them behind a stop. */
export function termNames(terms: number): Uint8Array {
  let text = joined.get(terms);
  if (text === undefined) {
    const names = NAMES.filter(([bit]) => (terms & bit) !== 0).map(([, name]) => name);
    text = Buffer.from(`${(terms & Term.BEHIND_STOP) !== 0 ? '*' : ''}${names.join('&')}`, 'latin1');
    joined.set(terms, text);
  }
  return text;
}
