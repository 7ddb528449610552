/** Results of every form, from end to end: golden small cases, every record in each, real files whole. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import * as fc from 'fast-check';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FORM_NAMES, type FormName } from '../../../anntools/forms/form.ts';
import { annotateFile } from '../../../anntools/index.ts';
import type { AnnotateOptions } from '../../../anntools/pipeline/run.ts';
import { workerUrl } from '../../support/annotation-worker.ts';
import { anntools } from '../../support/command.ts';
import { basesOf, makeSmallReference } from '../../support/small-reference.ts';
import { starterFolder } from '../../support/starter.ts';
import { anyLine, header } from '../../support/vcf.ts';

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const reference = join(folder, 'small');
beforeAll(() => makeSmallReference(reference));

async function result(
  form: FormName,
  lines: readonly string[],
  options: AnnotateOptions = {},
  newline = '\n',
): Promise<string> {
  const input = join(folder, 'in.vcf');
  writeFileSync(input, header() + lines.map((line) => line + newline).join(''), 'latin1');
  const output = join(folder, isVcf(form) ? 'out.vcf' : 'out.txt');
  await annotateFile({ input, output, reference, options: { form, ...options } });
  return readFileSync(output, 'latin1');
}

const isVcf = (form: FormName) => form !== 'tsv' && form !== 'json';
const dataOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .filter((line) => !line.startsWith('#'));
const base = (position: number) => basesOf('1')[position - 1] ?? 'N';

/** One-based positions on contig 1: coding (exon 1), intron, far from the gene's end but in reach. */
const coding = `1\t1151\trs1;x\t${base(1151)}\tA\t50.5\tPASS\tDP=1`;
const several = `1\t1300\t.\t${base(1300)}\t${base(1300)}TT,<NON_REF>\t.\tq10;s50\t.`;
const unknown = '77\t5\t.\tA\tC\t.\t.\t.';

describe('a table', () => {
  test('has a header that says with what, and a row for each allele and transcript', async () => {
    const fields = ['CHROM', 'POS', 'ID', 'REF', 'ALT', 'FILTER', 'SYMBOL', 'Consequence', 'HGVSp', 'Known_N'];
    const text = await result('tsv', [coding, several, unknown], { fields });
    const [first = '', second = '', third = ''] = text.split('\n');
    expect(first).toStartWith('##anntools=<ID=annotate,Version="');
    expect(first).not.toContain(folder);
    expect(second).toContain('. is no value');
    expect(third).toBe(`#${fields.join('\t')}`);
    const rows = dataOf(text).map((line) => line.split('\t'));
    expect(rows.map((row) => row.slice(0, 7))).toEqual([
      ['1', '1151', 'rs1;x', base(1151), 'A', 'PASS', 'GENE1'],
      ['1', '1300', '.', base(1300), `${base(1300)}TT`, 'q10;s50', 'GENE1'],
      ['1', '1300', '.', base(1300), '<NON_REF>', 'q10;s50', '.'],
      ['77', '5', '.', 'A', 'C', '.', '.'],
    ]);
    expect(rows.map((row) => row[7])).toEqual([expect.stringMatching(/_variant|_gained/), 'intron_variant', '.', '.']);
    expect(rows[0]?.[9]).toBe('1150');
  });

  test('writes the characters that a VCF encodes as they are, and what would break a row as an escape', async () => {
    const fields = ['ID', 'HGVSp', 'QUAL'];
    const synonymous = ['A', 'C', 'G', 'T'].map((alt) => `1\t1105\ta\\b\t${base(1105)}\t${alt}\t.\t.\t.`);
    const rows = dataOf(await result('tsv', synonymous, { fields })).map((line) => line.split('\t'));
    for (const row of rows) expect(row[0]).toBe('a\\\\b');
    for (const row of rows) expect(row[1]).not.toContain('%');
    expect(await result('tsv', ['#1\t2\t3'], { fields })).toContain('# not a record: #1\\t2\\t3\n');
  });

  test('has the same number of columns in every row, and every record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), async (lines, newline) => {
        const text = await result('tsv', lines, {}, newline);
        const [, , columns = ''] = text.split('\n');
        const [comments, rows] = partition(text.split('\n').slice(3, -1), (line) =>
          line.startsWith('# not a record: '),
        );
        for (const row of rows) expect(row.split('\t').length).toBe(columns.split('\t').length);
        const objects = dataOf(await result('json', lines, {}, newline)).map((line) => JSON.parse(line) as Told);
        const [records, others] = partition(objects, ({ vcf }) => vcf !== undefined);
        expect(comments.length).toBe(others.length);
        expect(new Set(rows.map(placeOf))).toEqual(new Set(records.map(({ vcf }) => `${vcf?.chrom}:${vcf?.pos}`)));
      }),
      { numRuns: 30 },
    );
  });
});

interface Told {
  vcf?: { chrom: string; pos: number };
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

/** `chrom:pos` of a row, its escapes undone. */
function placeOf(row: string): string {
  const [chrom = '', position = ''] = Buffer.from(row, 'latin1').toString('utf8').replace(/^\\#/, '#').split('\t');
  return `${chrom.replaceAll('\\\\', '\\')}:${Number(position)}`;
}

async function countsOf(lines: readonly string[], newline: string) {
  const input = join(folder, 'counted.vcf');
  writeFileSync(input, header() + lines.map((line) => line + newline).join(''), 'latin1');
  return annotateFile({ input, output: join(folder, 'counted.out.vcf'), reference });
}

describe('JSON lines', () => {
  test('have VEP’s keys', async () => {
    const [first, second, third] = dataOf(await result('json', [coding, several, unknown])).map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    expect(first).toMatchObject({
      id: 'rs1;x',
      seq_region_name: '1',
      start: 1151,
      end: 1151,
      allele_string: `${base(1151)}/A`,
      strand: 1,
      vcf: { chrom: '1', pos: 1151, ref: base(1151), alt: ['A'], qual: 50.5, filter: ['PASS'] },
      transcript_consequences: [
        { gene_symbol: 'GENE1', gene_id: 'G1', transcript_id: 'T1', variant_allele: 'A', cds_start: 51, cds_end: 51 },
      ],
      custom_annotations: { Known: [{ allele: 'A', fields: { Known_N: 1150 } }] },
    });
    expect(second).toMatchObject({
      allele_string: `${base(1300)}/${base(1300)}TT/<NON_REF>`,
      most_severe_consequence: 'intron_variant',
      transcript_consequences: [{ allele_num: 1, intron: '1/1' }],
    });
    expect(third).toEqual({
      assembly_name: 'small',
      seq_region_name: '77',
      start: 5,
      end: 5,
      allele_string: 'A/C',
      strand: 1,
      vcf: { chrom: '77', pos: 5, ref: 'A', alt: ['C'] },
    });
  });

  test('place indels as VEP does', async () => {
    const bases = basesOf('1').slice(1299, 1302);
    const lines = [`1\t1300\t.\t${bases}\t${bases[0]}\t.\t.\t.`, `1\t1300\t.\t${bases[0]}\t${bases[0]}TT\t.\t.\t.`];
    const told = dataOf(await result('json', lines)).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told).toMatchObject([
      { start: 1301, end: 1302, allele_string: `${bases.slice(1)}/-` },
      { start: 1301, end: 1300, allele_string: '-/TT' },
    ]);
  });

  test('parse, one for each line, whatever the lines are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), async (lines, newline) => {
        const objects = (await result('json', lines, {}, newline)).split('\n').slice(0, -1);
        const parsed = objects.map((line) => JSON.parse(line) as { unreadable?: string; vcf?: { pos: number } });
        const { lines: count, records } = await countsOf(lines, newline);
        expect(parsed.length).toBe(count);
        expect(parsed.filter(({ vcf }) => vcf !== undefined).length).toBe(records);
      }),
      { numRuns: 30 },
    );
  });

  test('are UTF-8 where the file is', async () => {
    const id = Buffer.from('é–\u{1f9ec}').toString('latin1');
    const [line = ''] = dataOf(await result('json', [`1\t1300\t${id}\t${base(1300)}\tA\t.\t.\t.`]));
    expect((JSON.parse(line) as { id: string }).id).toBe('é–\u{1f9ec}');
  });
});

describe('a VCF with ANN or BCSQ', () => {
  test.each(['ann', 'bcsq'] as const)('%s describes its field and keeps every line', async (form) => {
    const lines = [coding, several, unknown];
    const text = await result(form, lines);
    const id = form.toUpperCase();
    expect(text).toMatch(new RegExp(`^##INFO=<ID=${id},Number=\\.,Type=String,Description="[^"\\n]+">$`, 'm'));
    expect(text).not.toContain('ID=CSQ');
    const infos = dataOf(text).map((line) => line.split('\t')[7] ?? '');
    expect(infos.length).toBe(3);
    expect(infos[0]).toMatch(new RegExp(`^DP=1;${id}=[^;]+;Known_N=1150$`));
    expect(infos[2]).toBe('.');
  });
});

describe('fields', () => {
  test('of CSQ are those asked for, in that order', async () => {
    const text = await result('csq', [coding], { fields: ['SYMBOL', 'Allele', 'IMPACT', 'Consequence'] });
    expect(text).toContain('Format: SYMBOL|Allele|IMPACT|Consequence">');
    expect(dataOf(text)[0]).toMatch(/;CSQ=GENE1\|A\|(HIGH|MODERATE|LOW)\|[a-z_&]+;/);
  });

  test.each([
    [['--format', 'xml'], "--format is one of csq, ann, bcsq, tsv, json, not 'xml'"],
    [['--fields', 'Allele,symbol'], 'there is no field symbol: did you mean SYMBOL?'],
    [['--fields', 'Allele,Nonsense'], 'there is no field Nonsense: csq has Allele, Consequence, IMPACT'],
    [['--fields', 'POS'], 'there is no field POS'],
    [['--fields', 'Allele,Allele'], 'the field Allele is named twice'],
    [['--fields', ','], 'no field is named'],
    [['--format', 'ann', '--fields', 'Allele'], 'fields can be chosen for csq and tsv; ann has a layout of its own'],
  ])('%p is refused with a sentence', async (args, words) => {
    const input = join(folder, 'asked.vcf');
    writeFileSync(input, `${header()}${coding}\n`);
    const { code, err } = await anntools(['annotate', input, '-r', reference, '-o', join(folder, 'no.vcf'), ...args]);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
    expect(existsSync(join(folder, 'no.vcf'))).toBe(false);
  });
});

describe('the command', () => {
  test('names the result after its form, and writes the report', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    const input = join(own, 'x.vcf');
    writeFileSync(input, `${header()}${coding}\n`);
    for (const format of ['tsv', 'json']) {
      const report = join(own, 'r.html');
      expect((await anntools(['annotate', input, '-r', reference, '--format', format, '--report', report])).code).toBe(
        0,
      );
    }
    expect(readdirSync(own).sort()).toEqual([
      'r.html',
      'x.annot.jsonl.gz',
      'x.annot.tsv.gz',
      'x.vcf',
      'x.vcf.count.log',
    ]);
  });
});

const real = join(import.meta.dir, '../../../../shared/data/vcf/ashk_trio_HG002_3_4_grch37.vcf.gz');
describe.skipIf(!existsSync(real))('a real file (needs shared data)', () => {
  test.each(FORM_NAMES)('is whole in %s, the same with threads', async (form) => {
    const starter = await starterFolder();
    const texts: string[] = [];
    for (const threads of [1, 2]) {
      const output = join(folder, 'real.out.gz');
      const summary = await annotateFile({
        input: real,
        output,
        reference: starter,
        threads,
        workerUrl,
        options: { form },
      });
      const text = gunzipSync(readFileSync(output)).toString('latin1');
      texts.push(text);
      const places = new Set(
        form === 'json'
          ? dataOf(text)
              .map((line) => (JSON.parse(line) as { vcf: { chrom: string; pos: number } }).vcf)
              .map(({ chrom, pos }) => `${chrom}:${pos}`)
          : dataOf(text).map((line) => line.split('\t').slice(0, 2).join(':')),
      );
      const before = dataOf(gunzipSync(readFileSync(real)).toString('latin1'));
      expect(places).toEqual(new Set(before.map((line) => line.split('\t').slice(0, 2).join(':'))));
      expect(summary.records).toBe(before.length);
      if (form !== 'tsv') expect(dataOf(text).length).toBe(before.length);
    }
    expect(texts[0] === texts[1]).toBe(true);
  });
});
