import { describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openBundle, verifyBundle } from '../../../anntools/bundle/open.ts';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import { KnownVariants } from '../../../anntools/lookup/known.ts';
import { bandsBeside, knownBeside } from '../../../anntools/lookup/beside.ts';
import { biotypeByName } from '../../../anntools/starter/biotypes.ts';
import { STARTER_NAME, buildStarter } from '../../../anntools/starter/build.ts';
import { nuclearModels } from '../../../anntools/starter/genes.ts';
import { mitochondrialModels } from '../../../anntools/starter/mitochondrion.ts';
import { starterFiles, starterFolder } from '../../support/starter.ts';

const shared = join(import.meta.dir, '../../../../shared/data');

describe('gene structures', () => {
  /** Models of a table of genes and one of structures, tab by tab. */
  function models(genes: string[], structures: string[]) {
    const table = (rows: string[]): Uint8Array =>
      gzipSync(`# comment\n${rows.map((row) => `${row.replaceAll(' ', '\t')}\n`).join('')}`);
    return nuclearModels(table(genes), table(structures), new Set(['1', '2']));
  }

  // A gene of 1001 bases from base 101 on: its length is written as end − start.
  const gene = '1 101 1000 77 ABC some_name';

  test('lengths are end minus start, offsets count from the start of the gene', () => {
    const { transcripts, withExons } = models([gene], ['ABC-201 0 0 + 0;0;49 1;0;99 1;900;100 2;981;19']);
    expect(withExons).toBe(1);
    expect(transcripts).toHaveLength(1);
    expect(transcripts[0]).toMatchObject({
      id: 'ABC-201',
      geneId: 'ENSG00000000077',
      contig: '1',
      strand: 1,
      biotype: 'protein_coding',
      exons: [
        { start: 100, end: 200 },
        { start: 1000, end: 1101 },
      ],
      cds: [
        { start: 150, end: 200 },
        { start: 1000, end: 1081 },
      ],
    });
  });

  test('on the reverse strand the 5-prime UTR lies behind the coding part', () => {
    const { transcripts } = models([gene], ['ABC-201 0 0 - 2;0;49 1;0;99 1;900;100 0;981;19']);
    expect(transcripts[0]?.cds).toEqual([
      { start: 150, end: 200 },
      { start: 1000, end: 1081 },
    ]);
  });

  test('only the first transcript is canonical; a nonsense-mediated one is flagged', () => {
    const { transcripts } = models([gene], ['ABC-201 0 0 + 1;0;1000', 'ABC-202 300 1 + 1;0;50']);
    expect(transcripts.map(({ flags }) => flags & TranscriptFlag.CANONICAL)).toEqual([TranscriptFlag.CANONICAL, 0]);
    expect(transcripts[1]).toMatchObject({ exons: [{ start: 400, end: 451 }], biotype: 'nonsense_mediated_decay' });
  });

  test.each([
    ['the smallest offset is not 0', ['ABC-201 5 0 + 1;0;995']],
    ['the largest end is not the end of the gene', ['ABC-201 0 0 + 1;0;990']],
    ['there is none', []],
  ])('only the extent is kept where %s', (_, structures) => {
    const { transcripts, withExons, extentsOnly } = models([gene], structures);
    expect({ withExons, extentsOnly }).toEqual({ withExons: 0, extentsOnly: 1 });
    expect(transcripts).toHaveLength(1);
    expect(transcripts[0]).toMatchObject({ exons: [{ start: 100, end: 1101 }], cds: null });
    expect((transcripts[0]?.flags ?? 0) & TranscriptFlag.EXTENT_ONLY).toBeGreaterThan(0);
  });

  test('two genes of one symbol are kept as extents: nobody knows whose the transcripts are', () => {
    const { withExons } = models([gene, '2 101 1000 78 ABC'], ['ABC-201 0 0 + 1;0;1000']);
    expect(withExons).toBe(0);
  });

  test('a strand that is not told is not made up', () => {
    const { transcripts } = models([gene], []);
    expect((transcripts[0]?.flags ?? 0) & TranscriptFlag.STRAND_UNKNOWN).toBeGreaterThan(0);
  });

  test.each([
    ['microRNA 21', 'miRNA'],
    ['ribosomal protein L3 pseudogene 4', 'pseudogene'],
    ['long intergenic non-protein coding RNA 115', 'lncRNA'],
    ['BRCA2 antisense RNA 1', 'lncRNA'],
    ['small nucleolar RNA%2C C/D box 3', 'snoRNA'],
    ['Y RNA', 'misc_RNA'],
    ['immunoglobulin heavy variable 1-2', ''],
    ['maternally expressed 3', ''],
  ])('a gene named %p is %p', (name, biotype) => {
    expect(biotypeByName(name)).toBe(biotype);
  });
});

describe('the mitochondrion', () => {
  const { genes, transcripts } = mitochondrialModels();

  test('has 37 genes: 13 proteins, 22 tRNAs, 2 rRNAs', () => {
    const counts = Object.groupBy(genes, ({ biotype }) => biotype);
    expect(Object.fromEntries(Object.entries(counts).map(([biotype, all]) => [biotype, all?.length]))).toEqual({
      Mt_tRNA: 22,
      Mt_rRNA: 2,
      protein_coding: 13,
    });
    expect(new Set(transcripts.map(({ id }) => id)).size).toBe(37);
  });

  test.skipIf(!existsSync(shared))('lies where Ensembl 110 says, gene by gene (needs ../shared/data)', () => {
    const rows = readFileSync(join(shared, 'small/human_MT_genes_ensembl110.tsv'), 'utf8').trim().split('\n');
    const ours = genes.map(({ id, symbol, span }) => ['MT', span.start + 1, span.end, id, symbol].join('\t'));
    expect(ours.toSorted()).toEqual(rows.filter((row) => row.startsWith('MT\t')).toSorted());
  });

  test.skipIf(!existsSync(shared))('strands are those of the models VEP was run on (needs ../shared/data)', () => {
    const gff = readFileSync(join(shared, 'conformance/vep-mt/genes.gff3'), 'utf8');
    const strands = [...gff.matchAll(/\tgene\t\d+\t\d+\t\.\t([+-])\t.*;Name=([^;]+)/g)].map(
      ([, strand, name]) => `${name} ${strand}`,
    );
    expect(strands.length).toBeGreaterThan(15);
    const ours = genes.map(({ symbol, strand }) => `${symbol} ${strand === 1 ? '+' : '-'}`);
    expect(strands.filter((one) => !ours.includes(one))).toEqual([]);
  });

  test('every protein begins with a start codon, and ends with a stop codon or what polyadenylation completes to one', async () => {
    const { mitochondrion } = await starterFiles();
    const text = Buffer.from(mitochondrion).toString();
    const bases = text.slice(text.indexOf('\n')).replace(/\s/g, '');
    expect(bases).toHaveLength(16_569);
    expect(bases[3106]).toBe('N');
    const complement: Record<string, string> = { A: 'T', C: 'G', G: 'C', T: 'A' };
    for (const { cds, strand, id } of transcripts) {
      if (!cds) continue;
      const forward = bases.slice(cds[0]?.start, cds[0]?.end);
      const coding =
        strand === 1
          ? forward
          : [...forward]
              .toReversed()
              .map((base) => complement[base])
              .join('');
      expect([id, coding.slice(0, 3)]).toEqual([id, expect.stringMatching(/^(ATG|ATA|ATT|GTG|ATC)$/)]);
      const completed = coding.padEnd(Math.ceil(coding.length / 3) * 3, 'A');
      expect([id, completed.slice(-3)]).toEqual([id, expect.stringMatching(/^(TAA|TAG|AGA|AGG)$/)]);
    }
  });
});

describe('the starter reference', () => {
  test('is built of what the package brings, whole and checked, in seconds', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'starter-')), STARTER_NAME);
    const started = performance.now();
    const manifest = await buildStarter(await starterFiles(), folder, new Date('2026-11-22T00:00:00Z'));
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(verifyBundle(folder)).toEqual(manifest);
    expect(manifest).toMatchObject({ name: STARTER_NAME, assembly: 'GRCh38', problems: [] });
    expect(manifest.counts.genes).toBeGreaterThan(32_000);
    expect(readdirSync(join(folder, '..'))).toEqual([STARTER_NAME]);
    const [clinvar] = knownBeside(folder);
    const { manifest: known } = new KnownVariants(clinvar ?? '');
    expect(known).toMatchObject({ name: 'ClinVar', version: '20241215', assembly: 'GRCh38' });
    expect(known.contigs.reduce((sum, { entries }) => sum + entries, 0)).toBe(72_582);
    for (const assembly of ['GRCh38', 'GRCh37', 'NCBI36', 'T2T-CHM13v2.0']) {
      const bands = bandsBeside(folder, assembly);
      expect(Object.keys(bands ?? {})).toHaveLength(24);
      expect(bands?.['20']?.names[0]).toMatch(/^p13/);
    }
    expect(bandsBeside(folder, 'GRCm39')).toBeNull();
  });

  test('is not built again of the same bytes', async () => {
    const folder = await starterFolder();
    const { mtimeMs } = statSync(join(folder, 'manifest.json'));
    await starterFolder();
    expect(statSync(join(folder, 'manifest.json')).mtimeMs).toBe(mtimeMs);
  });

  test('knows the sequence of the mitochondrion and of nothing else', async () => {
    const { contigs, sequence } = openBundle(await starterFolder());
    expect(contigs.names.filter((_, id) => sequence.has(id))).toEqual(['MT']);
    expect(contigs.codonTables[contigs.idOf('chrM')]).toBe(2);
    expect(String.fromCharCode(sequence.base(contigs.idOf('MT'), 0), sequence.base(contigs.idOf('MT'), 3106))).toBe(
      'GN',
    );
  });
});
