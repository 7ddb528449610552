/** Changes of one haplotype told together, from a VCF to its BCSQ. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { openBundle } from '../../../anntools/bundle/open.ts';
import type { FormName } from '../../../anntools/forms/form.ts';
import type { Unphased } from '../../../anntools/haplotype/genotypes.ts';
import { PhasedConsequences } from '../../../anntools/haplotype/phased.ts';
import { annotateFile } from '../../../anntools/index.ts';
import { workerUrl } from '../../support/annotation-worker.ts';
import { CONTIG_LENGTH, basesOf, makeSmallReference } from '../../support/small-reference.ts';

const root = mkdtempSync(join(tmpdir(), 'phased-'));
const reference = join(root, 'reference');
beforeAll(() => makeSmallReference(reference));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bases = basesOf('1');
const other = (base: string): string => (base === 'A' ? 'C' : 'A');
/** The SNV at a one-based position. */
const snv = (position: number, genotypes = ''): string =>
  `1\t${position}\t.\t${bases[position - 1]}\t${other(bases[position - 1] ?? '')}\t.\t.\tX=1${genotypes === '' ? '' : `\tGT\t${genotypes.replaceAll(' ', '\t')}`}`;
/** One base after a position is gone, or an A is new. */
const deletion = (position: number): string =>
  `1\t${position}\t.\t${bases.slice(position - 1, position + 1)}\t${bases[position - 1]}\t.\t.\t.`;
const insertion = (position: number): string =>
  `1\t${position}\t.\t${bases[position - 1]}\t${bases[position - 1]}A\t.\t.\t.`;

function vcf(records: readonly string[], samples = ''): string {
  const columns = `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO${samples === '' ? '' : `\tFORMAT\t${samples.replaceAll(' ', '\t')}`}`;
  return ['##fileformat=VCFv4.2', `##contig=<ID=1,length=${CONTIG_LENGTH}>`, columns, ...records, ''].join('\n');
}

async function annotated(text: string, form: FormName = 'bcsq', phased: Unphased = 'skip') {
  const input = join(root, 'in.vcf');
  const output = join(root, 'out.vcf');
  writeFileSync(input, text);
  const summary = await annotateFile({ input, output, reference, options: { form, phased }, threads: 2, workerUrl });
  const result = readFileSync(output, 'latin1');
  const infos = result.split('\n').flatMap((line) => (/^[^#]/.test(line) ? [line.split('\t')[7] ?? ''] : []));
  return { summary, result, infos, codes: summary.warnings.map(({ code }) => code) };
}

// The coding sequence begins at 1101 (one-based); its second codon is 1104–1106.
describe('changes of one codon', () => {
  test('on one haplotype are told together, where they come first', async () => {
    const { infos } = await annotated(vcf([snv(1104, '0|1'), snv(1106, '0|1')], 'S'));
    expect(infos[0]).toMatch(
      /^X=1;BCSQ=[a-z_]+\|GENE1\|T1\|protein_coding\|\+\|2[A-Z*]>2[A-Z*]\|1104[ACGT]>[AC]\+1106[ACGT]>[AC]$/,
    );
    expect(infos[1]).toBe('X=1;BCSQ=@1104');
  });

  test('on two haplotypes are told apart', async () => {
    const { infos } = await annotated(vcf([snv(1104, '1|0'), snv(1106, '0|1')], 'S'));
    expect(infos.map((info) => info.includes('+110') || info.includes('@'))).toEqual([false, false]);
  });

  test('both ways, where samples differ', async () => {
    const { infos } = await annotated(vcf([snv(1104, '0|1 1|0'), snv(1106, '0|1 0|1')], 'S T'));
    expect(infos[0]?.split(',').length).toBe(2);
    expect(infos[1]).toMatch(/BCSQ=@1104,[a-z]/);
  });

  test.each<[Unphased, string, boolean]>([
    ['skip', '0/1', false],
    ['as-is', '0/1', true],
    ['merge', '1/0', true],
    ['skip', '1/1', true],
    ['skip', './.', false],
    ['skip', '1', true],
    ['skip', '0/1/1', false],
  ])('without phase, %s, %s', async (unphased, genotype, isTogether) => {
    const { infos, codes } = await annotated(vcf([snv(1104, genotype), snv(1106, genotype)], 'S'), 'bcsq', unphased);
    expect(infos[1] === 'X=1;BCSQ=@1104').toBe(isTogether);
    expect(codes.includes('UNPHASED')).toBe(genotype === '0/1' || genotype === '1/0');
  });
});

test('an indel restores the frame that another one broke', async () => {
  const { infos, codes } = await annotated(vcf([deletion(1110), insertion(1118)]));
  expect(infos[0]).toMatch(/^BCSQ=(missense&)?inframe_altering\|GENE1\|T1\|.*\+1118[ACGT]>[ACGT]A$/);
  expect(infos[1]).toBe('BCSQ=@1110');
  expect(codes).toContain('NO_GENOTYPES');
});

test('CSQ and ANN stand beside it, an old BCSQ goes, tables and objects have no place for it', async () => {
  const records = [snv(1104, '0|1').replace('X=1', 'X=1;BCSQ=old'), snv(1106, '0|1'), 'not a record', snv(2900, '0|1')];
  const { infos, result } = await annotated(vcf(records, 'S'), 'csq');
  expect(infos[0]).toMatch(/^X=1;BCSQ=[a-z].*;CSQ=/);
  expect(infos[1]).toMatch(/^X=1;BCSQ=@1104;CSQ=/);
  expect(result.split('\n').filter((line) => !line.startsWith('#'))[2]).toBe('not a record');
  expect(result).toContain('Haplotype-aware consequence annotation');
  expect(result.match(/##INFO=<ID=BCSQ/g)).toHaveLength(1);
  await expect(annotated(vcf(records, 'S'), 'tsv')).rejects.toThrow(/haplotypes are told of in INFO\/BCSQ/);
});

test('every line comes out, in order and otherwise as it was, wherever the bytes are cut', () => {
  const opened = openBundle(reference);
  const position = fc.integer({ min: 990, max: 1620 });
  const genotype = fc.constantFrom('0|0', '0|1', '1|0', '1|1', '0/1', '.', '1');
  const odd = fc.constantFrom('', 'x', '1\t5', '1\tx\t.\tA\tC\t.\t.\t.');
  const line = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(position, genotype).map(([at, gt]) => snv(at, gt)) },
    { weight: 1, arbitrary: odd },
  );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 30 }),
      fc.integer({ min: 1, max: 400 }),
      fc.boolean(),
      (lines, size, isSorted) => {
        const at = (text: string): number => Number(text.split('\t')[1]) || 0;
        const given = isSorted ? lines.toSorted((a, b) => at(a) - at(b)) : lines;
        const phased = new PhasedConsequences(opened, { transcripts: 'all', unphased: 'skip', contigOf: () => 0 });
        const bytes = Buffer.from(given.map((one) => `${one}\n`).join(''));
        let out = '';
        for (let from = 0; from < bytes.length; from += size) {
          out += Buffer.from(phased.push(bytes.subarray(from, from + size))).toString();
        }
        out += Buffer.from(phased.end()).toString();
        expect(out.replace(/;BCSQ=[^\t\n]*/g, '')).toBe(bytes.toString());
      },
    ),
    { numRuns: 60 },
  );
});
