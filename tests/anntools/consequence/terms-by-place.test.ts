/**
 * Which terms a change earns, by the definitions of the Sequence Ontology: a made-up gene of three exons, asked on both
 * strands. Positions are those of `threeExonWorld`.
 */
import { describe, expect, test } from 'bun:test';
import { annotate, lineOf, mirrored, mirroredEdit, referenceOf, threeExonWorld, type Edit } from './made-up.ts';

const world = threeExonWorld();
const forward = referenceOf(world);
const other = mirrored(world);
const reverse = referenceOf(other);

/** what happens → edit → terms, c., p. (without `T1.2:c.` and `P1.3:p.`) */
const cases: readonly (readonly [what: string, edit: Edit, terms: string, coding: string, protein: string])[] = [
  // Around the transcript: upstream and downstream within 5,000 bases, adjacent bases included.
  ['base before the transcript', { start: 1999, end: 2000, to: 'X' }, 'upstream_gene_variant', '', ''],
  ['base behind the transcript', { start: 2330, end: 2331, to: 'X' }, 'downstream_gene_variant', '', ''],
  ['first base of the transcript', { start: 2000, end: 2001, to: 'X' }, '5_prime_UTR_variant', '-10G>X', ''],
  ['last base of the transcript', { start: 2329, end: 2330, to: 'X' }, '3_prime_UTR_variant', '*30A>X', ''],
  // SO:0001575, SO:0001574: the two bases at either end of the intron.
  ['donor, first base', { start: 2040, end: 2041, to: 'C' }, 'splice_donor_variant', '30+1G>C', ''],
  ['donor, second base', { start: 2041, end: 2042, to: 'C' }, 'splice_donor_variant', '30+2T>C', ''],
  ['acceptor, last base', { start: 2139, end: 2140, to: 'C' }, 'splice_acceptor_variant', '31-1G>C', ''],
  ['acceptor, last but one', { start: 2138, end: 2139, to: 'C' }, 'splice_acceptor_variant', '31-2A>C', ''],
  // SO:0002170 and SO:0001787: intron bases 3 to 6, the fifth by its own name.
  ['intron base 3', { start: 2042, end: 2043, to: 'C' }, 'splice_donor_region_variant&intron_variant', '30+3A>C', ''],
  ['intron base 5', { start: 2044, end: 2045, to: 'C' }, 'splice_donor_5th_base_variant&intron_variant', '30+5G>C', ''],
  ['intron base 6', { start: 2045, end: 2046, to: 'C' }, 'splice_donor_region_variant&intron_variant', '30+6T>C', ''],
  // SO:0001630: 1–3 bases of the exon, 3–8 of the intron, where no other splice term says more.
  ['intron base 7', { start: 2046, end: 2047, to: 'T' }, 'splice_region_variant&intron_variant', '30+7C>T', ''],
  ['intron base 8', { start: 2047, end: 2048, to: 'C' }, 'splice_region_variant&intron_variant', '30+8A>C', ''],
  ['intron base 9', { start: 2048, end: 2049, to: 'X' }, 'intron_variant', '30+9', ''],
  [
    'exon base 3 before the intron',
    { start: 2037, end: 2038, to: 'T' },
    'missense_variant&splice_region_variant',
    '28C>T',
    'Pro10Ser',
  ],
  ['exon base 4 before the intron', { start: 2036, end: 2037, to: 'A' }, 'missense_variant', '27T>A', 'His9Gln'],
  // SO:0002169: intron bases −17 to −3.
  [
    'intron base −3',
    { start: 2137, end: 2138, to: 'T' },
    'splice_region_variant&splice_polypyrimidine_tract_variant&intron_variant',
    '31-3C>T',
    '',
  ],
  [
    'intron base −8',
    { start: 2132, end: 2133, to: 'A' },
    'splice_region_variant&splice_polypyrimidine_tract_variant&intron_variant',
    '31-8T>A',
    '',
  ],
  [
    'intron base −9',
    { start: 2131, end: 2132, to: 'A' },
    'splice_polypyrimidine_tract_variant&intron_variant',
    '31-9T>A',
    '',
  ],
  [
    'intron base −17',
    { start: 2123, end: 2124, to: 'A' },
    'splice_polypyrimidine_tract_variant&intron_variant',
    '31-17T>A',
    '',
  ],
  ['intron base −18', { start: 2122, end: 2123, to: 'A' }, 'intron_variant', '31-18T>A', ''],
  // The protein.
  ['start codon to another', { start: 2010, end: 2011, to: 'C' }, 'start_lost', '1A>C', 'Met1?'],
  ['synonymous', { start: 2015, end: 2016, to: 'C' }, 'synonymous_variant', '6T>C', 'Ala2%3D'],
  ['missense', { start: 2013, end: 2014, to: 'T' }, 'missense_variant', '4G>T', 'Ala2Ser'],
  ['stop gained', { start: 2025, end: 2026, to: 'T' }, 'stop_gained', '16A>T', 'Lys6Ter'],
  [
    'stop lost, the next stop four codons on',
    { start: 2297, end: 2298, to: 'C' },
    'stop_lost',
    '88T>C',
    'Ter30GlnextTer4',
  ],
  ['stop retained', { start: 2299, end: 2300, to: 'G' }, 'stop_retained_variant', '90A>G', 'Ter30%3D'],
  ['frameshift by a deletion', { start: 2022, end: 2023, to: '' }, 'frameshift_variant', '13del', 'Leu5Ter'],
  ['in-frame deletion of a codon', { start: 2028, end: 2031, to: '' }, 'inframe_deletion', '19_21del', 'Pro7del'],
  [
    'in-frame insertion of a codon',
    { start: 2028, end: 2028, to: 'GGT' },
    'inframe_insertion',
    '18_19insGGT',
    'Lys6_Pro7insGly',
  ],
  ['duplication of a codon', { start: 2028, end: 2028, to: 'AAA' }, 'inframe_insertion', '16_18dup', 'Lys6dup'],
  [
    'in-frame deletion that makes a new codon of two',
    { start: 2017, end: 2020, to: '' },
    'inframe_deletion',
    '8_10del',
    'Arg3_Asp4delinsHis',
  ],
  [
    'two bases changed in two codons',
    { start: 2015, end: 2017, to: 'AA' },
    'missense_variant',
    '6_7delinsAA',
    'Arg3Ser',
  ],
  [
    'bases replaced by their reverse complement',
    { start: 2280, end: 2283, to: 'CCA' },
    'missense_variant',
    '71_73inv',
    'Leu24_Glu25delinsProLys',
  ],
  // Over the borders.
  [
    'deletion over the donor',
    { start: 2038, end: 2042, to: '' },
    'splice_donor_variant&coding_sequence_variant',
    '29_30+2del',
    '',
  ],
  [
    'deletion from UTR into the start codon',
    { start: 2008, end: 2012, to: '' },
    'start_lost&5_prime_UTR_variant',
    '-2_2del',
    '',
  ],
  [
    'deletion of the stop codon’s end',
    { start: 2298, end: 2303, to: '' },
    'stop_retained_variant&3_prime_UTR_variant',
    '89_*3del',
    '',
  ],
  [
    'whole exon lost with its neighbours',
    { start: 2100, end: 2200, to: '' },
    'splice_acceptor_variant&splice_donor_variant&splice_donor_5th_base_variant&coding_sequence_variant&intron_variant',
    '31-40_60+30del',
    '',
  ],
  ['all of it lost', { start: 1990, end: 2340, to: '' }, 'transcript_ablation', '', ''],
];

/** Another base than the one that is there. */
function filled({ start, end, to }: Edit): { edit: Edit; base: string } {
  const base = { A: 'C', C: 'A', G: 'T', T: 'G' }[world.bases[start] ?? 'A'] ?? 'A';
  return { edit: { start, end, to: to === 'X' ? base : to }, base };
}

describe.each([
  ['forward', forward, false],
  ['reverse', reverse, true],
] as const)('on the %s strand', (_, reference, isMirrored) => {
  test.each(cases.map((row) => [row[0], row] as const))('%s', (_name, [, told, terms, coding, protein]) => {
    const { edit, base } = filled(told);
    const line = isMirrored ? lineOf(other.bases, mirroredEdit(world, edit)) : lineOf(world.bases, edit);
    const [row = {}] = annotate(reference, line, { manner: 'specification' });
    expect(row['Consequence']?.split('&').sort().join('&')).toBe(terms.split('&').sort().join('&'));
    const expected = coding === '' ? '' : `T1.2:c.${coding.replace('X', base)}`;
    if (coding === '30+9') expect(row['HGVSc']).toStartWith(expected);
    else expect(row['HGVSc']).toBe(expected);
    expect(row['HGVSp']).toBe(protein === '' ? '' : `P1.3:p.${protein}`);
  });
});

test('the columns of a missense change are VEP’s', () => {
  const [row = {}] = annotate(forward, lineOf(world.bases, { start: 2013, end: 2014, to: 'T' }));
  expect(row).toMatchObject({
    Allele: 'T',
    IMPACT: 'MODERATE',
    SYMBOL: 'MADE',
    Gene: 'G1',
    Feature_type: 'Transcript',
    Feature: 'T1',
    BIOTYPE: 'protein_coding',
    EXON: '1/3',
    INTRON: '',
    cDNA_position: '14',
    CDS_position: '4',
    Protein_position: '2',
    Amino_acids: 'A/S',
    Codons: 'Gct/Tct',
    ALLELE_NUM: '1',
    DISTANCE: '',
    STRAND: '1',
    VARIANT_CLASS: 'SNV',
    ENSP: 'P1',
  });
});
