/** Real files, whole: nothing crashes, hangs or loses a line. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../../anntools/errors.ts';
import { type AnnotateSummary, annotateFile } from '../../../anntools/index.ts';
import { starterFolder } from '../../support/starter.ts';

setDefaultTimeout(120_000);

const shared = join(import.meta.dir, '../../../../shared/data');
const isThere = existsSync(shared);
const folder = mkdtempSync(join(tmpdir(), 'shared-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let reference = '';
beforeAll(async () => {
  reference = await starterFolder();
});

async function annotate(input: string): Promise<{ summary: AnnotateSummary; output: string; log: string }> {
  const output = join(folder, 'out.annot.vcf.gz');
  const log = join(folder, 'out.vcf.count.log');
  rmSync(`${output}.tbi`, { force: true });
  const summary = await annotateFile({ input, output, log, reference });
  return { summary, output, log };
}

/** The bytes of a file, inflated (node's gunzip reads all members). */
function inflated(path: string): Buffer {
  const bytes = readFileSync(path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

const TAB = 9;
const OURS = /(^|;)(CSQ|SV_\w+|ClinVar_\w+|CYTOBAND)(=[^;]*)?(?=;|$)/g;

/** Lines that were lost, changed or added, apart from our fields in INFO. */
function differences(before: Buffer, after: Buffer): string[] {
  const found: string[] = [];
  let [from, to] = [dataStart(before), dataStart(after)];
  for (let line = 1; from < before.length || to < after.length; line++) {
    const original = lineAt(before, from);
    const annotated = lineAt(after, to);
    from += original.length + 1;
    to += annotated.length + 1;
    if (!original.equals(annotated) && !sameButInfo(original, annotated))
      found.push(`data line ${line}: ${annotated.toString('latin1', 0, 80)}`);
    if (found.length > 3) break;
  }
  return found;
}

function dataStart(bytes: Buffer): number {
  return lineAt(bytes, bytes.indexOf('\n#CHROM') + 1).length + bytes.indexOf('\n#CHROM') + 2;
}

function lineAt(bytes: Buffer, start: number): Buffer {
  const newline = bytes.indexOf(10, start);
  return bytes.subarray(start, newline < 0 ? bytes.length : newline);
}

function sameButInfo(before: Buffer, after: Buffer): boolean {
  const [a, b] = [infoOf(before), infoOf(after)];
  const rest = (line: Buffer, { start, end }: { start: number; end: number }): Buffer =>
    Buffer.concat([line.subarray(0, start), line.subarray(end)]);
  const info = (line: Buffer, { start, end }: { start: number; end: number }): string => {
    const text = line.toString('latin1', start, end).replace(/\r$/, '').replace(OURS, '').replace(/^;/, '');
    return text === '.' ? '' : text;
  };
  return rest(before, a).equals(rest(after, b)) && info(before, a) === info(after, b);
}

function infoOf(line: Buffer): { start: number; end: number } {
  let start = 0;
  for (let i = 0; i < 7; i++) start = line.indexOf(TAB, start) + 1;
  const end = line.indexOf(TAB, start);
  return { start, end: end < 0 ? line.length - (line.at(-1) === 13 ? 1 : 0) : end };
}

const vcfFolder = join(shared, 'vcf');
const files = isThere
  ? [
      ...readdirSync(vcfFolder),
      ...readdirSync(join(vcfFolder, 'seed-samples')).map((name) => join('seed-samples', name)),
    ]
      .filter((name) => /\.vcf(\.gz)?$/.test(name))
      .sort()
  : [];

describe.skipIf(!isThere)('every line of the VCFs of ../shared/data/vcf comes out', () => {
  const tabix = Bun.which('tabix');

  test.each(files)('%s', async (name) => {
    const input = join(vcfFolder, name);
    const { summary, output } = await annotate(input);
    const [before, after] = [inflated(input), inflated(output)];
    expect(differences(before, after)).toEqual([]);
    expect(summary.lines).toBe(
      before.subarray(dataStart(before)).toString('latin1').trimEnd().split('\n').length +
        (summary.bad_lines > 0 ? 1 : 0),
    );
    const unsorted = summary.warnings.some(({ code }) => code === 'UNSORTED');
    expect(existsSync(`${output}.tbi`)).toBe(!unsorted);
    if (!tabix || unsorted) return;
    for (const { name: contig, count } of summary.contigs.slice(0, 3)) {
      expect([contig, Bun.spawnSync([tabix, output, contig]).stdout.toString('latin1').split('\n').length - 1]).toEqual(
        [contig, count],
      );
    }
  });
});

describe.skipIf(!isThere)(
  'the six files that users of the original service upload get a useful result (needs ../shared/data)',
  () => {
    const seed = (name: string) => annotate(join(vcfFolder, 'seed-samples', name));

    test.each(['free_1.vcf', 'test.vcf'])('%s is mitochondrial: real codon consequences', async (name) => {
      const { summary } = await seed(name);
      expect(summary.warnings).toEqual([]);
      expect(summary.assembly.sentence).toContain('mitochondrial variants only');
      expect(summary.ref_disagreeing).toBe(0);
      expect(summary.terms['missense_variant']).toBeGreaterThan(20);
      expect(summary.terms['synonymous_variant']).toBeGreaterThan(20);
    });

    test.each([
      ['free_2.vcf', 'NCBI36'],
      ['premium_1.vcf', 'NCBI36'],
      ['premium_3.vcf', 'NCBI36'],
      ['premium_2.vcf', 'GRCh37'],
    ])('%s is said to be %s; no gene is made up, bands are of its assembly', async (name, assembly) => {
      const { summary, output, log } = await seed(name);
      expect(summary.assembly.name).toBe(assembly);
      expect(summary.warnings.map(({ code }) => code)).toEqual(['ASSEMBLY_MISMATCH']);
      expect(summary.warnings[0]?.message).toContain(`This file looks like ${assembly}`);
      expect(readFileSync(log, 'utf8')).toContain('ASSEMBLY_MISMATCH');
      expect(summary.terms).toEqual({});
      expect(summary.classes['SNV']).toBeGreaterThan(900);
      expect(summary.transitions / summary.transversions).toBeGreaterThan(1.4);
      const data = inflated(output)
        .toString('latin1')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
      expect(data.filter((line) => line.includes('CSQ='))).toEqual([]);
      expect(data.filter((line) => /CYTOBAND=[\dXY]+[pq]/.test(line)).length).toBe(data.length);
    });
  },
);

const assemblies: readonly (readonly [name: string, assembly: string])[] = [
  ['HG002_chr20_hg38_dipcall', 'GRCh38'],
  ['TCGA_COAD_T001_grch38', 'GRCh38'],
  ['TCGA_COAD_T001_grch37', 'GRCh37'],
  ['exome_Pfeiffer_grch37', 'GRCh37'],
  ['1000G_p3_chr22_10k_2504samples_b37', 'GRCh37'],
  ['strelka_somatic_chr21_hg19', 'GRCh37'],
  ['HiSeq.10000_hg18_chr1', 'NCBI36'],
  ['truvari_3samples_SV_chr20_hg38', 'GRCh38'],
];

test.skipIf(!isThere).each(assemblies)('%s is seen to be %s (needs ../shared/data)', async (name, assembly) => {
  const { summary } = await annotate(join(vcfFolder, `${name}.vcf.gz`));
  expect(summary.assembly.name).toBe(assembly);
  const consequences = Object.keys(summary.terms).length > 0;
  expect(consequences).toBe(assembly === 'GRCh38');
});

test.skipIf(!isThere)(
  'odd files are annotated or refused with a sentence, and lose no line (needs ../shared/data)',
  async () => {
    for (const archive of readdirSync(join(shared, 'odd')).filter((name) => name.endsWith('.tar.gz'))) {
      const { exitCode } = Bun.spawnSync(['tar', 'xzf', join(shared, 'odd', archive), '-C', folder]);
      expect(exitCode).toBe(0);
    }
    const paths = [...new Bun.Glob('test/**/*.vcf').scanSync(folder)].map((path) => join(folder, path));
    paths.push(join(shared, 'odd/fastqtl_REF_ALT_literal_dosage_chr22_head2000.vcf.gz'));
    expect(paths.length).toBeGreaterThan(1000);
    let annotated = 0;
    for (const path of paths) {
      try {
        const { output } = await annotate(path);
        annotated++;
        expect([basename(path), differences(inflated(path), inflated(output))]).toEqual([basename(path), []]);
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(`${path}: ${String(error)}`, { cause: error });
        expect(error.message.length).toBeGreaterThan(10);
      }
    }
    expect(annotated).toBeGreaterThan(900);
  },
);
