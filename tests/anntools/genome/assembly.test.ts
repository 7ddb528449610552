import { describe, expect, test } from 'bun:test';
import { ASSEMBLIES } from '../../../anntools/genome/assemblies.ts';
import { type AssemblyClues, detectAssembly } from '../../../anntools/genome/assembly.ts';
import { CHROMOSOMES, accessionOf, chromosomeOf } from '../../../anntools/genome/chromosome.ts';

const NONE = { agree: 0, disagree: 0 };

function verdict(clues: Partial<AssemblyClues>): ReturnType<typeof detectAssembly> {
  return detectAssembly({
    lines: [],
    headerContigs: [],
    seen: new Map(),
    comparedWith: 'GRCh38',
    sequence: NONE,
    rsNumbers: NONE,
    knownBases: NONE,
    ...clues,
  });
}

function seen(name: string, first: number, last: number): AssemblyClues['seen'] {
  return new Map([[name, { first, last }]]);
}

describe('names of chromosomes', () => {
  test.each([
    ['1', '1'],
    ['chr1', '1'],
    ['Chr01', '1'],
    ['CHRX', 'X'],
    ['chromosome_7', '7'],
    ['NC_000001.11', '1'],
    ['NC_000023.10', 'X'],
    ['CM000686.2', 'Y'],
    ['NC_060925.1', '1'],
    ['CP068255.2', 'X'],
    ['M', 'MT'],
    ['chrM', 'MT'],
    ['MT', 'MT'],
    ['NC_012920.1', 'MT'],
    ['23', null],
    ['chr1_KI270706v1_random', null],
    ['GL000191.1', null],
    ['NC_045512.2', null],
    ['', null],
  ])('%p is chromosome %p', (name, chromosome) => {
    expect(chromosomeOf(name)).toBe(chromosome);
  });

  test.each([
    ['NC_000001.11', 'GRCh38'],
    ['NC_000001.10', 'GRCh37'],
    ['NC_000001.9', 'NCBI36'],
    ['NC_000014.9', 'GRCh38'],
    ['NC_000024.9', 'GRCh37'],
    ['CM000663.1', 'GRCh37'],
    ['CP086569.2', 'T2T-CHM13v2.0'],
    ['NC_000001.2', ''],
  ])('the version of %p says %p', (name, assembly) => {
    expect(accessionOf(name)?.assembly).toBe(assembly);
  });
});

describe('which assembly a file is', () => {
  test('lengths in the header decide, even a single one, and beat what the text says', () => {
    for (const { name, lengths } of ASSEMBLIES) {
      for (const contigs of [lengths.slice(0, 1), lengths.slice(0, 3), lengths]) {
        const found = verdict({
          headerContigs: contigs.map((length, i) => ({ name: `chr${CHROMOSOMES[i]}`, length })),
          lines: ['##reference=hg17_hg19.fa', '##reference=human_b36_both.fasta'],
        });
        expect(found).toMatchObject({ name, certainty: 'certain' });
      }
    }
  });

  test.each([
    ['##reference=human_b36_both.fasta', 'NCBI36'],
    ['##reference=1000GenomesPilot-NCBI36 ', 'NCBI36'],
    ['##reference=file:///seq/references/Homo_sapiens_assembly18/v0/Homo_sapiens_assembly18.fasta', 'NCBI36'],
    [
      '##reference=ftp://ftp.1000genomes.ebi.ac.uk//reference/phase2_reference_assembly_sequence/hs37d5.fa.gz',
      'GRCh37',
    ],
    ['##UnifiedGenotyper="reference_sequence=/work/human_g1k_v37.fasta DBSNP=/work/dbsnp_129_b37.rod"', 'GRCh37'],
    ['##CrossMap=hg38ToHg19.over.chain.gz', 'GRCh37'],
    ['##contig=<ID=1,assembly=GRCh38.p14>', 'GRCh38'],
    ['##reference=chm13v2.0.fa', 'T2T-CHM13v2.0'],
    ['##INFO=<ID=X,Number=1,Type=String,Description="position in hg19">', ''],
    ['##source=caller', ''],
  ])('the header line %p says %p', (line, name) => {
    const found = verdict({ lines: [line] });
    expect(found.name).toBe(name);
    expect(found.certainty).toBe(name === '' ? 'unknown' : 'likely');
    if (name !== '') expect(found.sentence).toContain(`looks like ${name}`);
  });

  test('lines that name two assemblies decide nothing', () => {
    expect(verdict({ lines: ['##reference=hg19.fa', '##reference=hg38.fa'] }).name).toBe('');
  });

  test('positions beyond the end exclude', () => {
    const found = verdict({ seen: seen('chr1', 100_000, 249_000_000) });
    expect(found.excluded.toSorted()).toEqual(['GRCh38', 'GRCm38', 'GRCm39', 'NCBI36', 'T2T-CHM13v2.0']);
    expect(found).toMatchObject({ name: 'GRCh37', certainty: 'likely' });
    expect(found.sentence).toContain('the only one the file can be');
    expect(verdict({ seen: seen('chr1', 100_000, 248_500_000) }).name).toBe('');
    expect(verdict({ seen: seen('chr1', 109, 5_000_000), lines: ['##reference=b36'] }).excluded).toContain('GRCh38');
  });

  test('a single rs number that lies elsewhere excludes; agreement makes likely', () => {
    const wrong = verdict({ rsNumbers: { agree: 0, disagree: 1 } });
    expect(wrong).toMatchObject({ name: '', excluded: ['GRCh38'] });
    expect(wrong.sentence).toContain('This file is not GRCh38 (hg38): 1 of 1 known rs numbers lie elsewhere');
    expect(verdict({ knownBases: { agree: 27, disagree: 0 } })).toMatchObject({ name: 'GRCh38', certainty: 'likely' });
    expect(verdict({ sequence: { agree: 995, disagree: 5 } })).toMatchObject({ name: 'GRCh38', certainty: 'certain' });
    expect(verdict({ sequence: { agree: 270, disagree: 730 }, lines: ['##reference=hg38.fa'] }).excluded).toEqual([
      'GRCh38',
    ]);
  });

  test('a file of mitochondrial variants is said to be one', () => {
    expect(verdict({ seen: seen('chrM', 60, 16_000) }).sentence).toContain('mitochondrial variants only');
  });
});
