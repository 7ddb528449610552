import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { UserError } from '../../jobs/errors.ts';
import { inputKey, parseInputKey, resultNames, safeFileName } from '../../jobs/keys.ts';

test.each([
  ['sample.vcf', 'sample.annot.vcf.gz', 'sample.vcf.count.log'],
  ['sample.vcf.gz', 'sample.annot.vcf.gz', 'sample.vcf.count.log'],
  ['Sample.VCF.BGZ', 'Sample.annot.vcf.gz', 'Sample.vcf.count.log'],
  ['no extension', 'no extension.annot.vcf.gz', 'no extension.vcf.count.log'],
  ['.vcf', 'input.annot.vcf.gz', 'input.vcf.count.log'],
])('the outputs of %s keep the names users know', (input, result, log) => {
  expect(resultNames(input)).toMatchObject({ result, log });
});

test.each([
  ['C:\\data\\my file.vcf', 'my file.vcf'],
  ['../../etc/passwd', 'passwd'],
  ['a"b<c>.vcf', 'a_b_c_.vcf'],
  ['new\nline.vcf', 'new_line.vcf'],
  ['', 'input.vcf'],
  ['...', 'input.vcf'],
])('the file name %p becomes the safe %p', (typed, safe) => {
  expect(safeFileName(typed)).toBe(safe);
});

test('any file name makes a key that can be taken apart again', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const fileName = safeFileName(typed);
      expect(parseInputKey(inputKey('user', 'job', fileName))).toEqual({ userId: 'user', jobId: 'job', fileName });
    }),
  );
});

test.each(['', 'user/job', 'user/job/a/b', '/job/file'])('the key %p belongs to no job', (key) => {
  expect(() => parseInputKey(key)).toThrow(UserError);
});
