/**
 * DynamoDB's Number: an exact decimal of at most 38 significant digits, from 1e-130 to 9.99…e+125, positive,
 * negative or zero (Developer Guide, "Data types"). Kept as a plain decimal string in one normal form, so that equal
 * numbers are equal strings; JavaScript's own numbers would lose digits.
 */
import { validation } from './errors.ts';

const exponentMin = -130;
const exponentMax = 125;
const digitsMax = 38;

/** d.ddd × 10^exponent. `digits` has no zero at either end and is empty for zero. */
interface Decimal {
  negative: boolean;
  digits: string;
  exponent: number;
}

/** The normal form of a number a client sent. Throws ValidationException when it is none, or out of range. */
export function normalizeNumber(text: string): string {
  return /^(?:0|-?[1-9]\d{0,37})$/.test(text) ? text : format(inRange(parse(text)));
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`; both in normal form. */
export function compareNumbers(a: string, b: string): number {
  const x = parse(a);
  const y = parse(b);
  const signs = sign(x) - sign(y);
  return signs !== 0 ? signs : sign(x) * compareMagnitudes(x, y);
}

/** a + b, both in normal form. Throws ValidationException when the sum is out of range. */
export function addNumbers(a: string, b: string): string {
  const x = parse(a);
  const y = parse(b);
  const scale = Math.min(lastPlace(x), lastPlace(y));
  const sum = scaled(x, scale) + scaled(y, scale);
  const digits = (sum < 0n ? -sum : sum).toString();
  const total = trimmed(sum < 0n, digits, scale + digits.length - 1);
  // AWS calls too many digits of a sum an overflow too.
  if (total.digits.length > digitsMax) throw overflow();
  return format(inRange(total));
}

/** a − b, both in normal form. */
export function subtractNumbers(a: string, b: string): string {
  return addNumbers(a, b === '0' ? b : b.startsWith('-') ? b.slice(1) : `-${b}`);
}

/**
 * Bytes that sort as the number does and say themselves where they end:
 *
 *     zero       1
 *     positive   2, exponent + 130, '0'…'9' each digit, 0
 *     negative   0, 125 − exponent, '9'…'0' for 0…9, 255
 */
export function encodeNumber(text: string): Uint8Array {
  const { negative, digits, exponent } = parse(text);
  if (digits === '') return Uint8Array.of(1);
  const bytes = new Uint8Array(digits.length + 3);
  bytes[0] = negative ? 0 : 2;
  bytes[1] = negative ? exponentMax - exponent : exponent - exponentMin;
  for (let i = 0; i < digits.length; i++) {
    bytes[i + 2] = negative ? 0x69 - digits.charCodeAt(i) : digits.charCodeAt(i);
  }
  bytes[digits.length + 2] = negative ? 255 : 0;
  return bytes;
}

/**
 * How many bytes AWS counts for a number: one, one for two digits on each side of the decimal point, one for a minus.
 * Its documentation is not exact; this is what nubo-db/dynamodb-conformance (`src/item-size.ts`) measured.
 */
export function numberSize(text: string): number {
  const { negative, digits, exponent } = parse(text);
  if (digits === '') return 1;
  const whole = Math.min(Math.max(exponent + 1, 0), digits.length);
  const fraction = digits.length - whole;
  // 100.5: the zeros between the point and the digits before it count, those of 100 do not.
  return 1 + Math.ceil(whole / 2) + Math.ceil(fraction / 2) + (negative ? 1 : 0);
}

function parse(text: string): Decimal {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const [, minus = '', whole = '', fraction = '', power = '0'] = match ?? [];
  if (!match || whole + fraction === '') {
    const what = text === '' ? '' : `: ${text}`;
    throw validation(`The parameter cannot be converted to a numeric value${what}`);
  }
  return trimmed(minus === '-', whole + fraction, whole.length - 1 + Number(power));
}

/** Without zeros at the ends; `exponent` is that of the first digit given. */
function trimmed(negative: boolean, digits: string, exponent: number): Decimal {
  const first = digits.search(/[1-9]/);
  if (first === -1) return { negative: false, digits: '', exponent: 0 };
  return { negative, digits: digits.slice(first).replace(/0+$/, ''), exponent: exponent - first };
}

function inRange(decimal: Decimal): Decimal {
  if (decimal.exponent > exponentMax) throw overflow();
  if (decimal.exponent < exponentMin) {
    throw validation('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (decimal.digits.length > digitsMax) {
    throw validation('Attempting to store more than 38 significant digits in a Number');
  }
  return decimal;
}

function overflow(): Error {
  return validation('Number overflow. Attempting to store a number with magnitude larger than supported range');
}

function format({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const minus = negative ? '-' : '';
  if (exponent < 0) return `${minus}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? minus + whole : `${minus}${whole}.${fraction}`;
}

function sign({ digits, negative }: Decimal): number {
  return digits === '' ? 0 : negative ? -1 : 1;
}

function compareMagnitudes(x: Decimal, y: Decimal): number {
  if (x.exponent !== y.exponent) return x.exponent - y.exponent;
  return x.digits < y.digits ? -1 : x.digits > y.digits ? 1 : 0;
}

/** The power of ten of the last digit. */
function lastPlace({ digits, exponent }: Decimal): number {
  return digits === '' ? 0 : exponent - digits.length + 1;
}

/** The number in units of 10^scale. */
function scaled(decimal: Decimal, scale: number): bigint {
  if (decimal.digits === '') return 0n;
  const magnitude = BigInt(decimal.digits + '0'.repeat(lastPlace(decimal) - scale));
  return decimal.negative ? -magnitude : magnitude;
}
