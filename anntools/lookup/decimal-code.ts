/**
 * Fractions as 24-bit numbers. Frequencies come as decimals of six digits (`3.97994e-06`, what `%g` of a 32-bit float
 * prints), so six digits and a power of ten hold them exactly in three bytes:
 *
 *     31      24 23     20 19                 0
 *     ┌─────────┬─────────┬───────────────────┐
 *     │    0    │    p    │      digits       │      value = digits × 10^−p, digits 0 … 999,999
 *     └─────────┴─────────┴───────────────────┘
 *
 * What does not fit (negative, large, tiny) is the 32 bits of its float, whose upper eight are not all 0: below 2^−125 (2.4e-38)
 * a number is taken for 0.
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import { MISSING } from './known-format.ts';

const DIGITS_MAX = 999_999;
const DIGITS_MASK = (1 << 20) - 1;
const POWER_MAX = 15;
const POWER_SHIFT = 20;
/** Digits that a number holds exactly. */
const EXACT_MAX = 1e15;

const POINT = 46;
const ZERO = 48;
const MINUS = 45;

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** Code of the decimal at bytes[start, end); `MISSING` for `.`, nothing and `nan`; −1 when it is no number. */
export function decimalCode(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || (end === start + 1 && bytes[start] === POINT)) return MISSING;
  let digits = 0;
  let power = 0;
  let seenPoint = 0;
  let at = start;
  for (; at < end && digits < EXACT_MAX; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      power += seenPoint;
    } else if (bytes[at] === POINT && seenPoint === 0) seenPoint = 1;
    else break;
  }
  if (at < end) {
    const exponent = at > start ? exponentAt(bytes, at, end) : Number.NaN;
    if (Number.isNaN(exponent)) return otherCode(bytes, start, end);
    power -= exponent;
  }
  const code = packed(digits, power);
  return code >= 0 ? code : codeOfNumber(Number(textOf(bytes, start, end)));
}

/** The exponent `e-06` at bytes[at, end); NaN when it is none. */
function exponentAt(bytes: Uint8Array, at: number, end: number): number {
  if ((bytes[at] & 0xdf) !== 69) return Number.NaN;
  at++;
  const sign = bytes[at] === MINUS ? -1 : 1;
  if (bytes[at] === MINUS || bytes[at] === 43) at++;
  if (at === end || end - at > 3) return Number.NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return sign * value;
}

function otherCode(bytes: Uint8Array, start: number, end: number): number {
  const text = textOf(bytes, start, end);
  if (/^[-+]?nan$/i.test(text)) return MISSING;
  if (/^[-+]?inf(inity)?$/i.test(text)) return codeOfNumber(text.startsWith('-') ? -Infinity : Infinity);
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? codeOfNumber(Number(text)) : -1;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end);
}

/** Code of a number, to the six digits that a 32-bit float has; `MISSING` for NaN. */
export function codeOfNumber(value: number): number {
  if (Number.isNaN(value)) return MISSING;
  float[0] = value;
  if (float[0] > 0 && float[0] < Infinity) {
    const [digits, exponent] = float[0].toExponential(5).split('e');
    const code = packed(Number(digits.replace('.', '')), 5 - Number(exponent));
    if (code >= 0) return code;
  }
  return floatBits[0] >>> 24 === 0 ? 0 : floatBits[0];
}

/** Digits × 10^−power as a code; −1 when it does not fit. */
function packed(digits: number, power: number): number {
  if (digits === 0) return 0;
  while (digits % 10 === 0 && (power > 0 || digits > DIGITS_MAX)) {
    digits /= 10;
    power--;
  }
  while (power < 0 && digits <= DIGITS_MAX) {
    digits *= 10;
    power++;
  }
  return digits <= DIGITS_MAX && power >= 0 && power <= POWER_MAX ? (power << POWER_SHIFT) | digits : -1;
}

/** Appends the number of a code, signed or not, the way JavaScript prints it (`0.00001`, `3.97994e-7`). */
export function writeDecimal(code: number, out: ByteBuffer): void {
  if (code >>> 24 !== 0) {
    floatBits[0] = code;
    out.ascii(Number.isFinite(float[0]) ? String(Number(float[0].toPrecision(6))) : float[0] > 0 ? 'inf' : '-inf');
    return;
  }
  const digits = code & DIGITS_MASK;
  const power = code >>> POWER_SHIFT;
  if (power === 0) {
    out.integer(digits);
    return;
  }
  let length = 1;
  for (let limit = 10; digits >= limit; limit *= 10) length++;
  const whole = length - power;
  if (whole <= -6) {
    writeScientific(digits, length, 1 - whole, out);
    return;
  }
  out.reserve(24);
  const { bytes } = out;
  let at = out.length + (whole > 0 ? length + 1 : length - whole + 2);
  const point = whole > 0 ? out.length + whole : out.length + 1;
  const start = out.length;
  out.length = at;
  for (let rest = digits; --at >= start;) {
    if (at === point) bytes[at] = POINT;
    else {
      const next = (rest / 10) | 0;
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
  }
}

function writeScientific(digits: number, length: number, exponent: number, out: ByteBuffer): void {
  const scale = 10 ** (length - 1);
  const first = Math.floor(digits / scale);
  out.byte(ZERO + first);
  if (length > 1) {
    out.byte(POINT);
    for (let rest = digits - first * scale, unit = scale / 10; unit >= 1; unit /= 10) {
      const digit = Math.floor(rest / unit);
      out.byte(ZERO + digit);
      rest -= digit * unit;
    }
  }
  out.byte(101);
  out.byte(MINUS);
  out.integer(exponent);
}
