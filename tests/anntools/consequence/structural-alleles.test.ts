/** What symbolic alleles and breakends mean: where they lie, what they do, where their other end is. */
import { describe, expect, test } from 'bun:test';
import { RecordAlleles } from '../../../anntools/consequence/alleles.ts';
import { parseBreakend } from '../../../anntools/consequence/breakend.ts';
import { StructuralEffect } from '../../../anntools/consequence/structural-alleles.ts';
import { annotate, recordOf, referenceOf, threeExonWorld } from './made-up.ts';

/** The alleles of a record at 1:100 with REF N. */
function alleles(alt: string, info: string, samples = '') {
  const parsed = new RecordAlleles();
  parsed.parse(recordOf(`1\t100\t.\tN\t${alt}\t.\t.\t${info}${samples === '' ? '' : `\t${samples}`}`), false);
  return parsed.all.slice(0, parsed.count);
}

const effectNames = Object.keys(StructuralEffect);
const effectOf = (effect: number) => effectNames[Object.values(StructuralEffect).indexOf(effect as 0)] ?? '';

describe('where a symbolic allele lies', () => {
  const cases: readonly (readonly [why: string, alt: string, info: string, ends: readonly number[]])[] = [
    ['END', '<DEL>', 'END=200', [200]],
    ['SVLEN, negative as in VCF 4.1–4.3', '<DEL>', 'SVLEN=-50', [150]],
    ['SVLEN, positive as in VCF 4.4', '<DEL>', 'SVLEN=50', [150]],
    ['END before SVLEN where they disagree', '<DEL>', 'END=200;SVLEN=-50', [200]],
    ['SVLEN where END lies before POS', '<DEL>', 'END=20;SVLEN=-50', [150]],
    [
      'each its SVLEN where there are several, END being that of the longest',
      '<DEL>,<DUP>',
      'END=300;SVLEN=50,200',
      [150, 300],
    ],
    ['END where SVLEN is missing for one of several', '<DEL>,<DUP>', 'END=300;SVLEN=50,.', [150, 300]],
    ['one base where nobody tells', '<DEL>', 'SVTYPE=DEL', [101]],
    ['a point for insertions', '<INS:ME:ALU>', 'SVLEN=280', [100]],
    ['SVLEN of a tandem repeat', '<CNV:TR>', 'SVLEN=30;RN=1;RUS=CAG;RUC=20', [130]],
  ];
  test.each(cases)('%s', (_, alt, info, ends) => {
    expect(alleles(alt, info).map(({ end }) => end)).toEqual([...ends]);
  });
});

describe('what a copy number means', () => {
  const sampled = (...copies: string[]) => `GT:CN\t${copies.map((copy) => `./.:${copy}`).join('\t')}`;
  const cases: readonly (readonly [alt: string, info: string, samples: string, effect: string])[] = [
    ['<CN0>', 'END=200', '', 'LOSS'],
    ['<CN1>', 'END=200', '', 'COPY_NUMBER'],
    ['<CN2>', 'END=200', '', 'GAIN'],
    ['<CN7>', 'END=200', '', 'GAIN'],
    ['<CNV>', 'END=200', '', 'COPY_NUMBER'],
    ['<CNV>', 'END=200;SVTYPE=LOSS', '', 'LOSS'],
    ['<CNV>', 'END=200;SVTYPE=DUP', '', 'GAIN'],
    ['<CNV>', 'END=200;CN=0', '', 'LOSS'],
    ['<CNV>', 'END=200;CN=5.2', '', 'GAIN'],
    ['<CNV>', 'END=200;CN=2', '', 'COPY_NUMBER'],
    ['<CNV>', 'END=200', sampled('1'), 'LOSS'],
    ['<CNV>', 'END=200', sampled('2', '4', '.'), 'GAIN'],
    ['<CNV>', 'END=200', sampled('1', '3'), 'COPY_NUMBER'],
    ['<CNV>', 'END=200', sampled('2'), 'COPY_NUMBER'],
    ['<STR27>', 'END=200', '', 'REPEAT'],
    ['<CNV:TR>', 'SVLEN=40', '', 'REPEAT'],
    ['<INV>', 'END=200', '', 'INVERSION'],
    ['<DEL:ME:L1>', 'END=200', '', 'LOSS'],
    ['<CPX>', 'END=200', '', 'OTHER'],
    ['C<ctg1>', '.', '', 'INSERTION'],
  ];
  test.each(cases)('%s %s %s: %s', (alt, info, samples, effect) => {
    expect(effectOf(alleles(alt, info, samples)[0]?.structural.effect ?? 0)).toBe(effect);
  });

  test('one copy is no loss on a sex chromosome, where it may be normal', () => {
    const parsed = new RecordAlleles();
    parsed.parse(recordOf('chrX\t100\t.\tN\t<CNV>\t.\t.\tEND=200\tGT:CN\t1:1'), false);
    expect(effectOf(parsed.all[0]?.structural.effect ?? 0)).toBe('COPY_NUMBER');
  });
});

describe('breakends', () => {
  const mate = (contig: string, position: number, keepsLeft: boolean) => ({ contig, position, keepsLeft });
  const cases: readonly (readonly [alt: string, meaning: ReturnType<typeof parseBreakend>])[] = [
    // The four of section 5.4.
    ['C[2:321682[', { keepsLeft: true, inserted: 0, mate: mate('2', 321682, false) }],
    ['G]17:198982]', { keepsLeft: true, inserted: 0, mate: mate('17', 198982, true) }],
    [']13:123456]T', { keepsLeft: false, inserted: 0, mate: mate('13', 123456, true) }],
    ['[17:198983[A', { keepsLeft: false, inserted: 0, mate: mate('17', 198983, false) }],
    ['CAGTNNNNNCA[2:321682[', { keepsLeft: true, inserted: 10, mate: mate('2', 321682, false) }],
    [']2:321681]AGTNNNNNCAT', { keepsLeft: false, inserted: 10, mate: mate('2', 321681, true) }],
    ['.[13:123457[', { keepsLeft: true, inserted: 0, mate: mate('13', 123457, false) }],
    [']1:0]A', { keepsLeft: false, inserted: 0, mate: mate('1', 0, true) }],
    ['C[HLA-A*01:01:02:77[', { keepsLeft: true, inserted: 0, mate: mate('HLA-A*01:01:02', 77, false) }],
    // A contig of the assembly file is none of the reference's, whatever its name.
    ['C[<1>:329[', { keepsLeft: true, inserted: 0, mate: null }],
    ['G.', { keepsLeft: true, inserted: 0, mate: null }],
    ['GTCC.', { keepsLeft: true, inserted: 3, mate: null }],
    ['.TA', { keepsLeft: false, inserted: 1, mate: null }],
    ['<BND>', null],
    ['C[2:321682', null],
    ['ACGT', null],
  ];
  test.each(cases)('%s', (alt, meaning) => {
    expect(parseBreakend(alt)).toEqual(meaning);
  });

  const told: readonly (readonly [who: string, info: string, contig: string, position: number, joined: string])[] = [
    ['svtk', 'CHR2=2;END=100;END2=501;POS2=500;STRANDS=++', '2', 501, '++'],
    ['Delly', 'CHR2=5;END=101;POS2=700;CT=3to5', '5', 700, '+-'],
    ['LUMPY and Sniffles', 'CHR2=5;END=900', '5', 900, ''],
    ['nobody', 'END=100', '', 0, ''],
  ];
  test.each(told)('without an ALT that tells the mate: %s', (_, info, contig, position, joined) => {
    const [allele] = alleles('<BND>', info);
    expect([allele?.mateContig, allele?.matePosition]).toEqual([contig, position]);
    const sign = (keepsLeft: boolean | undefined) => (keepsLeft === true ? '+' : '-');
    const { breakend = null } = allele ?? {};
    expect(breakend === null ? '' : sign(breakend.keepsLeft) + sign(breakend.mate?.keepsLeft)).toBe(joined);
  });
});

test('OverlapBP and OverlapPC tell how much of a transcript is reached over, as VEP’s --overlaps', () => {
  // The transcript is [2000, 2330).
  const reference = referenceOf(threeExonWorld());
  const overlap = (alt: string, at: number, info: string) =>
    annotate(reference, `1\t${at}\t.\tN\t${alt}\t.\t.\t${info}`, { columns: ['OverlapBP', 'OverlapPC'] }).map(
      ({ OverlapBP, OverlapPC }) => `${OverlapBP} ${OverlapPC}`,
    );
  expect(overlap('<DEL>', 1900, 'END=2033')).toEqual(['33 10.00']);
  expect(overlap('<DUP>', 1900, 'END=4000')).toEqual(['330 100.00']);
  expect(overlap('<DEL>', 1000, 'END=1100')).toEqual([' ']);
  expect(overlap('T', 2020, '.')).toEqual([' ']);
});
