import { expect, test } from 'bun:test';

import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import { NO_GENE } from '../../../anntools/bundle/reference.ts';
import { stringAt } from '../../../anntools/bundle/string-pool.ts';
import { gene, transcript } from '../../support/models.ts';

const contigs = [
  { name: '1', length: 1000 },
  { name: 'MT', length: 100, codonTable: 2, circular: true },
];

test('transcripts are sorted by contig, start and end descending, with their exons in spliced offsets', () => {
  const { transcripts } = referenceFromModels({
    name: 'test',
    assembly: 'T1',
    contigs,
    genes: [gene({ id: 'G', contig: '1', span: { start: 10, end: 90 }, strand: -1 })],
    transcripts: [
      transcript({ id: 'M', contig: 'MT', exons: [{ start: 5, end: 8 }] }),
      transcript({ id: 'short', exons: [{ start: 10, end: 20 }] }),
      transcript({
        id: 'long',
        geneId: 'G',
        strand: -1,
        exons: [
          { start: 10, end: 20 },
          { start: 60, end: 90 },
        ],
        cds: [
          { start: 14, end: 20 },
          { start: 60, end: 66 },
        ],
      }),
    ],
  });
  expect([0, 1, 2].map((t) => stringAt(transcripts.ids, t))).toEqual(['long', 'short', 'M']);
  expect([...transcripts.firstOfContig]).toEqual([0, 2, 3]);
  expect([...transcripts.reach]).toEqual([90, 90, 8]);
  expect([...transcripts.gene]).toEqual([0, NO_GENE, NO_GENE]);
  expect([...transcripts.exonFirst]).toEqual([0, 2, 3, 4]);
  expect([...transcripts.exonCdna]).toEqual([30, 0, 0, 0]);
  expect([transcripts.cdsStart[0], transcripts.cdsEnd[0]]).toEqual([14, 66]);
  expect([transcripts.cdsCdnaStart[0], transcripts.cdsCdnaEnd[0]]).toEqual([24, 36]);
  expect(transcripts.cdsStart[1]).toBe(-1);
});

test.each([
  {
    strand: 1,
    parts: [
      [10, 20],
      [19, 31],
    ],
    stop: 20,
    resume: 19,
    what: 'a -1 slippage',
  },
  {
    strand: 1,
    parts: [
      [10, 20],
      [21, 31],
    ],
    stop: 20,
    resume: 21,
    what: 'a +1 slippage',
  },
  {
    strand: -1,
    parts: [
      [10, 20],
      [19, 31],
    ],
    stop: 31,
    resume: 30,
    what: 'a -1 slippage on the reverse strand',
  },
  {
    strand: -1,
    parts: [
      [10, 20],
      [21, 31],
    ],
    stop: 29,
    resume: 30,
    what: 'a +1 slippage on the reverse strand',
  },
] as const)('$what is where reading stops and goes on', ({ strand, parts, stop, resume }) => {
  const { transcripts } = referenceFromModels({
    name: 'test',
    assembly: 'T1',
    contigs,
    genes: [],
    transcripts: [
      transcript({ strand, exons: [{ start: 0, end: 50 }], cds: parts.map(([start, end]) => ({ start, end })) }),
    ],
  });
  expect((transcripts.flags[0] ?? 0) & TranscriptFlag.SLIPPAGE).toBeTruthy();
  expect([...transcripts.slippages.stop]).toEqual([stop]);
  expect([...transcripts.slippages.resume]).toEqual([resume]);
});

test('sequence is upper case, N outside and for other codes', () => {
  const { sequence } = referenceFromModels({
    name: 'test',
    assembly: 'T1',
    contigs: [
      { name: '1', length: 6 },
      { name: '2', length: 9 },
    ],
    sequences: new Map([['1', 'acGTRn']]),
    genes: [],
    transcripts: [],
  });
  const out = new Uint8Array(10);
  sequence.read(0, -2, 8, out, 0);
  expect(Buffer.from(out).toString()).toBe('NNACGTNNNN');
  expect([sequence.has(0), sequence.has(1)]).toEqual([true, false]);
  expect(sequence.base(1, 3)).toBe(78);
});

test.each([
  ['1', 'chr1'],
  ['1', 'NC_000001.11'],
  ['1', 'CM000663.2'],
  ['MT', 'chrM'],
  ['MT', 'NC_012920.1'],
  ['X', 'NC_000023.10'],
  ['chr7', '7'],
  ['chrM', 'MT'],
  ['chrUn_KI270302v1', 'KI270302.1'],
  ['KI270706.1', 'chr1_KI270706v1_random'],
  ['gi|9626243|ref|NC_001416.1|', 'NC_001416.1'],
  ['NC_045512v2', 'NC_045512.2'],
  ['NC_000067.7', 'chr1'],
])('contig %s is also known as %s', (name, spelling) => {
  const { contigs: table } = referenceFromModels({
    name: 'test',
    assembly: 'T1',
    contigs: [
      { name: 'other', length: 1 },
      { name, length: 10, ...(name === '1' ? { aliases: ['CM000663.2'] } : {}) },
    ],
    genes: [],
    transcripts: [],
  });
  expect(table.idOf(spelling)).toBe(1);
  expect(table.idOf('nowhere')).toBe(-1);
});

test('the label of a transcript is the middle of its CSQ block, and its HGVS name carries the version once', () => {
  const { transcripts } = referenceFromModels({
    name: 'test',
    assembly: 'T1',
    contigs,
    genes: [gene({ id: 'ENSG1', symbol: 'A B;C', contig: '1', span: { start: 0, end: 9 } })],
    transcripts: [
      transcript({
        id: 'ENST1',
        version: '4',
        geneId: 'ENSG1',
        biotype: 'protein_coding',
        proteinId: 'ENSP1',
        proteinVersion: '1',
      }),
      transcript({ id: 'NM_1.2', exons: [{ start: 20, end: 30 }] }),
    ],
  });
  expect(stringAt(transcripts.labels, 0)).toBe('A_B%3BC|ENSG1|Transcript|ENST1|protein_coding');
  expect(stringAt(transcripts.hgvsNames, 0)).toBe('ENST1.4');
  expect(stringAt(transcripts.hgvsNames, 1)).toBe('NM_1.2');
  expect(stringAt(transcripts.hgvsProteinNames, 0)).toBe('ENSP1.1');
  expect(stringAt(transcripts.hgvsProteinNames, 1)).toBe('');
});
