/** Loads and stores at the places of `layout.ts`. */
import { STATE, TALLY } from './layout';

export function get(index: i32): i32 {
  return load<i32>(STATE + (index << 2));
}

export function set(index: i32, value: i32): void {
  store<i32>(STATE + (index << 2), value);
}

export function count(index: i32): void {
  const at = TALLY + (index << 2);
  store<i32>(at, load<i32>(at) + 1);
}

export function byteAt(at: i32): i32 {
  return load<u8>(at);
}

/** The first of the bytes [from, end) that is `byte`; `end` when none is. May read 15 bytes further. */
export function find(from: i32, end: i32, byte: i32): i32 {
  const wanted = i8x16.splat(byte as i8);
  for (; from < end; from += 16) {
    const met = i8x16.bitmask(i8x16.eq(v128.load(from), wanted));
    if (met !== 0) return min(from + (ctz(met) as i32), end);
  }
  return end;
}
