import { expect, test } from 'bun:test';
import { sayShare } from '../../../anntools/report/say.ts';

test.each([
  [1, 8, '12.5 %'],
  [0, 8, '0.0 %'],
  [8, 8, '100.0 %'],
  [2, 7824, '< 0.1 %'],
  [7822, 7824, '> 99.9 %'],
  [0, 0, ''],
])('%d of %d is "%s": something is not told as nothing', (count, total, share) => {
  expect(sayShare(count, total)).toBe(share);
});
