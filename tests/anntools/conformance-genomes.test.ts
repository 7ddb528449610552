/**
 * Mutations everybody knows, on genomes that are not human: overlapping reading frames and ribosomal slippage (SARS-CoV-2),
 * genes without introns or transcripts on both strands (E. coli), GTF (yeast). Needs the shared data.
 */
import { beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Reference } from '../../anntools/bundle/reference.ts';
import { HgvsResolver } from '../../anntools/hgvs/resolve.ts';
import { referenceOf, SHARED } from './conformance/answers.ts';
import { annotate } from './consequence/made-up.ts';

const folder = join(SHARED, 'small');

interface Genome {
  name: string;
  contig: string;
  fasta: string;
  genes: string;
  codonTable?: number;
  /** Gene, change, its terms and protein change. */
  known: readonly (readonly [gene: string, change: string, terms: string, protein: string])[];
}

const genomes: readonly Genome[] = [
  {
    name: 'SARS-CoV-2',
    contig: 'NC_045512.2',
    fasta: 'sars-cov-2_wuhan/reference.fasta',
    genes: 'sars-cov-2_wuhan/genome_annotation.gff3',
    known: [
      ['ORF1ab', '3037 C T', 'synonymous_variant', 'Phe106%3D'],
      // Behind the slippage.
      ['ORF1ab', '14408 C T', 'missense_variant', 'Pro323Leu'],
      ['S', '23403 A G', 'missense_variant', 'Asp614Gly'],
      ['S', '23063 A T', 'missense_variant', 'Asn501Tyr'],
      ['S', '23604 C A', 'missense_variant', 'Pro681His'],
      ['S', '21764 ATACATG A', 'inframe_deletion', 'His69_Val70del'],
      ['S', '21990 TTTA T', 'inframe_deletion', 'Tyr145del'],
      ['N', '28881 GGG AAC', 'missense_variant', 'Arg203_Gly204delinsLysArg'],
      ['ORF8', '27972 C T', 'stop_gained', 'Gln27Ter'],
    ],
  },
  {
    name: 'E. coli K-12',
    contig: 'NC_000913.3',
    fasta: 'ecoli_K12/NC_000913.3.fa.gz',
    genes: 'ecoli_K12/NC_000913.3.gff3.gz',
    codonTable: 11,
    known: [
      ['gyrA', '2339173 G A', 'missense_variant', 'Ser83Leu'],
      ['rpoB', '4182836 C T', 'missense_variant', 'Ser531Phe'],
      ['rpsL', '3474425 T C', 'missense_variant', 'Lys43Arg'],
      ['thrL', '190 A C', 'start_lost', 'Met1?'],
    ],
  },
  {
    name: 'yeast, chromosome IV',
    contig: 'chrIV',
    fasta: 'yeast_sacCer3_chrIV/sacCer3_chrIV.fa.gz',
    genes: 'yeast_sacCer3_chrIV/sacCer3_chrIV.gtf.gz',
    known: [['YDR007W', '462088 G T', 'stop_gained', 'Glu83Ter']],
  },
];

describe.skipIf(!existsSync(folder)).each(genomes.map((genome) => [genome.name, genome] as const))(
  '%s (needs shared data)',
  (_name, { contig, fasta, genes, codonTable = 1, known }) => {
    let reference: Reference;
    beforeAll(() => {
      reference = referenceOf(join(folder, fasta), join(folder, genes), { codonTable });
    });

    test.each(known)('%s %s: %s, %s', (gene, change, terms, protein) => {
      const [position = '', ref = '', alt = ''] = change.split(' ');
      const rows = annotate(reference, [contig, position, '.', ref, alt, '.', '.', '.'].join('\t'), { distance: 0 });
      const row = rows.find(({ SYMBOL }) => SYMBOL === gene) ?? {};
      expect(row).toMatchObject({ Consequence: terms });
      expect(row['HGVSp']?.replace(/^[^:]*:p\./, '')).toBe(protein);
      const back = new HgvsResolver(reference).resolve(row['HGVSc'] ?? '');
      expect(alt).toEndWith(back.alt);
    });
  },
);
