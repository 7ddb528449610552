/**
 * Haplotypes beside bcftools csq: its own test suite, and made variants with phased genotypes around exon borders of 42
 * regions. What differs is named in docs/decisions/042-haplotypes.md. Needs the shared data.
 */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { referenceOf, SHARED } from './conformance/answers.ts';
import { answersOf, casesOf, phasedLines, sorted } from './haplotype/suite.ts';

setDefaultTimeout(120_000);

const scratch = mkdtempSync(join(tmpdir(), 'haplotype-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const data = join(SHARED, 'conformance');
const folders = existsSync(data) ? readdirSync(join(data, 'csq')) : [];

const DIFFERENT = [
  // A ribosomal slippage, which bcftools takes with `--force` as two coding segments without a common frame.
  'EMN908947 ribosomal-slippage.cmd 1',
  // A start that another codon of the standard code keeps (`-C 1`); VEP, and bcftools by default, know ATG alone.
  'ENST00000368801.2 alt-gencode.2.cmd 1',
];

describe.skipIf(!existsSync(data))('bcftools csq (needs shared data)', () => {
  test('its own test suite', () => {
    const wrong: string[] = [];
    const left: string[] = [];
    let count = 0;
    for (const folder of folders) {
      const found = casesOf(join(data, 'csq', folder));
      left.push(...found.left.map((one) => `${folder} ${one}`));
      for (const one of found.cases) {
        count++;
        const { ours, theirs } = answersOf(one, scratch);
        if (ours.symmetricDifference(theirs).size > 0) wrong.push(`${folder} ${one.name}`);
      }
    }
    expect(wrong).toEqual(DIFFERENT);
    expect(left).toHaveLength(3);
    expect(count).toBe(111);
  });

  test('made variants with phased genotypes, by bcftools 1.23', () => {
    let records = 0;
    let same = 0;
    for (const name of readdirSync(join(data, 'csq-haplotype'))) {
      const answers = join(data, 'csq-haplotype', name, 'expected.phased.vcf');
      const [fasta, genes] = ['ref.fa', 'genes.gff3'].map((file) => join(data, 'vep', name, file));
      if (fasta === undefined || genes === undefined || !existsSync(answers) || !existsSync(fasta)) continue;
      const lines = readFileSync(answers, 'latin1').split('\n').filter(Boolean);
      const ours = phasedLines(referenceOf(fasta, genes), lines, 'as-is');
      const theirs = lines
        .filter((line) => !line.startsWith('#'))
        .map((line) => /BCSQ=([^;\t]*)/.exec(line)?.[1] ?? '');
      theirs.forEach((entries, i) => {
        records++;
        if (sorted(entries) === sorted(ours[i]?.[1] ?? '')) same++;
      });
    }
    expect(records).toBe(5066);
    expect(same).toBeGreaterThanOrEqual(4585);
  });
});
