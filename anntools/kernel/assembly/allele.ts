/**
 * The one ALT of an ordinary record against REF, both plain upper-case bases: trimmed from the right first, as known
 * variants are looked up and counted (`../../vcf/alleles.ts`), and as the engine compares it, from the left first and
 * only where the lengths differ (`../../consequence/alleles.ts`).
 */
import { CLASSES, INDEL_LENGTHS, POSITION, TRANSITIONS, TRANSVERSIONS, VARIANTS } from './layout';
import { byteAt, count, get } from './memory';
import { fieldEnd, fieldStart } from './line';

/** Longer alleles are left to the host: from 50 bases on a change is structural. */
export const ALLELE_MAX: i32 = 48;

export const SNV: i32 = 0;
export const INSERTION: i32 = 1;
export const DELETION: i32 = 2;
export const INDEL: i32 = 3;
export const SUBSTITUTION: i32 = 4;

/** Classes of the trimmed allele, for counting: SNV, MNV, insertion, deletion, delins. */
const CLASS_MNV: i32 = 1;
const CLASS_INSERTION: i32 = 2;
const CLASS_DELETION: i32 = 3;
const CLASS_DELINS: i32 = 4;
const INDEL_MAX: i32 = 50;

/** The changed bases [start, end), zero-based, and where their letters lie. */
export let start: i32 = 0;
export let end: i32 = 0;
export let ref: i32 = 0;
export let refLength: i32 = 0;
export let alt: i32 = 0;
export let altLength: i32 = 0;
/** SNV to SUBSTITUTION. */
export let change: i32 = 0;

/** The same allele trimmed from the right first. */
export let trimmedStart: i32 = 0;
export let trimmedRef: i32 = 0;
export let trimmedRefEnd: i32 = 0;
export let trimmedAlt: i32 = 0;
export let trimmedAltEnd: i32 = 0;

/** Reads the alleles of the line; false when they are not ordinary. */
export function readAllele(): bool {
  ref = fieldStart(3);
  refLength = fieldEnd(3) - ref;
  alt = fieldStart(4);
  altLength = fieldEnd(4) - alt;
  start = get(POSITION) - 1;
  if (refLength < 1 || altLength < 1 || refLength > ALLELE_MAX || altLength > ALLELE_MAX) return false;
  if (!arePlain(ref, refLength) || !arePlain(alt, altLength)) return false;
  trim();
  if (refLength === altLength) {
    let at = 0;
    while (at < refLength && byteAt(ref + at) === byteAt(alt + at)) at++;
    if (at === refLength) return false;
    change = refLength === 1 ? SNV : SUBSTITUTION;
  } else {
    const shorter = min(refLength, altLength);
    let head = 0;
    while (head < shorter && byteAt(ref + head) === byteAt(alt + head)) head++;
    let tail = 0;
    while (tail < shorter - head && byteAt(ref + refLength - 1 - tail) === byteAt(alt + altLength - 1 - tail)) tail++;
    start += head;
    ref += head;
    alt += head;
    refLength -= head + tail;
    altLength -= head + tail;
    change = refLength === 0 ? INSERTION : altLength === 0 ? DELETION : INDEL;
  }
  end = start + refLength;
  return true;
}

/** Whether [at, at + length) is A, C, G and T. */
function arePlain(at: i32, length: i32): bool {
  for (let i = 0; i < length; i++) {
    const base = byteAt(at + i);
    if (base !== 65 && base !== 67 && base !== 71 && base !== 84) return false;
  }
  return true;
}

/** Takes off what REF and ALT share, first at the right. */
function trim(): void {
  trimmedStart = start;
  trimmedRef = ref;
  trimmedRefEnd = ref + refLength;
  trimmedAlt = alt;
  trimmedAltEnd = alt + altLength;
  while (
    trimmedRefEnd > trimmedRef &&
    trimmedAltEnd > trimmedAlt &&
    byteAt(trimmedRefEnd - 1) === byteAt(trimmedAltEnd - 1)
  ) {
    trimmedRefEnd--;
    trimmedAltEnd--;
  }
  while (trimmedRef < trimmedRefEnd && trimmedAlt < trimmedAltEnd && byteAt(trimmedRef) === byteAt(trimmedAlt)) {
    trimmedRef++;
    trimmedAlt++;
    trimmedStart++;
  }
}

/** Counts the allele by class, length and kind of substitution. */
export function countAllele(): void {
  count(VARIANTS);
  const removed = trimmedRefEnd - trimmedRef;
  const added = trimmedAltEnd - trimmedAlt;
  if (removed !== added) {
    count(CLASSES + (removed === 0 ? CLASS_INSERTION : added === 0 ? CLASS_DELETION : CLASS_DELINS));
    count(INDEL_LENGTHS + INDEL_MAX + max(-INDEL_MAX, min(INDEL_MAX, added - removed)));
    return;
  }
  count(CLASSES + (removed === 1 ? 0 : CLASS_MNV));
  if (removed > 1) return;
  // A and G are 6 apart, C and T 23: transitions.
  const turn = byteAt(trimmedRef) ^ byteAt(trimmedAlt);
  count(turn === 6 || turn === 23 ? TRANSITIONS : TRANSVERSIONS);
}
