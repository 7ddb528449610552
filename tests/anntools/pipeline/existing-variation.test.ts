/** Existing_variation: identifiers of known variants in every block of the ALT they belong to. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotateFile, buildKnown } from '../../../anntools/index.ts';
import { basesOf, makeSmallReference } from '../../support/small-reference.ts';

const root = mkdtempSync(join(tmpdir(), 'existing-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const reference = join(root, 'reference');
await makeSmallReference(reference);
const bases = basesOf('1');
const COLUMNS = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO';

/** REF and another base at a one-based position. */
function at(position: number): { ref: string; others: string[] } {
  const ref = bases[position - 1] ?? 'N';
  return { ref, others: [...'ACGT'].filter((base) => base !== ref) };
}

function file(name: string, lines: readonly string[]): string {
  const path = join(root, name);
  writeFileSync(path, `${['##fileformat=VCFv4.2', ...lines].join('\n')}\n`);
  return path;
}

const { ref, others } = at(1200);
const [first = '', second = '', third = ''] = others;

async function source(name: string, fields: readonly string[], lines: readonly string[]): Promise<string> {
  const output = join(root, name);
  const files = [file(`${name}.vcf`, lines)];
  await buildKnown({ name, files, form: 'vcf', fields, output, now: new Date(0) });
  return output;
}

const dbsnp = await source('dbSNP', [], [COLUMNS, `1\t1200\trs11\t${ref}\t${first},${second}\t.\t.\t.`]);
const cosmic = await source('COSMIC', ['ID'], [COLUMNS, `1\t1200\tCOSV7\t${ref}\t${first}\t.\t.\t.`]);
const clinvar = await source(
  'ClinVar',
  [],
  ['##INFO=<ID=RS,Number=.,Type=String,Description="rs">', COLUMNS, `1\t1200\t4711\t${ref}\t${first}\t.\t.\tRS=11|12`],
);

/** The different values of the column, for each ALT. */
async function existing(known: readonly string[], alts: string, fields?: readonly string[]): Promise<string[][]> {
  const input = file('input.vcf', [COLUMNS, `1\t1200\t.\t${ref}\t${alts}\t.\t.\t.`]);
  const output = join(root, 'output.vcf');
  await annotateFile({ input, output, reference, options: { known, ...(fields ? { fields } : {}) } });
  const text = readFileSync(output, 'latin1');
  const columns = /Format: ([^"]*)"/.exec(text)?.[1]?.split('|') ?? [];
  const blocks = (/CSQ=([^;\n]*)/.exec(text)?.[1] ?? '').split(',').map((block) => block.split('|'));
  expect(blocks.every((block) => block.length === columns.length)).toBe(true);
  const values = (number: number): string[] =>
    blocks
      .filter((block) => block[columns.indexOf('ALLELE_NUM')] === String(number))
      .map((block) => block[columns.indexOf('Existing_variation')] ?? '');
  return alts.split(',').map((_, i) => [...new Set(values(i + 1))]);
}

test.each([
  ['no source', [], [[''], [''], ['']]],
  ['dbSNP', [dbsnp], [['rs11'], ['rs11'], ['']]],
  ['COSMIC', [cosmic], [['COSV7'], [''], ['']]],
  ['ClinVar, whose own number is no identifier', [clinvar], [['rs11&rs12'], [''], ['']]],
  ['three of them', [dbsnp, cosmic, clinvar], [['rs11&COSV7&rs12'], ['rs11'], ['']]],
])('%s', async (_, known, expected) => {
  expect(await existing(known, `${first},${second},${third}`)).toEqual(expected);
});

test('where it is asked for among other columns', async () => {
  expect(await existing([dbsnp], `${third},${first}`, ['Existing_variation', 'ALLELE_NUM', 'Consequence'])).toEqual([
    [''],
    ['rs11'],
  ]);
});

test('as colocated variants in objects', async () => {
  const input = file('object.vcf', [COLUMNS, `1\t1200\t.\t${ref}\t${first},${second}\t.\t.\t.`]);
  const output = join(root, 'output.jsonl');
  await annotateFile({ input, output, reference, options: { known: [dbsnp, cosmic], form: 'json' } });
  expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({
    colocated_variants: [
      { id: 'rs11', alleles: [first, second] },
      { id: 'COSV7', alleles: [first] },
    ],
  });
});
