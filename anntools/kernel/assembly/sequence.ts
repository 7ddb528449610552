/** Bases of the contig, two bits each, in pieces that the host copies here as they are asked for. */
import { bases } from './host';
import { SEQUENCE, SEQUENCE_BITS, SEQUENCE_SLOTS, SEQUENCE_TAGS } from './layout';

/** A, C, G, T from the lowest byte on. */
const LETTERS: i32 = 0x54474341;

/** Bases of the contig; 0 where nobody knows them. */
export let contigLength: i32 = 0;
export let hasSequence: bool = false;

/** Forgets the pieces of another contig. */
export function openSequence(length: i32, isKnown: bool): void {
  contigLength = length;
  hasSequence = isKnown;
  for (let slot = 0; slot < SEQUENCE_SLOTS; slot++) store<i32>(SEQUENCE_TAGS + (slot << 2), -1);
}

/** The base at a zero-based offset, upper case; 0 where it is not known here. */
export function baseAt(offset: i32): i32 {
  if (offset < 0 || offset >= contigLength) return 0;
  const piece = offset >> SEQUENCE_BITS;
  const slot = piece & (SEQUENCE_SLOTS - 1);
  const at = SEQUENCE + (slot << (SEQUENCE_BITS - 2));
  const tag = SEQUENCE_TAGS + (slot << 2);
  let known = load<i32>(tag);
  if (known >> 1 !== piece) {
    known = (piece << 1) | (bases(piece, at) ? 0 : 1);
    store<i32>(tag, known);
  }
  if ((known & 1) !== 0) return 0;
  const four = load<u8>(at + ((offset & ((1 << SEQUENCE_BITS) - 1)) >> 2)) as i32;
  return (LETTERS >> (((four >> ((offset & 3) << 1)) & 3) << 3)) & 0xff;
}

/** The complement of A, C, G or T. */
export function complement(base: i32): i32 {
  return base === 65 || base === 84 ? base ^ 21 : base ^ 4;
}
