import { afterAll, beforeEach, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { buildBundle } from '../../../anntools/bundle/build.ts';
import { openBundle } from '../../../anntools/bundle/open.ts';
import type { Published } from '../../../anntools/reference/catalogue.ts';
import { catalogue } from '../../../anntools/reference/catalogue.ts';
import { BsdSum, checksumOf } from '../../../anntools/reference/checksums.ts';
import type { InstallOptions } from '../../../anntools/reference/install.ts';
import { installReference } from '../../../anntools/reference/install.ts';
import { findReference, installedReferences } from '../../../anntools/reference/installed.ts';
import { tabbed } from '../../support/gene-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'install-'));
const root = join(folder, 'references');

const fasta = gzipSync('>1 dna:chromosome chromosome:Toy1:1:1:12:1 REF\nATGGCCTAAACG\n');
const genes = gzipSync(
  [
    '1 t gene 1 9 . + . ID=gene:G;biotype=protein_coding',
    '1 t mRNA 1 9 . + . ID=transcript:T;Parent=gene:G;biotype=protein_coding',
    '1 t exon 1 9 . + . Parent=transcript:T',
    '1 t CDS 1 9 . + 0 ID=CDS:P;Parent=transcript:T;protein_id=P',
  ]
    .map(tabbed)
    .join('\n'),
);
const known = gzipSync('##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n');

/** What the server serves, by path; and what it was asked for. */
const files = new Map<string, Uint8Array | string>();
const asked: string[] = [];
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url);
    asked.push(basename(pathname));
    const file = files.get(pathname);
    return file === undefined
      ? new Response('', { status: 404 })
      : new Response(file as BodyInit, { headers: { etag: '"1"' } });
  },
});
const base = server.url.href.slice(0, -1);
afterAll(async () => {
  await server.stop(true);
  rmSync(folder, { recursive: true });
});

const toy: Published = {
  name: 'toy',
  assembly: 'Toy1',
  title: 'A toy',
  release: 'Toys 1',
  sequence: { url: `${base}/dna/Toy.dna.fa.gz`, checksums: { kind: 'sum', url: `${base}/dna/CHECKSUMS` } },
  genes: { url: `${base}/gff3/Toy.1.gff3.gz`, checksums: { kind: 'sum', url: `${base}/gff3/CHECKSUMS` } },
  known: [
    {
      name: 'clinvar',
      file: { url: `${base}/vcf/clinvar.vcf.gz`, checksums: { kind: 'md5', url: `${base}/vcf/clinvar.vcf.gz.md5` } },
    },
  ],
  megabytes: 1,
};

function sumOf(bytes: Uint8Array): string {
  const sum = new BsdSum();
  sum.update(bytes);
  return `${String(sum.value).padStart(5, '0')} ${sum.blocks}`;
}

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  asked.length = 0;
  files.clear();
  files.set('/dna/Toy.dna.fa.gz', fasta);
  files.set('/dna/CHECKSUMS', `00001 5 Toy.dna_rm.fa.gz\n${sumOf(fasta)} Toy.dna.fa.gz\n`);
  files.set('/gff3/Toy.1.gff3.gz', genes);
  files.set('/gff3/CHECKSUMS', `${sumOf(genes)} Toy.1.gff3.gz\n`);
  files.set('/vcf/clinvar.vcf.gz', known);
  files.set(
    '/vcf/clinvar.vcf.gz.md5',
    `${createHash('md5').update(known).digest('hex')}  /a/path/of/theirs/clinvar_2026.vcf.gz\n`,
  );
});

function install(more: Partial<InstallOptions> = {}): ReturnType<typeof installReference> {
  return installReference(toy, {
    fetch,
    sleep: () => Promise.resolve(),
    folder: root,
    now: new Date(0),
    attempts: 2,
    ...more,
  });
}

test('fetches, checks, builds; a second time nothing is fetched', async () => {
  const steps: string[] = [];
  const { dir, manifest, fresh } = await install({
    onProgress: ({ step }) => void (steps.at(-1) === step || steps.push(step)),
  });
  expect([fresh, manifest.name, manifest.assembly, manifest.counts.codingTranscripts, manifest.problems]).toEqual([
    true,
    'toy',
    'Toy1',
    1,
    [],
  ]);
  expect(openBundle(dir).contigs.names).toEqual(['1']);
  expect(manifest.sources.map(({ name, version }) => [name, version])).toEqual([
    ['Toy.1.gff3.gz', 'Toys 1'],
    ['Toy.dna.fa.gz', 'Toy1'],
  ]);
  expect(steps).toEqual(['download', 'check', 'download', 'check', 'genes', 'sequence', 'checking', 'writing']);
  expect(readdirSync(root)).toEqual(['toy']);
  expect(asked).toEqual(['CHECKSUMS', 'Toy.dna.fa.gz', 'CHECKSUMS', 'Toy.1.gff3.gz']);
  expect((await install()).fresh).toBe(false);
  expect(asked).toHaveLength(4);
});

test('known variants are fetched and built where there is a builder for them', async () => {
  const built: string[] = [];
  await install({
    buildKnown: ({ name, vcf, reference }) => {
      built.push(name, basename(vcf), basename(reference), `${existsSync(vcf)}`);
      return Promise.resolve();
    },
  });
  expect(built).toEqual(['clinvar', 'clinvar.vcf.gz', 'toy', 'true']);
});

test('a damaged file is fetched again, and refused when it stays damaged', async () => {
  files.set('/gff3/Toy.1.gff3.gz', gzipSync('something else'));
  await expect(install()).rejects.toThrow(
    /Toy\.1\.gff3\.gz does not agree with its published checksum, 3 times in a row/,
  );
  expect(asked.filter((name) => name === 'Toy.1.gff3.gz')).toHaveLength(3);
  // What was good is kept for the next time.
  expect(readdirSync(join(root, 'toy.downloads'))).toContain('Toy.dna.fa.gz');
  files.set('/gff3/Toy.1.gff3.gz', genes);
  asked.length = 0;
  await install();
  expect(asked).not.toContain('Toy.dna.fa.gz');
});

test('a file that is not listed, or not there, is said', async () => {
  files.set('/dna/CHECKSUMS', '1 1 other.fa.gz\n');
  await expect(install()).rejects.toThrow(/CHECKSUMS does not list Toy\.dna\.fa\.gz/);
  files.delete('/dna/CHECKSUMS');
  await expect(install()).rejects.toThrow(/CHECKSUMS: the server answered 404 \(not found\)/);
});

test('installed references are found by name and by folder', async () => {
  const { dir } = await install();
  mkdirSync(join(root, 'toy2.unfinished-01234567'));
  writeFileSync(join(root, 'toy2.unfinished-01234567', 'manifest.json'), '{}');
  mkdirSync(join(root, 'broken'));
  writeFileSync(join(root, 'broken', 'manifest.json'), '{}');
  expect(installedReferences(root).map(({ manifest }) => manifest.name)).toEqual(['toy']);
  expect(findReference('TOY', root)).toBe(dir);
  expect(findReference(dir, join(root, 'nowhere'))).toBe(dir);
  expect(() => findReference('hg19', root)).toThrow(/no reference 'hg19'. Installed: toy/);
  expect(() => findReference('hg19', join(root, 'nowhere'))).toThrow(/None is installed/);
  expect(() => findReference(folder, root)).toThrow(/has no manifest\.json/);
});

test('what lies in the folder beside the bundle stays when the bundle is built again', async () => {
  const { dir } = await install();
  mkdirSync(join(dir, 'known'));
  writeFileSync(join(dir, 'known', 'clinvar'), 'x');
  const path = join(folder, 'new.fa');
  writeFileSync(path, '>1\nACGT\n');
  await buildBundle(dir, { fasta: path }, { name: 'toy', now: new Date(0) });
  expect(readdirSync(dir).sort()).toEqual(['known', 'manifest.json', 'models.bin', 'sequence.bin']);
  expect(openBundle(dir).contigs.lengths[0]).toBe(4);
});

test.each([
  ['nothing', '', 0, 0],
  ['a line', 'hello world', 7504, 1],
  ['five kilobytes', 'a'.repeat(5000), 41146, 5],
] as const)("the checksum of %s is that of GNU's sum", (_, text, value, blocks) => {
  const sum = new BsdSum();
  sum.update(Buffer.from(text.slice(0, 7)));
  sum.update(Buffer.from(text.slice(7)));
  expect([sum.value, sum.blocks]).toEqual([value, blocks]);
});

test('lists of checksums: by name, with a folder before it, or a lone line', () => {
  const md5 = '0123456789abcdef0123456789ABCDEF';
  expect(checksumOf(`${md5}  ./a.gz\n${md5.replace('0', 'f')} *./b.gz\n`, 'md5', 'b.gz')).toEqual({
    kind: 'md5',
    md5: md5.replace('0', 'f').toLowerCase(),
  });
  expect(checksumOf(`${md5}  /x/other.gz`, 'md5', 'a.gz')).toEqual({ kind: 'md5', md5: md5.toLowerCase() });
  expect(checksumOf('not a sum  a.gz', 'md5', 'a.gz')).toBeUndefined();
  expect(checksumOf('1 2 aa.gz\n3 4 a.gz\n', 'sum', 'a.gz')).toEqual({ kind: 'sum', sum: 3, blocks: 4 });
  expect(checksumOf('<html>404</html>', 'sum', 'a.gz')).toBeUndefined();
});

test('the catalogue: names once, every address over https, files named after their release', () => {
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  for (const { sequence, genes: models, known: sources } of catalogue) {
    for (const { url, checksums } of [sequence, models, ...sources.map(({ file }) => file)]) {
      expect(url).toMatch(/^https:\/\/[^?]+\.gz$/);
      expect(checksums.url).toMatch(/^https:\/\//);
    }
  }
  const grch38 = catalogue.find(({ name }) => name === 'grch38');
  expect(basename(grch38?.sequence.url ?? '')).toBe('Homo_sapiens.GRCh38.dna.primary_assembly.fa.gz');
  expect(basename(grch38?.genes.url ?? '')).toBe('Homo_sapiens.GRCh38.115.gff3.gz');
});
