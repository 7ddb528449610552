/** The example files of hts-specs and of EBI's validator: each verdict, and that a failure is found where it lies. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { validateVcf } from '../../../anntools/validate/validate.ts';

const odd = join(import.meta.dir, '../../../../shared/data/odd');

/** By the beginning of a failed file's name, the columns in which what it fails for lies. */
const COLUMNS: readonly (readonly [name: RegExp, column: RegExp])[] = [
  [/^body_(alt|duplicated)/, /^ALT$/],
  [/^body_(chrom|contiguous)/, /^CHROM$/],
  [/^body_(pos|unsorted)/, /^POS$/],
  [/^body_(id|ref|qual|filter|info)/, /^(ID|REF|QUAL|FILTER|INFO)$/],
  [/^body_format/, /^(FORMAT|HG\d+)$/],
  [/^body_samples?/, /^(HG\d+|#CHROM)$/],
  [/^body_no_newline/, /^line$/],
  [/^empty/, /^file$/],
  [/^header/, /^#CHROM$/],
  [/^fileformat/, /^##fileformat$/],
  [/^meta_(004|005)/, /^line$/],
  [/^meta_00/, /^##/],
  [/^meta_[a-z]/i, /^##/],
];

/** EBI accepts these; the specification does not: docs/decisions/040-validate.md. */
const DISAGREEING = ['4.1', '4.2'].flatMap((version) =>
  ['body_chrom', 'body_info'].map((name) => `test/input_files/v${version}/passed/passed_${name}.vcf`),
);

describe.skipIf(!existsSync(odd))('the files of hts-specs and EBI (need ../shared/data)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odd-'));
  let paths: string[] = [];
  beforeAll(() => {
    for (const archive of readdirSync(odd).filter((name) => name.endsWith('.tar.gz')))
      Bun.spawnSync(['tar', 'xzf', join(odd, archive), '-C', folder]);
    paths = [...new Bun.Glob('test/**/*.vcf').scanSync(folder)].toSorted();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('76 and 50 that pass are passed, but for those EBI passes against the specification', async () => {
    const passed = paths.filter((path) => path.includes('/passed/'));
    expect([passed.filter((path) => path.startsWith('test/vcf/')).length, passed.length]).toEqual([76, 126]);
    const flagged: string[] = [];
    for (const path of passed) {
      for await (const _ of validateVcf(join(folder, path))) {
        flagged.push(path);
        break;
      }
    }
    expect(flagged).toEqual(DISAGREEING);
  });

  test('607 and 381 that fail are flagged, where what they fail for lies', async () => {
    const failed = paths.filter((path) => path.includes('/failed/'));
    expect([failed.filter((path) => path.startsWith('test/vcf/')).length, failed.length]).toEqual([607, 988]);
    const missed: string[] = [];
    for (const path of failed) {
      const name = basename(path, '.vcf').replace('failed_', '');
      const expected = COLUMNS.find(([begins]) => begins.test(name))?.[1];
      const found = await Array.fromAsync(validateVcf(join(folder, path)));
      if (!found.some(({ column }) => expected?.test(column))) missed.push(path);
      expect(
        found.every(
          ({ line, reason, section }) => line > 0 && reason !== '' && /^VCF 4\.\d section [\d.]+$/.test(section),
        ),
      ).toBe(true);
    }
    expect(missed).toEqual([]);
  });
});
