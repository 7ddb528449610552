/** ClinVar comes with an installed reference: what `anntools reference install grch38` does, from a server of the test's. */
import { afterAll, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findSource, installedSources, sourcesBeside } from '../../../anntools/index.ts';
import { BsdSum } from '../../../anntools/reference/checksums.ts';
import { anntools } from '../../support/command.ts';
import { tabbed } from '../../support/gene-files.ts';

const referencesFolder = mkdtempSync(join(tmpdir(), 'known-install-'));
afterAll(() => rmSync(referencesFolder, { recursive: true, force: true }));

const fasta = gzipSync('>1 dna:chromosome chromosome:GRCh38:1:1:12:1 REF\nATGGCCTAAACG\n');
const genes = gzipSync(tabbed('1 t gene 1 9 . + . ID=gene:G;biotype=protein_coding'));
const clinvar = gzipSync(
  [
    '##fileformat=VCFv4.1',
    '##fileDate=2026-02-26',
    '##reference=GRCh38',
    '##INFO=<ID=CLNSIG,Number=.,Type=String,Description="Germline classification">',
    '##INFO=<ID=RS,Number=.,Type=String,Description="dbSNP ID">',
    '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO',
    '1\t5\t4271\tC\tT\t.\t.\tCLNSIG=Pathogenic;RS=765028059',
    '1\t9\t4272\tAA\tA\t.\t.\tCLNSIG=Benign',
    '',
  ].join('\n'),
);

function served(url: string): Uint8Array | string {
  const name = basename(url);
  const sum = (bytes: Uint8Array, file: string): string => {
    const bsd = new BsdSum();
    bsd.update(bytes);
    return `${String(bsd.value).padStart(5, '0')} ${bsd.blocks} ${file}\n`;
  };
  if (name.endsWith('.md5')) return `${createHash('md5').update(clinvar).digest('hex')}  clinvar.vcf.gz\n`;
  if (name === 'CHECKSUMS' && url.includes('fasta'))
    return sum(fasta, 'Homo_sapiens.GRCh38.dna.primary_assembly.fa.gz');
  if (name === 'CHECKSUMS') return sum(genes, 'Homo_sapiens.GRCh38.115.gff3.gz');
  if (name.endsWith('.fa.gz')) return fasta;
  return name.endsWith('.gff3.gz') ? genes : clinvar;
}

test('ClinVar is built beside the reference and used with it', async () => {
  const fetch = async (url: string): Promise<Response> =>
    new Response(served(url) as BodyInit, { headers: { etag: '"1"' } });
  const installed = await anntools(['reference', 'install', 'grch38'], { referencesFolder, fetch });
  expect([installed.code, installed.err]).toEqual([0, '']);

  const reference = join(referencesFolder, 'grch38');
  const [source] = sourcesBeside(reference);
  expect(source?.manifest).toMatchObject({
    name: 'ClinVar',
    version: '2026-02-26',
    alleles: 'left-aligned',
    rsField: 'ClinVar_RS',
  });
  expect(source?.manifest.fields.map(({ id }) => id)).toEqual(['ClinVar_ID', 'ClinVar_SIG', 'ClinVar_RS']);
  expect(installedSources(referencesFolder)).toEqual([]);
  expect(findSource(source?.folder ?? '', referencesFolder)).toBe(source?.folder ?? '');

  const input = join(referencesFolder, 'in.vcf');
  const output = join(referencesFolder, 'out.vcf');
  const records = ['chr1\t5\t.\tC\tT\t.\t.\t.', 'chr1\t7\t.\tTA\tT\t.\t.\t.'];
  const header = ['##fileformat=VCFv4.2', '##reference=GRCh38', '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO'];
  writeFileSync(input, `${[...header, ...records].join('\n')}\n`);
  expect((await anntools(['annotate', input, '-r', 'grch38', '-o', output], { referencesFolder })).code).toBe(0);
  const text = readFileSync(output, 'utf8');
  expect(text).toContain('ClinVar_ID=4271;ClinVar_SIG=Pathogenic;ClinVar_RS=765028059');
  expect(text).toContain('ClinVar_ID=4272;ClinVar_SIG=Benign');
});
