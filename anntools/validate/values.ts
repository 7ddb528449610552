/** Lists of values as bytes: how many there are, and whether each is what its type says. */
import type { Dialect } from './dialect.ts';

const COMMA = 44;
const DOT = 46;
const MINUS = 45;
const PLUS = 43;
const QUOTE = 34;

export const ValueType = { ANY: 0, INTEGER: 1, FLOAT: 2, CHARACTER: 3, FLAG: 4 } as const;

export function valueType(type: string): number {
  if (type === 'Integer') return ValueType.INTEGER;
  if (type === 'Float') return ValueType.FLOAT;
  if (type === 'Character') return ValueType.CHARACTER;
  return type === 'Flag' ? ValueType.FLAG : ValueType.ANY;
}

/** BCF keeps the lowest eight 32-bit integers for itself (4.3 section 1.3). */
const INTEGER_MIN = -(2 ** 31) + 8;
const INTEGER_MAX = 2 ** 31 - 1;

/** One list at a time; `scan` fills the fields. */
export class ValueList {
  count = 0;
  /** How many are `.`. */
  missing = 0;
  /** How many have no length. */
  empty = 0;
  /** The first value that is not of its type, bytes[badStart, badEnd); badStart is -1 when there is none. */
  badStart = -1;
  badEnd = -1;
  /** Whether a number is below zero. */
  negative = false;

  constructor(private readonly dialect: Dialect) {}

  /** Reads bytes[start, end). A text in quotes is one value, whatever commas are in it (as hts-specs has it). */
  scan(bytes: Uint8Array, start: number, end: number, type: number): void {
    this.count = 0;
    this.missing = 0;
    this.empty = 0;
    this.badStart = -1;
    this.negative = false;
    if (type === ValueType.ANY && bytes[start] === QUOTE && end - start > 1 && bytes[end - 1] === QUOTE) {
      this.count = 1;
      return;
    }
    for (let from = start; from <= end;) {
      let to = from;
      while (to < end && bytes[to] !== COMMA) to++;
      this.count++;
      if (to === from) this.empty++;
      else if (to === from + 1 && bytes[from] === DOT) this.missing++;
      else if (type !== ValueType.ANY && this.badStart < 0 && !this.fits(bytes, from, to, type)) {
        this.badStart = from;
        this.badEnd = to;
      }
      from = to + 1;
    }
  }

  private fits(bytes: Uint8Array, start: number, end: number, type: number): boolean {
    if (type === ValueType.INTEGER) return this.isInteger(bytes, start, end);
    if (type === ValueType.FLOAT) return this.isFloat(bytes, start, end);
    return type !== ValueType.CHARACTER || isCharacter(bytes, start, end);
  }

  private isInteger(bytes: Uint8Array, start: number, end: number): boolean {
    const sign = bytes[start];
    let at = start;
    if (sign === MINUS || sign === PLUS) at++;
    if (at === end || end - at > 15) return false;
    let value = 0;
    for (; at < end; at++) {
      const digit = bytes[at] - 48;
      if (digit < 0 || digit > 9) return false;
      value = value * 10 + digit;
    }
    if (sign === MINUS) {
      if (value > 0) this.negative = true;
      return !this.dialect.strictNumbers || -value >= INTEGER_MIN;
    }
    return !this.dialect.strictNumbers || value <= INTEGER_MAX;
  }

  private isFloat(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    const negative = bytes[at] === MINUS;
    if (negative || bytes[at] === PLUS) at++;
    const whole = at;
    while (at < end && isDigit(bytes[at])) at++;
    let digits = at - whole;
    if (at < end && bytes[at] === DOT) {
      const fraction = ++at;
      while (at < end && isDigit(bytes[at])) at++;
      // 4.3: `1.` is no Float, `.1` is.
      if (at === fraction && this.dialect.strictNumbers) return false;
      digits += at - fraction;
    }
    if (digits === 0) return isInfinityOrNaN(bytes, whole, end);
    if (negative) this.negative = true;
    return at === end || isExponent(bytes, at, end);
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isExponent(bytes: Uint8Array, start: number, end: number): boolean {
  if ((bytes[start] | 0x20) !== 101) return false;
  let at = start + 1;
  if (bytes[at] === MINUS || bytes[at] === PLUS) at++;
  if (at === end) return false;
  for (; at < end; at++) if (!isDigit(bytes[at])) return false;
  return true;
}

/** 4.3 section 1.3, whatever the case. */
function isInfinityOrNaN(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= 8 && /^(inf|infinity|nan)$/i.test(Buffer.prototype.latin1Slice.call(bytes, start, end));
}

/** One character, of however many bytes of UTF-8; or one that is percent-encoded. */
function isCharacter(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start === 1) return true;
  if (end - start === 3 && bytes[start] === 37) return true;
  return end - start <= 4 && [...Buffer.prototype.utf8Slice.call(bytes, start, end)].length === 1;
}
