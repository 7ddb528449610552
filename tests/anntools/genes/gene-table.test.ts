/** Tables of genes of the usual layouts, and what they write into the blocks of transcripts. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError } from '../../../anntools/errors.ts';
import type { FormName } from '../../../anntools/forms/form.ts';
import { type AnnotateSummary, annotateFile, geneSource, readGeneTable } from '../../../anntools/index.ts';
import { workerUrl } from '../../support/annotation-worker.ts';
import { basesOf, makeSmallReference } from '../../support/small-reference.ts';

const root = mkdtempSync(join(tmpdir(), 'genes-'));
const reference = join(root, 'reference');
beforeAll(() => makeSmallReference(reference));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

function file(text: string | Uint8Array): string {
  const path = join(root, `${made++}.txt`);
  writeFileSync(path, text);
  return path;
}

/** A table by its lines; spaces are tabs. */
function tabs(...lines: readonly string[]): string {
  return lines.map((line) => `${line.replaceAll(' ', '\t')}\n`).join('');
}

/** Genes GENE1 (G1, T1) and GENE2 (G2, T2) at [1000, 1600) of contigs 1 and 2. */
async function annotated(
  tables: readonly string[],
  form: FormName = 'csq',
  fields?: readonly string[],
): Promise<{ text: string; lines: string[]; summary: AnnotateSummary }> {
  const record = (contig: string, at: number) => `${contig} ${at} . ${basesOf(contig)[at - 1]} <DEL> . . END=${at + 5}`;
  const records = [record('1', 1151), record('2', 1151), record('1', 100)];
  const input = file(
    tabs('##fileformat=VCFv4.2', '#CHROM POS ID REF ALT QUAL FILTER INFO', ...records).replace(
      '##fileformat=VCFv4.2\n',
      '##fileformat=VCFv4.2\n##contig=<ID=1,length=3000>\n##contig=<ID=2,length=3000>\n',
    ),
  );
  const output = join(root, `${made++}.vcf`);
  const genes = tables.map((text) => geneSource(text));
  const options = { form, genes, distance: 100, ...(fields ? { fields } : {}) };
  const summary = await annotateFile({
    input,
    output,
    reference,
    options,
    threads: 2,
    workerUrl,
    log: `${output}.log`,
  });
  const text = readFileSync(output, 'latin1');
  return { text, summary, lines: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')) };
}

const CSQ = (line: string): string => /(?:^|;)CSQ=([^;]*)/.exec(line.split('\t')[7] ?? '')?.[1] ?? '';

describe('every layout is understood by its column names', () => {
  test.each<[string, string | Uint8Array, string, string[]]>([
    [
      'gnomAD v2.1.1',
      tabs('gene transcript obs_mis pLI oe_lof_upper mis_z x y z', 'GENE1 ENST1 5 0.99 0.215 1.5 1 2 3'),
      '',
      ['X_pLI=0.99', 'X_LOEUF=0.215', 'X_mis_z=1.5'],
    ],
    [
      'gnomAD v4, where the canonical transcript speaks for the gene',
      tabs(
        'gene gene_id transcript canonical mane_select lof.pLI lof.oe_ci.upper mis.z_score other more evenmore',
        'GENE1 79719 NM_1.2 false false 0.1 1.1 0 x x x',
        'GENE1 G1 ENST9.1 true true 0.9 2.2000e-01 0 x x x',
        'GENE1 G1 ENST8.1 true false 0.2 1.2 0 x x x',
      ),
      '',
      ['X_pLI=0.9', 'X_LOEUF=2.2000e-01', 'X_mis_z=0'],
    ],
    ['its transcript’s own row', tabs('gene transcript v', 'GENE1 T9 9', 'GENE1 T1.3 1'), '', ['X=9']],
    [
      'ClinGen',
      tabs('#ClinGen Gene Curation List', '#14_Nov,2023') +
        '#Gene Symbol\tGene ID\tcytoBand\tGenomic Location\tHaploinsufficiency Score\tTriplosensitivity Score\tmore\tyet\n' +
        'GENE1\t12\t1q\tchr1:1-2\t3\t0\tx\ty\n',
      '',
      ['X_haploinsufficiency=3', 'X_triplosensitivity=0'],
    ],
    ['a list of genes', 'GENE1\nGENE7\n', '', ['X=YES']],
    ['gzip, Windows line ends', gzipSync('symbol\tv\r\nGENE1\ta b;c|d,e=50%\r\n'), '', ['X=a_b%3Bc&d&e%3D50%25']],
    ['ids of genes', tabs('gene_id v', 'G1 7'), '', ['X=7']],
    ['a column by name', tabs('gene a b', 'GENE1 1 2'), '#b', ['X=2']],
    ['columns by number', tabs('gene a b.c', 'GENE1 1 2'), '#3,2', ['X_b_c=2', 'X_a=1']],
    ['missing is not zero', tabs('gene a b c d', 'GENE1 0 NA . NaN'), '', ['X_a=0', 'X_b=', 'X_c=', 'X_d=']],
    ['quotes of a spreadsheet', 'gene\tv\n"GENE1"\t"say ""a"""\n', '', ['X=say_"a"']],
  ])('%s', async (_, text, columns, expected) => {
    const { text: vcf, lines } = await annotated([`X=${file(text)}${columns}`]);
    const format = /Format: ([^"]*)"/.exec(vcf)?.[1]?.split('|') ?? [];
    const added = format.filter((name) => /^X(_|$)/.test(name));
    const values = CSQ(lines[0] ?? '').split('|');
    expect(values.length).toBe(format.length);
    expect(added.map((name) => `${name}=${values[format.indexOf(name)]}`)).toEqual(expected);
  });

  test('a transcript’s own row goes before its gene’s', async () => {
    const table = await readGeneTable(
      geneSource(`X=${file(tabs('gene transcript v', 'G1 ENST2.4 b', 'G1 ENST1.2 a'))}`),
    );
    expect([...table.rows]).toEqual([
      ['G1', 0],
      ['ENST2', 0],
      ['ENST1', 1],
    ]);
  });
});

const table = tabs('gene LOEUF', 'GENE1 0', 'ABSENT 2', 'ABSENT 3', 'GONE 1');

test('values stand in every block of the gene; nothing where there is none', async () => {
  const { lines } = await annotated([`X=${file(table)}`], 'csq', ['Consequence', 'X', 'SYMBOL']);
  expect(lines.map(CSQ)).toEqual([
    expect.stringMatching(/\|0\|GENE1$/),
    expect.stringMatching(/\|\|GENE2$/),
    'intergenic_variant||',
  ]);
});

test('header, summary and log tell where values come from, and which genes were not found', async () => {
  const path = file(table);
  const { text, summary } = await annotated([`X=${path}`]);
  expect(text).toMatch(/##anntools_genes=<ID=X,Columns="X is LOEUF",Source="\d+\.txt",Version="[0-9a-f]{12}">/);
  expect(text).not.toContain(root);
  const [told] = summary.gene_tables ?? [];
  expect(told).toMatchObject({
    name: 'X',
    columns: ['X'],
    genes: 3,
    unmatched: 2,
    unmatched_examples: ['ABSENT', 'GONE'],
  });
  const log = readFileSync(join(root, `${made - 1}.vcf.log`), 'utf8');
  expect(log).toMatch(/X \(\d+\.txt\): X of 3 genes, of which 2 are not in the reference: ABSENT, GONE/);
});

describe('in the other forms', () => {
  test('a table has the column, objects numbers', async () => {
    const { text } = await annotated([`X=${file(table)}`], 'tsv', ['SYMBOL', 'X']);
    expect(text).toContain('\nGENE1\t0\nGENE2\t.\n');
    const { lines } = await annotated([`X=${file(table)}`], 'json');
    const [first, second] = lines.slice(0, 2).map((line) => JSON.parse(line).transcript_consequences[0]);
    expect(first.gene_annotations).toEqual({ X: 0 });
    expect(second.gene_annotations).toBeUndefined();
  });

  test('ANN has no place for it, which is said', async () => {
    const { summary } = await annotated([`X=${file(table)}`], 'ann');
    expect(summary.warnings.map(({ code }) => code)).toContain('GENES_LEFT_OUT');
  });
});

describe('what cannot be is said', () => {
  test.each([
    ['nothing', /NAME=FILE/],
    ['1x=f', /cannot be the name/],
    ['X=/nowhere', /there is no such file/],
  ])('--genes %s', async (text, sentence) => {
    await expect((async () => readGeneTable(geneSource(text)))()).rejects.toThrow(sentence);
  });

  test.each([
    [tabs('a b', '1 2'), '', /has no column of genes.* it has a, b/],
    [tabs('gene b', '1 2'), '#c', /has no column c; it has gene, b/],
    [tabs('gene a b c d e f', '1 2 3 4 5 6 7'), '', /has 6 columns of values: say which/],
    ['', '', /has no genes/],
    [tabs('gene v'), '', /has no genes/],
  ])('%j', async (text, columns, sentence) => {
    const failure = await readGeneTable(geneSource(`X=${file(text)}${columns}`)).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toMatch(sentence);
  });

  test('a file larger than allowed, two columns of one name, a column of VEP’s', async () => {
    const path = file(table);
    await expect(readGeneTable(geneSource(`X=${path}`), { rows: 2 })).rejects.toThrow(/more than 2 rows/);
    await expect(readGeneTable(geneSource(`X=${path}`), { bytes: 9 })).rejects.toThrow(/more than 9 bytes/);
    await expect(annotated([`X=${path}`, `X=${path}`])).rejects.toThrow(/the column X, which is there already/);
    await expect(annotated([`SYMBOL=${path}`])).rejects.toThrow(/the column SYMBOL/);
  });
});

const known = join(import.meta.dir, '../../../../shared/data/known/genes');

test.skipIf(!existsSync(known)).each([
  ['gnomad.v4.1.constraint_metrics_reduced.tsv.gz', 'AAGAB', '1.5706e-08'],
  ['forweb_cleaned_exac_r03_march16_z_data_pLI.txt.gz', 'AGRN', '0.17335234048116'],
  ['hgnc_complete_set.txt.gz', 'ENSG00000121410', 'alpha-1-B_glycoprotein'],
  ['macarthur_all_ad.tsv.gz', 'ABCC9', 'YES'],
])('the real %s (needs ../shared/data)', async (name, key, first) => {
  const { rows, columns } = await readGeneTable(geneSource(`X=${join(known, name)}`));
  expect(columns[0]?.values[rows.get(key) ?? -1]).toBe(first);
});
