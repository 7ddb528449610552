import { expect, test } from 'bun:test';
import {
  sayCount,
  sayDay,
  sayDuration,
  sayExactly,
  sayMany,
  saySentence,
  sayShare,
  sayWhen,
} from '../../../web/components/say.ts';

const now = Date.parse('2026-11-22T19:30:00.000Z');
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();

test('counts have thousands separators, and their noun its number', () => {
  expect(sayCount(1_234_567.4)).toBe('1,234,567');
  expect(sayMany(1, 'variant')).toBe('1 variant');
  expect(sayMany(0, 'variant')).toBe('0 variants');
  expect(sayMany(2_048, 'record')).toBe('2,048 records');
});

test.each([
  [0, 10, '0 %'],
  [0, 0, '0 %'],
  [1, 100_000, '< 0.1 %'],
  [1, 3, '33.3 %'],
  [9_999, 10_000, '100 %'],
  [10, 10, '100 %'],
])('%d of %d is %s', (part, whole, said) => {
  expect(sayShare(part, whole)).toBe(said);
});

test.each([
  [0, '0 s'],
  [0.34, '0.3 s'],
  [45, '45 s'],
  [60, '1 min'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
  [86_400, '1 day'],
  [7 * 86_400, '7 days'],
  [90_061, '1 day 1 h'],
  [3_600, '1 h'],
  [3_605, '1 h'],
])('%d seconds are %s', (seconds, said) => {
  expect(sayDuration(seconds)).toBe(said);
});

test.each([
  [0, 'just now'],
  [-3, 'just now'],
  [3, 'in a moment'],
  [-45, '45 seconds ago'],
  [-180, '3 minutes ago'],
  [7_200, 'in 2 hours'],
  [-86_400 * 4, '4 days ago'],
  [-86_400 * 400, '13 months ago'],
])('%d seconds from now is %s', (seconds, said) => {
  expect(sayWhen(at(seconds), now)).toBe(said);
});

test('a moment is also said exactly, in UTC', () => {
  expect(sayExactly('2026-11-02T09:07:05.123Z')).toBe('2 November 2026, 09:07:05 UTC');
});

test.each([
  ['the file ends early', 'The file ends early.'],
  ['It is a picture. Send a VCF.', 'It is a picture. Send a VCF.'],
  ['chr1:5 lies beyond the end', 'chr1:5 lies beyond the end.'],
  ['why?', 'why?'],
])('%p is said as %p', (message, sentence) => {
  expect(saySentence(message)).toBe(sentence);
});

test('days are named as in a notebook', () => {
  expect(sayDay(at(-60), now)).toBe('Today');
  expect(sayDay(at(-86_400), now)).toBe('Yesterday');
  expect(sayDay(at(-3 * 86_400), now)).toBe('19 November 2026');
});
