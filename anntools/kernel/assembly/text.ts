/** Writing text: bytes, pieces that were prepared, numbers. */
import { TEXT, TEXT_SIZE } from './layout';

/** From so many bytes on copying natively pays. */
const LONG: i32 = 256;

/** More than a block, a field or the regions of a track can take: asked for before each of them. */
export const ROOM: i32 = 0x10000;

/** Address of the next byte. */
export let out: i32 = 0;

export function writeAt(at: i32): void {
  out = at;
}

export function isNearEnd(): bool {
  return out + ROOM > TEXT + TEXT_SIZE;
}

export function byte(value: i32): void {
  store<u8>(out, value as u8);
  out++;
}

/** Copies [from, from + length), 16 bytes at a time: writes up to 15 bytes beyond, which the next piece overwrites. */
export function piece(from: i32, length: i32): void {
  const to = out;
  out = to + length;
  for (let i = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
}

/** Copies what may be long. */
export function stretch(from: i32, length: i32): void {
  if (length < LONG) return piece(from, length);
  memory.copy(out, from, length);
  out += length;
}

/** A whole number in decimal. */
export function integer(value: i32): void {
  if (value < 0) {
    byte(45);
    value = -value;
  }
  unsigned(value);
}

/** The same of all 32 bits. */
export function unsigned(value: i32): void {
  let rest = value as u32;
  if (rest < 10) return byte(48 + (rest as i32));
  let digits = 2;
  if (rest >= 100) digits = rest < 1000 ? 3 : rest < 10000 ? 4 : rest < 100000 ? 5 : more(rest);
  let at = out + digits;
  out = at;
  do {
    const next: u32 = rest / 10;
    at--;
    store<u8>(at, (48 + rest - next * 10) as u8);
    rest = next;
  } while (rest !== 0);
}

function more(rest: u32): i32 {
  if (rest < 1000000) return 6;
  if (rest < 10000000) return 7;
  if (rest < 100000000) return 8;
  return rest < 1000000000 ? 9 : 10;
}

/** digits × 10^−power, at most six digits, the way JavaScript prints it (`../../lookup/decimal-code.ts`). */
export function decimal(digits: i32, power: i32): void {
  if (power === 0) return unsigned(digits);
  const length = digits < 10 ? 1 : digits < 100 ? 2 : digits < 1000 ? 3 : digits < 10000 ? 4 : digits < 100000 ? 5 : 6;
  const whole = length - power;
  if (whole <= -6) return scientific(digits, length, 1 - whole);
  const start = out;
  const point = whole > 0 ? start + whole : start + 1;
  out = start + (whole > 0 ? length + 1 : length - whole + 2);
  let rest = digits as u32;
  for (let at = out - 1; at >= start; at--) {
    if (at === point) {
      store<u8>(at, 46);
      continue;
    }
    const next: u32 = rest / 10;
    store<u8>(at, (48 + rest - next * 10) as u8);
    rest = next;
  }
}

function scientific(digits: i32, length: i32, exponent: i32): void {
  let unit = 1;
  for (let i = 1; i < length; i++) unit *= 10;
  let rest = digits;
  byte(48 + rest / unit);
  rest %= unit;
  if (length > 1) {
    byte(46);
    for (unit /= 10; unit >= 1; unit /= 10) {
      byte(48 + rest / unit);
      rest %= unit;
    }
  }
  byte(101);
  byte(45);
  integer(exponent);
}
