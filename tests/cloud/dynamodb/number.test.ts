import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import {
  addNumbers,
  compareNumbers,
  encodeNumber,
  normalizeNumber,
  numberSize,
  subtractNumbers,
} from '../../../cloud/dynamodb/number.ts';

describe('a number has one normal form', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['0e1000', '0'],
    ['+3', '3'],
    ['0001.2300', '1.23'],
    ['.123', '0.123'],
    ['1.', '1'],
    ['100', '100'],
    ['1e2', '100'],
    ['1.5E+3', '1500'],
    ['-17.4E37', `-174${'0'.repeat(36)}`],
    ['12345e-3', '12.345'],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    ['9.99e125', `999${'0'.repeat(123)}`],
    ['31415926535897932384626433832795028841', '31415926535897932384626433832795028841'],
  ])('%s is %s', (given, normal) => {
    expect(normalizeNumber(given)).toBe(normal);
    expect(normalizeNumber(normal)).toBe(normal);
  });
});

describe('what is no number, or out of range, is refused in the words of AWS', () => {
  test.each([
    ['', 'The parameter cannot be converted to a numeric value'],
    ['dog', 'The parameter cannot be converted to a numeric value: dog'],
    [' 1', 'The parameter cannot be converted to a numeric value:  1'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['.', 'The parameter cannot be converted to a numeric value: .'],
    ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1.0e100000000', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    ['3.14159265358979323846264338327950288419', 'Attempting to store more than 38 significant digits in a Number'],
  ])('%s', (given, message) => {
    expect(() => normalizeNumber(given)).toThrow(message);
  });
});

describe('sums are exact', () => {
  test.each([
    ['1', '10000000000000000000000', '10000000000000000000001'],
    ['0.1', '0.2', '0.3'],
    ['5', '-5', '0'],
    ['-1.5', '1000', '998.5'],
    ['0', '1e-130', '1e-130'],
  ])('%s + %s = %s', (a, b, sum) => {
    expect(addNumbers(normalizeNumber(a), normalizeNumber(b))).toBe(normalizeNumber(sum));
    expect(subtractNumbers(normalizeNumber(sum), normalizeNumber(b))).toBe(normalizeNumber(a));
  });

  test('a sum that needs more than 38 digits, or is too great, overflows', () => {
    const [great, greatest] = [normalizeNumber('1e50'), normalizeNumber('9e125')];
    expect(() => addNumbers(great, '1')).toThrow('Number overflow');
    expect(() => addNumbers(greatest, greatest)).toThrow('Number overflow');
    expect(() => subtractNumbers(greatest, normalizeNumber('-9e125'))).toThrow('Number overflow');
  });
});

/** Any number DynamoDB can hold, as a digit string and a power of ten. */
const anyNumber = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: -130, max: 88 }))
  .map(([digits, power]) => `${digits}e${power}`);

/** Small numbers, so that equal ones and neighbours are met. */
const nearNumber = fc
  .tuple(fc.integer({ min: -120, max: 120 }), fc.integer({ min: -2, max: 2 }))
  .map(([digits, power]) => `${digits}e${power}`);

const twoNumbers = fc.oneof(fc.tuple(anyNumber, anyNumber), fc.tuple(nearNumber, nearNumber));

test('the order of numbers is that of fractions of big integers, and of their key bytes', () => {
  fc.assert(
    fc.property(twoNumbers, ([a, b]) => {
      const expected = Math.sign(Number(scaled(a) - scaled(b) > 0n) - Number(scaled(a) - scaled(b) < 0n));
      const [x, y] = [normalizeNumber(a), normalizeNumber(b)];
      expect(Math.sign(compareNumbers(x, y))).toBe(expected);
      expect(Math.sign(Buffer.compare(encodeNumber(x), encodeNumber(y)))).toBe(expected);
      expect(x === y).toBe(expected === 0);
    }),
  );
});

test('the key bytes of one number never begin those of another', () => {
  fc.assert(
    fc.property(twoNumbers, ([a, b]) => {
      const [x, y] = [encodeNumber(normalizeNumber(a)), encodeNumber(normalizeNumber(b))];
      const shared = Math.min(x.length, y.length);
      expect(Buffer.compare(x.subarray(0, shared), y.subarray(0, shared)) === 0).toBe(Buffer.compare(x, y) === 0);
    }),
  );
});

test('small sums agree with big integers', () => {
  fc.assert(
    fc.property(fc.tuple(nearNumber, nearNumber), ([a, b]) => {
      const sum = addNumbers(normalizeNumber(a), normalizeNumber(b));
      expect(scaled(`${sum}e0`)).toBe(scaled(a) + scaled(b));
    }),
  );
});

test('a number takes a byte for two digits, one more, and one for a minus', () => {
  expect(['0', '1', '12', '123', '-123', '1200000', '0.001'].map(numberSize)).toEqual([1, 2, 2, 3, 4, 2, 2]);
});

/** In units of 10^-180, by hand. */
function scaled(text: string): bigint {
  const [, sign = '', whole = '', fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?e(-?\d+)$/.exec(text) ?? [];
  const magnitude = BigInt(whole + fraction) * 10n ** BigInt(180 - fraction.length + Number(power));
  return sign === '-' ? -magnitude : magnitude;
}
