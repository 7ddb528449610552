import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { codeOfNumber, decimalCode, writeDecimal } from '../../../anntools/lookup/decimal-code.ts';
import { MISSING } from '../../../anntools/lookup/known-format.ts';

function codeOf(text: string): number {
  const bytes = Buffer.from(text);
  return decimalCode(bytes, 0, bytes.length);
}

function printed(code: number): string {
  const out = new ByteBuffer();
  writeDecimal(code, out);
  return out.view().toString();
}

test.each([
  ['0', '0'],
  ['0.00000', '0'],
  ['1', '1'],
  ['0.5', '0.5'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['12.50', '12.5'],
  ['3.97994e-06', '0.00000397994'],
  ['1e-7', '1e-7'],
  ['1.25E-9', '1.25e-9'],
  ['0.000199681', '0.000199681'],
  ['999999', '999999'],
  ['1234567', '1234570'],
  ['0.12345678', '0.123457'],
  ['-7.80000e-03', '-0.0078'],
  ['+2', '2'],
  ['1e30', '1e+30'],
  ['1e-20', '1e-20'],
  ['1e-300', '0'],
  ['inf', 'inf'],
  ['100000000', '100000000'],
])('%s is kept as %s', (text, kept) => {
  expect(printed(codeOf(text))).toBe(kept);
});

test.each(['.', '', 'nan', 'NaN'])("'%s' is missing", (text) => {
  expect(codeOf(text)).toBe(MISSING);
});

test.each(['x', '1x', '1e', 'e5', '1.2.3', '--1', '1,2'])('%s is no number', (text) => {
  expect(codeOf(text)).toBe(-1);
});

test('six digits come back exactly, in three bytes where they are a frequency', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 9 }), (digits, power) => {
      const text = `${digits}e-${power}`;
      const code = codeOf(text);
      expect(Number(printed(code))).toBe(Number(text));
      expect(code).toBeLessThan(0xfffffe);
      expect(codeOfNumber(Number(text))).toBe(code);
    }),
  );
});

test('any number comes back as its 32-bit float does to six digits', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: Math.fround(-1e37), max: Math.fround(1e37) }), (value) => {
      fc.pre(value === 0 || Math.abs(value) >= 2 ** -125);
      expect(Number(printed(codeOfNumber(value))) + 0).toBe(Number(value.toPrecision(6)) + 0);
    }),
  );
});
