/**
 * A variant as one 32-bit number, after the idea of echtvar's Var32 (brentp/echtvar `src/lib/var32.rs`). Within a
 * stretch of 2^20 bases, a trimmed allele is
 *
 *     31            12 11      8 7            0
 *     ┌───────────────┬─────────┬──────────────┐
 *     │ offset, 20 b  │ shape   │ bases        │
 *     └───────────────┴─────────┴──────────────┘
 *
 * shape 0–13: the lengths of REF and ALT when they are at most four bases together (`SHAPES`); bases: two bits each,
 * REF then ALT, the first in the lowest bits. Shape 15: a longer allele or one with other letters than A, C, G, T;
 * bases: eight bits of a hash, and the allele itself is spelled out elsewhere. Numbers ascend with the offset, so a
 * sorted array of them is the index.
 */

/** Bases of one stretch: 2^20. */
export const STRETCH_BITS = 20;
/** Within 2^12 bases the lower 24 bits of a key say as much as all of it. */
export const NARROW_BITS = 12;
const STRETCH_MASK = (1 << STRETCH_BITS) - 1;
const SHAPE_SHIFT = 8;
const OFFSET_SHIFT = 12;
const LONG = 15;
const SHORT_MAX = 4;

/** Shape of (REF length, ALT length), at index REF length × 5 + ALT length. */
const SHAPES = new Uint8Array(25).fill(LONG);
/** REF length of each shape. */
const REF_LENGTHS: number[] = [];
for (let total = 1; total <= SHORT_MAX; total++) {
  for (let ref = 0; ref <= total; ref++) {
    SHAPES[ref * 5 + total - ref] = REF_LENGTHS.length;
    REF_LENGTHS.push(ref);
  }
}

/** A, C, G, T in either case → 0 to 3; 4 for anything else. */
const CODES = new Uint8Array(256).fill(4);
for (const [code, letters] of ['Aa', 'Cc', 'Gg', 'Tt'].entries()) {
  for (const letter of letters) CODES[letter.charCodeAt(0)] = code;
}
const LETTERS = 'ACGT';

/** The stretch a zero-based offset lies in. */
export function stretchOf(offset: number): number {
  return offset >>> STRETCH_BITS;
}

/** The smallest key at an offset. */
export function firstKeyAt(offset: number): number {
  return (offset & STRETCH_MASK) << OFFSET_SHIFT;
}

/**
 * Key of the trimmed allele REF = bytes[refStart, refEnd), ALT = bytes[altStart, altEnd) at a zero-based offset: its 32
 * bits as a signed integer, since half of all keys as they are would be doubles to the compiled code.
 */
export function alleleKey(
  offset: number,
  bytes: Uint8Array,
  refStart: number,
  refEnd: number,
  altStart: number,
  altEnd: number,
): number {
  const refLength = refEnd - refStart;
  const altLength = altEnd - altStart;
  let shape = LONG;
  let bases = 0;
  if (refLength + altLength <= SHORT_MAX) {
    shape = SHAPES[refLength * 5 + altLength];
    let shift = 0;
    for (let i = refStart; i < refEnd; i++, shift += 2) bases |= codeOrLong(bytes[i]) << shift;
    for (let i = altStart; i < altEnd; i++, shift += 2) bases |= codeOrLong(bytes[i]) << shift;
  }
  if (shape === LONG || bases > 0xff) {
    shape = LONG;
    bases = hashOf(bytes, refStart, refEnd, altStart, altEnd);
  }
  return ((offset & STRETCH_MASK) << OFFSET_SHIFT) | (shape << SHAPE_SHIFT) | bases;
}

/** Two bits of a base; for other letters a bit beyond the eight that bases have, wherever it is shifted. */
function codeOrLong(byte: number): number {
  const code = CODES[byte];
  return code < 4 ? code : 0x100;
}

/** FNV-1a of the upper-case letters, folded to eight bits. */
function hashOf(bytes: Uint8Array, refStart: number, refEnd: number, altStart: number, altEnd: number): number {
  let hash = 0x811c9dc5;
  for (let i = refStart; i < refEnd; i++) hash = Math.imul(hash ^ (bytes[i] & 0xdf), 0x01000193);
  hash = Math.imul(hash ^ 0, 0x01000193);
  for (let i = altStart; i < altEnd; i++) hash = Math.imul(hash ^ (bytes[i] & 0xdf), 0x01000193);
  return ((hash >>> 24) ^ (hash >>> 16) ^ (hash >>> 8) ^ hash) & 0xff;
}

export function isLong(key: number): boolean {
  return ((key >>> SHAPE_SHIFT) & 15) === LONG;
}

/** The first base of REF, of a short allele that has one; empty otherwise. */
export function firstRefBase(key: number): string {
  const shape = (key >>> SHAPE_SHIFT) & 15;
  return shape !== LONG && REF_LENGTHS[shape] > 0 ? LETTERS[key & 3] : '';
}
