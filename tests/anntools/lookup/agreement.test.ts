/** What is known of the variants of real files, against `bcftools annotate` on the same normalised input. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildBundle } from '../../../anntools/bundle/build.ts';
import { annotateFile } from '../../../anntools/index.ts';
import { buildKnown } from '../../../anntools/lookup/build-known.ts';

setDefaultTimeout(120_000);

const shared = join(import.meta.dir, '../../../../shared/data');
const isThere = existsSync(shared) && Bun.which('bcftools') !== null;
const folder = mkdtempSync(join(tmpdir(), 'agreement-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fasta = join(shared, 'ref/grch37/20.fa.gz');
const reference = join(folder, 'grch37');
beforeAll(async () => {
  if (isThere) await buildBundle(reference, { fasta }, { name: 'grch37-20', assembly: 'GRCh37', now: new Date(0) });
});

interface Field {
  id: string;
  number: string;
  type: string;
}

interface Case {
  source: string;
  query: string;
  contig: string;
  fields: Field[];
  /** Bases of the contig, for the assembly's sake and the reference's. */
  length: number;
  isGrch37: boolean;
}

const clinvar37: Field[] = ['MEASURESET_ID', 'CLINICAL_SIGNIFICANCE', 'ALL_TRAITS', 'GOLD_STARS'].map((id) => ({
  id,
  number: '.',
  type: 'String',
}));
const clinvar38: Field[] = [
  ...['CLNSIG', 'CLNREVSTAT', 'CLNDN', 'MC', 'RS', 'CLNHGVS'].map((id) => ({ id, number: '.', type: 'String' })),
  { id: 'AF_EXAC', number: '1', type: 'Float' },
  { id: 'ALLELEID', number: '1', type: 'Integer' },
];
const frequencies: Field[] = [
  { id: 'AF', number: 'A', type: 'Float' },
  { id: 'AC', number: 'A', type: 'Integer' },
  { id: 'AN', number: '1', type: 'Integer' },
];
const clinvar37File = 'known/clinvar/clinvar_grch37_macarthur.no22XY.vcf.gz';
const clinvar38File = 'known/clinvar/clinvar_grch38_20260226_subset.no17.vcf.gz';
const grch37 = { contig: '20', length: 63_025_520, isGrch37: true };
const grch38 = { contig: '20', length: 64_444_167, isGrch37: false };

const GRCH38_LENGTHS: Record<string, number> = {
  1: 248_956_422,
  3: 198_295_559,
  5: 181_538_259,
  11: 135_086_622,
  13: 114_364_328,
};

const cases: Case[] = [
  { source: clinvar37File, query: clinvar37File, fields: clinvar37, ...grch37 },
  { source: clinvar37File, query: 'vcf/hail_1000G_chr20_100samples_b37.vcf.gz', fields: clinvar37, ...grch37 },
  {
    source: 'vcf/hail_1000G_chr20_100samples_b37.vcf.gz',
    query: 'vcf/hail_1000G_chr20_100samples_b37.vcf.gz',
    fields: frequencies,
    ...grch37,
  },
  {
    source: 'vcf/shapeit4_1000G_chr20_300samples_b37.vcf.gz',
    query: 'vcf/chr20_51samples_b37.vcf.gz',
    fields: frequencies.slice(0, 1),
    ...grch37,
  },
  ...['1', '3', '5', '11', '13'].map((contig) => ({
    source: clinvar38File,
    query: clinvar38File,
    fields: clinvar38,
    ...grch38,
    contig,
    length: GRCH38_LENGTHS[contig] ?? 0,
  })),
  {
    source: 'vcf/HG002_chr20_hg38_dipcall.vcf.gz',
    query: 'vcf/chr20_51samples_hg38.vcf.gz',
    fields: frequencies,
    ...grch38,
  },
];

describe.skipIf(!isThere)('known variants agree with bcftools annotate (needs ../shared/data and bcftools)', () => {
  test.each(cases.map((one) => [`${one.source} → ${one.query}, contig ${one.contig}`, one] as const))(
    '%s',
    async (_, one) => {
      const { fields, isGrch37 } = one;
      const source = writePlain('source.vcf', one.source, one, fields);
      const query = normalised(writePlain('query.vcf', one.query, one, []), isGrch37);

      const theirSource = normalised(source, isGrch37);
      const columns = fields.map(({ id }) => `INFO/X_${id}:=INFO/${id}`).join(',');
      const theirs = join(folder, 'theirs.vcf');
      run('bcftools', 'annotate', '-a', theirSource, '-c', columns, '-o', theirs, query);

      const known = join(folder, 'known');
      rmSync(known, { recursive: true, force: true });
      await buildKnown({
        name: 'X',
        files: [source],
        form: 'vcf',
        fields: fields.map(({ id }) => `INFO/${id}`),
        output: known,
        now: new Date(0),
        ...(isGrch37 ? { reference } : {}),
      });
      const ours = join(folder, 'ours.vcf');
      const { known: found } = await annotateFile({
        input: query,
        output: ours,
        reference: isGrch37 ? reference : null,
        options: { known: [known] },
      });

      const format = `%CHROM:%POS:%REF:%ALT${fields.map(({ id }) => `\\t%INFO/X_${id}`).join('')}\\n`;
      const answers = [theirs, ours].map((file) => values(run('bcftools', 'query', '-u', '-f', format, file), fields));
      const [expected = [], given = []] = answers;
      expect(given.length).toBe(expected.length);
      expect(given.flatMap((line, i) => (line === expected[i] ? [] : [line, expected[i]])).slice(0, 6)).toEqual([]);
      if (one.source === one.query) expect(given.filter((line) => /\t(?!\.)/.test(line)).length).toBe(given.length);
      expect(found[0]?.alleles).toBeGreaterThan(0);
    },
  );
});

/** Answers of bcftools query, floats to six digits, what we encode decoded. */
function values(text: string, fields: readonly Field[]): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [place, ...cells] = line.split('\t');
      const read = cells.map((cell, i) => {
        if (cell === '.') return cell;
        if (fields[i]?.type === 'Float') return String(Number(Math.fround(Number(cell)).toPrecision(6)));
        return cell.replace(/%(2C|3B|3D|20)/g, (code) => decodeURIComponent(code));
      });
      return [place, ...read].join('\t');
    });
}

/** The records of one contig with the wanted fields alone, sites only, under one name for the contig. */
function writePlain(name: string, file: string, { contig, length }: Case, fields: readonly Field[]): string {
  const text = gunzipSync(readFileSync(join(shared, file))).toString('latin1');
  const wanted = new Set(fields.map(({ id }) => id));
  const header = [
    '##fileformat=VCFv4.2',
    `##contig=<ID=${contig},length=${length}>`,
    ...fields.map(({ id, number, type }) => `##INFO=<ID=${id},Number=${number},Type=${type},Description="${id}">`),
    '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO',
  ];
  const records = text.split('\n').flatMap((line) => {
    if (line.startsWith('#') || line === '') return [];
    const [chrom = '', position, , ref, alt, , , info = ''] = line.split('\t', 8);
    if (chrom.replace(/^chr/, '') !== contig || alt === '.') return [];
    const kept = info.split(';').filter((entry) => wanted.has(entry.split('=')[0] ?? ''));
    return [[contig, position, '.', ref, alt, '.', '.', kept.join(';') || '.'].join('\t')];
  });
  const path = join(folder, name);
  writeFileSync(path, `${[...header, ...records].join('\n')}\n`, 'latin1');
  return path;
}

function normalised(path: string, isGrch37: boolean): string {
  const split = `${path}.norm.vcf.gz`;
  run('bcftools', 'norm', '-m-any', ...(isGrch37 ? ['-f', fasta] : []), '-Ou', '-o', `${split}.bcf`, path);
  run('bcftools', 'sort', '-Oz', '-o', split, `${split}.bcf`);
  run('bcftools', 'index', '-f', split);
  return split;
}

function run(...command: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr.toString()}`);
  return stdout.toString('latin1');
}
