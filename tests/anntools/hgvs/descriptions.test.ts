/**
 * Descriptions by the HGVS recommendations (https://hgvs-nomenclature.org/stable/), each asked on both strands of the
 * made-up gene, whose coding sequence is
 *
 *     ATG GCT CGT GAT CTG AAA CCA TGG CAT CCT | GGA ACA GAG TTC TAC TGG ATA CGC AAC TCA | GAT GTG CCA CTG GAA TAT AGT GGC TTC TAA
 *      1   2   3   4   5   6   7   8   9  10     11  12  13  14  15  16  17  18  19  20    21 …                        29  30
 */
import { describe, expect, test } from 'bun:test';
import type { Manner } from '../../../anntools/consequence/spliced.ts';
import {
  annotate,
  lineOf,
  mirrored,
  mirroredEdit,
  referenceOf,
  threeExonWorld,
  type Edit,
  type World,
} from '../consequence/made-up.ts';

const world = threeExonWorld();
const other = mirrored(world);

const columns = ['HGVSc', 'HGVSp', 'HGVS_OFFSET', 'HGVSg'];

/** The described change on the forward strand; on the reverse strand it must be called the same. */
function described(edit: Edit, manner: Manner = 'specification', made: World = world): Record<string, string> {
  const flipped = made === world ? other : mirrored(made);
  const [row = {}] = annotate(referenceOf(made), lineOf(made.bases, edit), { columns, manner });
  const [back = {}] = annotate(referenceOf(flipped), lineOf(flipped.bases, mirroredEdit(made, edit)), {
    columns,
    manner,
  });
  expect(back['HGVSc']).toBe(row['HGVSc'] ?? '');
  expect(back['HGVSp']).toBe(row['HGVSp'] ?? '');
  return row;
}

const del = (start: number, length: number): Edit => ({ start, end: start + length, to: '' });
const ins = (at: number, to: string): Edit => ({ start: at, end: at, to });

describe('the 3’ rule', () => {
  test.each([
    ['a base out of a run', del(2025, 1), 'c.18del', '2'],
    ['a base more in a run', ins(2025, 'A'), 'c.18dup', '3'],
    ['two more', ins(2025, 'AA'), 'c.17_18dup', '3'],
    ['a run in the intron', del(2130, 1), 'c.31-7del', '3'],
    ['from the intron into the exon', del(2139, 1), 'c.32del', '2'],
    ['a copy at the border of an exon', ins(2140, 'G'), 'c.32dup', '2'],
    ['two codons that begin as what follows begins', del(2013, 6), 'c.5_10del', '1'],
    ['nothing to shift', del(2003, 1), 'c.-7del', ''],
  ])('%s', (_name, edit, coding, offset) => {
    expect(described(edit)).toMatchObject({ HGVSc: `T1.2:${coding}`, HGVS_OFFSET: offset });
  });

  test('on the reverse strand the offset is negative and g. is shifted the other way', () => {
    const [row] = annotate(referenceOf(other), lineOf(other.bases, mirroredEdit(world, del(2025, 1))), { columns });
    // AAA on the transcript is bases 3173–3175, TTT, of the mirrored contig.
    expect(row).toMatchObject({ HGVSc: 'T1.2:c.18del', HGVSg: '1:g.3175del', HGVS_OFFSET: '-2' });
  });
});

describe('on the genome and on the transcript', () => {
  test.each([
    ['substitution', { start: 2013, end: 2014, to: 'T' }, 'g.2014G>T', 'c.4G>T'],
    ['deletion', del(2019, 3), 'g.2020_2022del', 'c.10_12del'],
    ['duplication', ins(2022, 'GAT'), 'g.2020_2022dup', 'c.10_12dup'],
    ['insertion', ins(2022, 'AAA'), 'g.2022_2023insAAA', 'c.12_13insAAA'],
    ['insertion of several copies', ins(2028, 'AAAAAA'), 'g.2028_2029insAAAAAA', 'c.18_19insAAAAAA'],
    ['deletion-insertion', { start: 2025, end: 2027, to: 'TTTT' }, 'g.2026_2027delinsTTTT', 'c.16_17delinsTTTT'],
    ['inversion', { start: 2280, end: 2283, to: 'CCA' }, 'g.2281_2283inv', 'c.71_73inv'],
    ['what the alleles share is no change', { start: 2025, end: 2028, to: 'AAC' }, 'g.2028A>C', 'c.18A>C'],
    ['into the intron', ins(2040, 'A'), 'g.2040_2041insA', 'c.30_30+1insA'],
    ['out of the intron', del(2135, 10), 'g.2136_2145del', 'c.31-5_35del'],
    ['the last base of an intron’s first half', { start: 2089, end: 2090, to: 'C' }, 'g.2090G>C', 'c.30+50G>C'],
    ['the first base of its second half', { start: 2090, end: 2091, to: 'C' }, 'g.2091A>C', 'c.31-50A>C'],
    ['before the start codon', ins(2010, 'GGG'), 'g.2010_2011insGGG', 'c.-1_1insGGG'],
    ['behind the stop codon', { start: 2300, end: 2301, to: 'T' }, 'g.2301C>T', 'c.*1C>T'],
  ])('%s', (_name, edit, genomic, coding) => {
    expect(described(edit)).toMatchObject({ HGVSg: `1:${genomic}`, HGVSc: `T1.2:${coding}` });
  });

  test('the mitochondrion’s own letter', () => {
    const mito = { ...world, codonTable: 2 };
    expect(described({ start: 2013, end: 2014, to: 'T' }, 'vep', mito)['HGVSg']).toBe('1:m.2014G>T');
  });
});

describe('on the protein', () => {
  test.each([
    ['substitution', { start: 2013, end: 2014, to: 'T' }, 'Ala2Ser'],
    ['no change', { start: 2015, end: 2016, to: 'C' }, 'Ala2%3D'],
    ['nonsense', { start: 2025, end: 2026, to: 'T' }, 'Lys6Ter'],
    ['two residues', { start: 2025, end: 2031, to: 'GGGGGG' }, 'Lys6_Pro7delinsGlyGly'],
    ['deletion of one', del(2022, 3), 'Leu5del'],
    ['deletion of two', del(2013, 6), 'Ala2_Arg3del'],
    ['duplication', ins(2022, 'GAT'), 'Asp4dup'],
    ['insertion', ins(2022, 'CCC'), 'Asp4_Leu5insPro'],
    ['two copies more', ins(2028, 'AAAAAA'), 'Lys6_Pro7insLysLys'],
    ['insertion with a stop, which ends it', ins(2028, 'GGTTAAGGT'), 'Lys6_Pro7insGlyTer'],
    ['frame shift by a deletion', del(2025, 1), 'Lys6AsnfsTer31'],
    ['frame shift by a duplication', ins(2025, 'A'), 'Pro7ThrfsTer21'],
    ['frame shift at the beginning of an exon', ins(2140, 'G'), 'Thr12AsnfsTer16'],
    ['start codon lost', del(2010, 3), 'Met1?'],
    ['inside the start codon', ins(2011, 'GGG'), 'Met1?'],
    ['stop codon lost', { start: 2297, end: 2298, to: 'C' }, 'Ter30GlnextTer4'],
    ['stop codon out of frame', del(2296, 1), 'Ter30AsnextTer6'],
  ])('%s', (_name, edit, protein) => {
    expect(described(edit)['HGVSp']).toBe(`P1.3:p.${protein}`);
  });

  test.each([
    ['no stop follows a frame shift', del(2280, 1), 'Leu24ArgfsTer?'],
    ['no stop follows a lost one', { start: 2297, end: 2298, to: 'C' }, 'Ter30GlnextTer?'],
  ])('%s', (_name, edit, protein) => {
    const endless = { ...world, bases: `${world.bases.slice(0, 2300)}${'CCTGAG'.repeat(600)}` };
    expect(described(edit, 'specification', endless)['HGVSp']).toBe(`P1.3:p.${protein}`);
  });
});

describe('where the recommendations and VEP part', () => {
  const proteinOf = (edit: Edit, made: World, manner: Manner) =>
    annotate(referenceOf(made), lineOf(made.bases, edit), { manner })[0]?.['HGVSp']?.replace('P1.3:p.', '');

  test('near the end of a contig', () => {
    // A run of ten within 1,000 bases of the end, where VEP compares with the wrong bases.
    const made = { ...world, bases: `${world.bases}CCCCCAAAAAAAAAAG${'ACGT'.repeat(50)}` };
    const line = lineOf(made.bases, del(5205, 1));
    const genomicBy = (manner: Manner) => annotate(referenceOf(made), line, { columns, manner })[0]?.['HGVSg'];
    expect(genomicBy('specification')).toBe('1:g.5215del');
    expect(genomicBy('vep')).not.toBe('1:g.5215del');
  });

  test.each([
    ['specification', 'Ter30AsnextTer6'],
    ['vep', 'Ter30AsnfsTer7'],
  ] as const)('a stop codon out of frame, by %s', (manner, protein) => {
    expect(proteinOf(del(2296, 1), world, manner)).toBe(protein);
  });

  test.each([
    ['specification', ['c.60+1G>C', 'c.*1-1G>C']],
    ['vep', ['c.*1G>C', 'c.*1-1G>C']],
  ] as const)('an intron behind the last coding base, by %s', (manner, coding) => {
    const [model] = world.transcripts;
    if (model === undefined) throw new Error('the world has a transcript');
    const cut = { ...world, transcripts: [{ ...model, cds: (model.cds ?? []).slice(0, 2) }] };
    const asked = [2170, 2269].map((start) => described({ start, end: start + 1, to: 'C' }, manner, cut)['HGVSc']);
    expect(asked).toEqual(coding.map((change) => `T1.2:${change}`));
  });

  // Codon 13 of the shifted frame is AGA: a stop by table 2 of the vertebrate mitochondrion.
  test.each([
    ['specification', 'Pro7ThrfsTer7'],
    ['vep', 'Pro7ThrfsTer21'],
  ] as const)('a frame shift in the mitochondrion, by %s', (manner, protein) => {
    expect(proteinOf(ins(2025, 'A'), { ...world, codonTable: 2 }, manner)).toBe(protein);
  });

  test.each([
    ['specification', 'Ter30GlnextTer4'],
    ['vep', 'Ter30GlnextTer?'],
  ] as const)('a lost stop on the reverse strand, by %s', (manner, protein) => {
    const lost = mirroredEdit(world, { start: 2297, end: 2298, to: 'C' });
    expect(proteinOf(lost, other, manner)).toBe(protein);
  });
});
