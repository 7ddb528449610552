import { expect, test } from 'bun:test';
import * as fc from 'fast-check';

import { parseGeneFile } from '../../../anntools/annotation-files/read.ts';
import type { Span, TranscriptModel } from '../../../anntools/models/gene-models.ts';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import { gff3Lines, gtfLines, read } from '../../support/gene-files.ts';
import { gene, transcript } from '../../support/models.ts';

test('an Ensembl GTF: the stop codon outside the CDS is part of the coding sequence', () => {
  const { format, flavour, genes, transcripts, problems } = read(
    '#!genome-build GRCh38.p14',
    '9 ensembl_havana gene 101 400 . - . gene_id "ENSG1"; gene_version "15"; gene_name "WASHC1"; gene_source "e"; gene_biotype "protein_coding";',
    '9 ensembl_havana transcript 101 400 . - . gene_id "ENSG1"; gene_version "15"; transcript_id "ENST1"; transcript_version "4"; gene_name "WASHC1"; transcript_biotype "protein_coding"; tag "CCDS"; ccds_id "CCDS7"; tag "basic"; tag "Ensembl_canonical"; tag "cds_start_NF"; transcript_support_level "2";',
    '9 ensembl_havana exon 301 400 . - . gene_id "ENSG1"; transcript_id "ENST1"; exon_number "1";',
    '9 ensembl_havana CDS 301 350 . - 0 gene_id "ENSG1"; transcript_id "ENST1"; protein_id "ENSP1"; protein_version "3";',
    '9 ensembl_havana exon 101 200 . - . gene_id "ENSG1"; transcript_id "ENST1"; exon_number "2";',
    '9 ensembl_havana CDS 160 200 . - 1 gene_id "ENSG1"; transcript_id "ENST1"; protein_id "ENSP1"; protein_version "3";',
    '9 ensembl_havana stop_codon 157 159 . - 0 gene_id "ENSG1"; transcript_id "ENST1";',
    '9 ensembl_havana start_codon 348 350 . - 0 gene_id "ENSG1"; transcript_id "ENST1";',
    '9 ensembl_havana Selenocysteine 345 347 . - . gene_id "ENSG1"; transcript_id "ENST1";',
    '9 ensembl_havana five_prime_utr 351 400 . - . gene_id "ENSG1"; transcript_id "ENST1";',
  );
  expect([format, flavour, problems]).toEqual(['GTF', 'Ensembl', []]);
  expect(genes[0]).toMatchObject({ id: 'ENSG1', version: '15', symbol: 'WASHC1', biotype: 'protein_coding' });
  const { CANONICAL, GENCODE_BASIC, CCDS, CDS_START_NF } = TranscriptFlag;
  expect(transcripts[0]).toMatchObject({
    id: 'ENST1',
    version: '4',
    geneId: 'ENSG1',
    cds: [
      { start: 156, end: 200 },
      { start: 300, end: 350 },
    ],
    proteinId: 'ENSP1',
    proteinVersion: '3',
    selenocysteines: [2],
    supportLevel: 2,
    flags: CANONICAL | GENCODE_BASIC | CCDS | CDS_START_NF,
  });
});

test('a stop codon split by an intron, or alone in an exon, is coding too', () => {
  const { transcripts } = read(
    '1 t exon 1 50 . + . gene_id "G"; transcript_id "split";',
    '1 t exon 81 99 . + . gene_id "G"; transcript_id "split";',
    '1 t CDS 11 49 . + 0 gene_id "G"; transcript_id "split";',
    '1 t stop_codon 50 50 . + 0 gene_id "G"; transcript_id "split";',
    '1 t stop_codon 81 82 . + 2 gene_id "G"; transcript_id "split";',
    '1 t exon 1 49 . + . gene_id "G"; transcript_id "alone";',
    '1 t exon 81 99 . + . gene_id "G"; transcript_id "alone";',
    '1 t CDS 11 49 . + 0 gene_id "G"; transcript_id "alone";',
    '1 t stop_codon 81 83 . + 0 gene_id "G"; transcript_id "alone";',
  );
  expect(transcripts.map(({ id, cds }) => [id, cds])).toEqual([
    [
      'split',
      [
        { start: 10, end: 50 },
        { start: 80, end: 82 },
      ],
    ],
    [
      'alone',
      [
        { start: 10, end: 49 },
        { start: 80, end: 83 },
      ],
    ],
  ]);
});

test('without gene and transcript lines both are made of the exons', () => {
  const { genes, transcripts, flavour } = read(
    'chrIV sgd exon 11 50 . + . gene_id "YDL1"; transcript_id "YDL1_mRNA"; gene_name "ABC";',
    'chrIV sgd CDS 11 47 . + 0 gene_id "YDL1"; transcript_id "YDL1_mRNA"; gene_name "ABC";',
    'chrIV sgd exon 71 90 . + . gene_id "YDL1"; transcript_id "YDL1_nc"; gene_name "ABC";',
    'chrIV sgd exon 1 5 . + . gene_id "YDL1"; transcript_id "YDL1_nc"; gene_name "ABC";',
  );
  expect(flavour).toBe('plain');
  expect(genes).toMatchObject([{ id: 'YDL1', symbol: 'ABC', span: { start: 0, end: 90 }, biotype: 'protein_coding' }]);
  expect(transcripts.map(({ id, biotype }) => [id, biotype])).toEqual([
    ['YDL1_mRNA', 'protein_coding'],
    ['YDL1_nc', 'non_coding'],
  ]);
});

test.each([
  ['havana', 'transcript_biotype "lncRNA"', 'lncRNA'],
  ['HAVANA', 'transcript_type "retained_intron"', 'retained_intron'],
  ['nonsense_mediated_decay', '', 'nonsense_mediated_decay'],
  ['BestRefSeq', 'gbkey "mRNA"; transcript_biotype "mRNA"', 'protein_coding'],
  ['hg19_refFlat', '', 'non_coding'],
])('a transcript of source %s with %s has the biotype %s', (source, attribute, biotype) => {
  const { transcripts } = read(
    `1 ${source} transcript 1 9 . + . gene_id "g"; transcript_id "t"; ${attribute};`,
    `1 ${source} exon 1 9 . + . gene_id "g"; transcript_id "t";`,
  );
  expect(transcripts[0]?.biotype).toBe(biotype);
});

test('a RefSeq GTF gives the gene the id that the GFF3 gives it', () => {
  const { genes, transcripts, flavour } = read(
    'NC_1.1 BestRefSeq gene 1 90 . + . gene_id "BRCA2"; transcript_id ""; db_xref "GeneID:675"; db_xref "HGNC:HGNC:1101"; gbkey "Gene"; gene "BRCA2"; gene_biotype "protein_coding";',
    'NC_1.1 BestRefSeq transcript 1 90 . + . gene_id "BRCA2"; transcript_id "NM_000059.4"; db_xref "Ensembl:ENST00000380152.8"; db_xref "GeneID:675"; gbkey "mRNA"; gene "BRCA2"; tag "MANE Select"; transcript_biotype "mRNA";',
    'NC_1.1 BestRefSeq exon 1 90 . + . gene_id "BRCA2"; transcript_id "NM_000059.4"; gbkey "mRNA";',
    'NC_1.1 BestRefSeq CDS 1 60 . + 0 gene_id "BRCA2"; transcript_id "NM_000059.4"; db_xref "CCDS:CCDS9344.1"; gbkey "CDS"; protein_id "NP_000050.3"; transl_except "(pos:4..6,aa:Sec)";',
    'NC_1.1 BestRefSeq CDS 61 87 . + 0 gene_id "b2"; transcript_id "unassigned_transcript_1"; gbkey "CDS"; locus_tag "b2"; transl_table "11";',
  );
  expect(flavour).toBe('RefSeq');
  expect(genes[0]).toMatchObject({ id: '675', symbol: 'BRCA2', hgncId: 'HGNC:1101' });
  expect(transcripts[0]).toMatchObject({
    id: 'NM_000059.4',
    version: '',
    geneId: '675',
    biotype: 'protein_coding',
    proteinId: 'NP_000050.3',
    maneMate: 'ENST00000380152.8',
    ccdsId: 'CCDS9344.1',
    selenocysteines: [2],
  });
  expect(transcripts[1]).toMatchObject({ id: 'b2', geneId: 'b2' });
});

/** Exons on a line of alternating exon and intron lengths, a coding part inside them, on either strand. */
const transcripts = fc
  .record({
    lengths: fc
      .array(fc.integer({ min: 4, max: 40 }), { minLength: 1, maxLength: 9 })
      .filter(({ length }) => length % 2 === 1),
    start: fc.integer({ min: 0, max: 500 }),
    strand: fc.constantFrom(1 as const, -1 as const),
    phase: fc.constantFrom(0 as const, 1 as const, 2 as const),
    coding: fc.boolean(),
    cut: fc.tuple(fc.nat(), fc.nat()),
  })
  .map(({ lengths, start, strand, phase, coding, cut }): Partial<TranscriptModel> => {
    const exons: Span[] = [];
    let at = start;
    lengths.forEach((length, i) => {
      if (i % 2 === 0) exons.push({ start: at, end: at + length });
      at += length;
    });
    const spliced = exons.reduce((sum, { start: from, end }) => sum + end - from, 0);
    const [from, to] = cut.map((value) => value % (spliced + 1)).sort((a, b) => a - b) as [number, number];
    // A coding part of at least a codon besides its stop, in a frame that fits.
    const cds = coding && to - from >= 7 ? splicedPart(exons, from, to) : null;
    return { exons, strand, cds, phase: cds ? phase : 0 };
  });

function splicedPart(exons: readonly Span[], from: number, to: number): Span[] {
  let before = 0;
  return exons.flatMap(({ start, end }) => {
    const part = { start: start + Math.max(0, from - before), end: start + Math.min(end - start, to - before) };
    before += end - start;
    return part.start < part.end && part.end > start ? [part] : [];
  });
}

test('GTF and GFF3 of the same models, lines in any order, give the same models', () => {
  fc.assert(
    fc.property(fc.array(transcripts, { minLength: 1, maxLength: 4 }), fc.integer(), (parts, seed) => {
      const models = parts.map((part, i) =>
        transcript({
          ...part,
          id: `T${i}`,
          version: `${i + 1}`,
          geneId: 'G1',
          biotype: part.cds ? 'protein_coding' : 'lncRNA',
          ...(part.cds ? { proteinId: `P${i}`, proteinVersion: '2' } : {}),
        }),
      );
      const genes = [
        gene({ version: '3', symbol: 'S', span: { start: 0, end: 2000 }, strand: models[0]?.strand ?? 1 }),
      ];
      const expected = models.map((model) => ({ ...model, flags: model.phase > 0 ? TranscriptFlag.CDS_START_NF : 0 }));
      for (const lines of [gff3Lines(genes, models), gtfLines(genes, models)]) {
        const found = parseGeneFile(Buffer.from(shuffled(lines, seed).join('\n')));
        expect(found.problems).toEqual([]);
        expect(found.genes).toEqual(genes);
        expect(found.transcripts.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(expected);
      }
    }),
  );
});

function shuffled(lines: readonly string[], seed: number): string[] {
  return lines
    .map((line, i) => [Math.imul(seed ^ (i + 1), 0x9e3779b1) >>> 0, line] as const)
    .sort(([a], [b]) => a - b)
    .map(([, line]) => line);
}
