/** The engine from outside: alleles of every kind, models of every kind, columns, choices, facts. */
import { describe, expect, test } from 'bun:test';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { ConsequenceEngine } from '../../../anntools/engine/engine.ts';
import { IMPACTS, namesOf, TERMS } from '../../../anntools/consequence/terms.ts';
import { transcript } from '../../support/models.ts';
import { annotate, lineOf, recordOf, referenceOf, threeExonWorld, type World } from './made-up.ts';

const world = threeExonWorld();
const reference = referenceOf(world);
const [model = transcript()] = world.transcripts;

const termsOf = (line: string, made: World = world) =>
  annotate(referenceOf(made), line).map((row) => row['Consequence'] ?? '');

/** The world with its transcript changed. */
const withModel = (some: Partial<typeof model>): World => ({ ...world, transcripts: [{ ...model, ...some }] });

describe('alleles', () => {
  test('several ALTs have, by the specification, the rows that each has alone', () => {
    const ref = world.bases.slice(2012, 2016);
    const options = { manner: 'specification' } as const;
    const alone = (alt: string) =>
      annotate(reference, `1\t2013\t.\t${ref}\t${alt}\t.\t.\t.`, options).map(({ ALLELE_NUM: _n, ...row }) => row);
    const alts = [ref.slice(0, 1), ref.slice(0, 2), `${ref}TTT`];
    const together = annotate(reference, `1\t2013\t.\t${ref}\t${alts.join(',')}\t.\t.\t.`, options);
    expect(together.map(({ ALLELE_NUM: _n, ...row }) => row)).toEqual(alts.flatMap(alone));
    expect(together.map((row) => row['ALLELE_NUM'])).toEqual(['1', '2', '3']);
  });

  // CAAAC of codons 5–7, CTG AAA CCA, begins at base 24 of the coding sequence (2034 one-based is the first A).
  test.each([
    ['deletions', 'GAAAC', 'GAC,GC', ['AC', 'C'], ['c.17_18del', 'c.16_18del'], 'indel'],
    ['insertions', 'G', 'GA,GAA', ['A', 'AA'], ['c.18dup', 'c.17_18dup'], 'insertion'],
    ['a deletion of all and a part', 'GA', 'G,GT', ['-', 'T'], ['c.16del', 'c.16A>T'], 'sequence_alteration'],
    ['an indel and a substitution', 'GAAA', 'GAAT,GA', ['AAT', 'A'], ['c.18A>T', 'c.17_18del'], 'indel'],
    ['no first base in common', 'GA', 'TA,G', ['TA', 'G'], ['c.15G>T', 'c.16del'], 'indel'],
    ['one length', 'GA', 'GT,CA', ['GT', 'CA'], ['c.16A>T', 'c.15G>C'], 'substitution'],
    ['a star beside a deletion, which has no row', 'GAA', '*,G', ['-'], ['c.16_17del'], 'sequence_alteration'],
  ])('several ALTs in VEP’s manner: %s', (_name, ref, alts, alleles, coding, kind) => {
    const rows = annotate(reference, `1\t2025\t.\t${ref}\t${alts}\t.\t.\t.`, { manner: 'vep' });
    expect(rows.map((row) => row['Allele'])).toEqual(alleles);
    expect(rows.map((row) => row['HGVSc']?.replace('T1.2:', ''))).toEqual(coding);
    expect(new Set(rows.map((row) => row['VARIANT_CLASS']))).toEqual(new Set([kind]));
  });

  // CCTCACTCC>CCC,CCT in an intron of CELSR1, reverse strand: `CC` c.1669-22697_1669-22692del and `CT`
  // c.1669-22699_1669-22694del (ensembl-vep issue 1877, VEP 113).
  test('several ALTs in VEP’s manner on the reverse strand: cut at the transcript’s 5’ end first, not shifted', () => {
    const bases = `${'ACGT'.repeat(72)}GACCTCACTCC${'GATC'.repeat(100)}`;
    const exons = [
      { start: 100, end: 200 },
      { start: 400, end: 500 },
    ];
    const made = { bases, genes: [], transcripts: [transcript({ strand: -1, exons, cds: exons })] };
    const rows = annotate(referenceOf(made), '1\t291\t.\tCCTCACTCC\tCCC,CCT\t.\t.\t.', { manner: 'vep' });
    expect(rows.map(({ Allele, HGVSc }) => [Allele, HGVSc])).toEqual([
      ['CC', 'T1:c.101-97_101-92del'],
      ['CT', 'T1:c.101-99_101-94del'],
    ]);
  });

  test('g. is that of each ALT alone, whatever stands beside it', () => {
    const of = (alts: string) =>
      annotate(reference, `1\t2025\t.\tGAAAC\t${alts}\t.\t.\t.`, { columns: ['HGVSg'] }).map((row) => row['HGVSg']);
    expect(of('GAC,GC,GAAAAC')).toEqual([...of('GAC'), ...of('GC'), ...of('GAAAAC')]);
  });

  test.each(['.', '<NON_REF>', '<*>'])('%s is no variant and has no row', (alt) => {
    expect(termsOf(`1\t2014\t.\tG\t${alt}\t.\t.\t.`)).toEqual([]);
  });

  test('an ALT that equals REF has no row', () => {
    expect(termsOf('1\t2014\t.\tg\tG\t.\t.\t.')).toEqual([]);
  });

  test('* is told, by the specification, by its place and claims nothing about the protein', () => {
    const [, row = {}] = annotate(reference, '1\t2014\t.\tG\tA,*\t.\t.\t.', { manner: 'specification' });
    expect(row).toMatchObject({ Allele: '*', Consequence: 'coding_sequence_variant', HGVSc: '', Codons: '' });
  });

  test('letters in lower case are the same bases', () => {
    expect(annotate(reference, '1\t2014\t.\tg\tt\t.\t.\t.')).toEqual(annotate(reference, '1\t2014\t.\tG\tT\t.\t.\t.'));
  });

  test('ambiguous bases leave the protein open', () => {
    const [row = {}] = annotate(reference, '1\t2014\t.\tG\tN\t.\t.\t.');
    expect(row).toMatchObject({ Consequence: 'coding_sequence_variant', HGVSc: '', HGVSp: '', Amino_acids: '' });
  });

  test('a place without transcripts is intergenic', () => {
    const lonely = { ...world, transcripts: [], genes: [] };
    expect(annotate(referenceOf(lonely), '1\t50\t.\tA\tC\t.\t.\t.')).toMatchObject([
      { Allele: 'C', Consequence: 'intergenic_variant', IMPACT: 'MODIFIER', Feature: '', VARIANT_CLASS: 'SNV' },
    ]);
  });
});

describe('structural alleles', () => {
  const sv = (alt: string, info: string) => annotate(reference, `1\t2005\t.\tN\t${alt}\t.\t.\t${info}`)[0] ?? {};

  test.each([
    [
      '<DEL>',
      'END=2400',
      'feature_truncation&coding_sequence_variant&5_prime_UTR_variant&3_prime_UTR_variant&intron_variant&stop_lost',
      'deletion',
    ],
    ['<DUP>', 'END=2030', 'feature_elongation&start_lost&coding_sequence_variant&5_prime_UTR_variant', 'duplication'],
    ['<INV>', 'END=2060', 'coding_sequence_variant&5_prime_UTR_variant&intron_variant', 'inversion'],
    ['N[1:4000[', '', 'feature_truncation&5_prime_UTR_variant', 'chromosome_breakpoint'],
  ])('%s %s', (alt, info, terms, name) => {
    const row = sv(alt, info);
    expect(row['Consequence']?.split('&').sort()).toEqual(terms.split('&').sort());
    expect(row['VARIANT_CLASS']).toBe(name);
  });

  test('over the whole transcript: lost, multiplied', () => {
    expect(annotate(reference, '1\t1900\t.\tN\t<DEL>\t.\t.\tEND=2400')[0]?.['Consequence']).toBe('transcript_ablation');
    expect(annotate(reference, '1\t1900\t.\tN\t<DUP:TANDEM>\t.\t.\tEND=2400')[0]?.['Consequence']).toBe(
      'transcript_amplification',
    );
    expect(annotate(reference, '1\t1900\t.\tN\t<CN0>\t.\t.\tEND=2400')[0]?.['Consequence']).toBe('transcript_ablation');
  });

  test('by the specification an insertion reaches nowhere', () => {
    const line = '1\t2005\t.\tN\t<INS>\t.\t.\tEND=2005;SVLEN=900';
    expect(annotate(reference, line, { manner: 'specification' })[0]?.['Consequence']).toBe(
      'feature_elongation&5_prime_UTR_variant',
    );
  });

  test('both ends of a breakend have rows', () => {
    const rows = annotate(reference, '1\t10\t.\tN\tN]1:2050]\t.\t.\tSVTYPE=BND', { distance: 10 });
    expect(rows).toMatchObject([{ Allele: 'N]1:2050]', Consequence: 'feature_truncation', Feature: 'T1' }]);
  });

  test('the record behind a breakend has no rows of the breakend’s other end', () => {
    const engine = new ConsequenceEngine(reference, { distance: 0, transcripts: 'all' });
    const rowsOf = (alt: string): string => {
      const out = new ByteBuffer();
      engine.annotate(recordOf(`1\t101\t.\t${world.bases[100]}\t${alt}\t.\t.\t.`), 0, out);
      return out.view().toString();
    };
    const alone = rowsOf('TTT');
    expect(rowsOf('G]1:2015]')).toContain('|T1|');
    expect(rowsOf('TTT')).toBe(alone);
  });

  test.each(['<DEL', '<>', '<FOO:BAR>', 'N[', 'N[1:x[', ']', '<DUP>,<DEL>,A', 'A,<NON_REF>', '.A', 'A.'])(
    '%s does not break anything',
    (alt) => {
      expect(() => annotate(reference, `1\t2005\t.\tA\t${alt}\t.\t.\tEND=.;SVLEN=.,x`)).not.toThrow();
    },
  );
});

describe('models', () => {
  test('NMD transcripts say so beside the other terms', () => {
    const made = withModel({ biotype: 'nonsense_mediated_decay', flags: TranscriptFlag.NMD });
    expect(termsOf(lineOf(world.bases, { start: 2013, end: 2014, to: 'T' }), made)).toEqual([
      'missense_variant&NMD_transcript_variant',
    ]);
  });

  test('without exon lines, VEP leaves a coding transcript out; by the specification its coding parts are exons', () => {
    const without = referenceOf(withModel({ flags: TranscriptFlag.NO_EXON_LINES }));
    const line = '1\t2014\t.\tG\tT\t.\t.\t.';
    expect(annotate(without, line, { manner: 'vep' })[0]?.['Consequence']).toBe('intergenic_variant');
    expect(annotate(without, line, { manner: 'vep', transcripts: 'pick' })[0]?.['Feature']).toBe('');
    expect(annotate(without, line, { manner: 'specification' })[0]?.['Consequence']).toBe('missense_variant');
  });

  test('non-coding exons and introns', () => {
    const made = withModel({ biotype: 'lncRNA', cds: null });
    expect(termsOf('1\t2014\t.\tG\tT\t.\t.\t.', made)).toEqual(['non_coding_transcript_exon_variant']);
    expect(termsOf('1\t2091\t.\tG\tT\t.\t.\t.', made)).toEqual(['intron_variant&non_coding_transcript_variant']);
    expect(annotate(referenceOf(made), '1\t2014\t.\tG\tT\t.\t.\t.')[0]?.['HGVSc']).toBe('T1.2:n.14G>T');
  });

  test('the mature product of a miRNA', () => {
    const made = withModel({ biotype: 'miRNA', cds: null, matureMirna: [{ start: 2005, end: 2025 }] });
    expect(termsOf('1\t2014\t.\tG\tT\t.\t.\t.', made)).toEqual(['mature_miRNA_variant']);
    expect(termsOf('1\t2031\t.\tG\tT\t.\t.\t.', made)).toEqual(['non_coding_transcript_exon_variant']);
  });

  test('where only the extent is known, only the kind of transcript is told', () => {
    const coding = withModel({ cds: null, flags: TranscriptFlag.EXTENT_ONLY });
    expect(annotate(referenceOf(coding), '1\t2014\t.\tG\tT\t.\t.\t.')[0]).toMatchObject({
      Consequence: 'coding_transcript_variant',
      EXON: '',
      HGVSc: '',
      cDNA_position: '',
    });
    const other = withModel({ cds: null, flags: TranscriptFlag.EXTENT_ONLY, biotype: 'lncRNA' });
    expect(termsOf('1\t2014\t.\tG\tT\t.\t.\t.', other)).toEqual(['non_coding_transcript_variant']);
    expect(termsOf('1\t1990\t.\tG\tT\t.\t.\t.', coding)).toEqual(['upstream_gene_variant']);
  });

  test('a short intron is a correction of the reference', () => {
    const made = withModel({
      exons: [{ start: 2000, end: 2020 }, { start: 2022, end: 2040 }, ...model.exons.slice(1)],
      cds: [{ start: 2010, end: 2020 }, { start: 2022, end: 2040 }, ...(model.cds ?? []).slice(1)],
    });
    expect(termsOf('1\t2022\t.\tT\tG\t.\t.\t.', made)).toEqual(['coding_sequence_variant']);
  });

  test('a selenocysteine is no stop, and losing it is a missense', () => {
    // Codon 4 (GAT) made TGA.
    const bases = `${world.bases.slice(0, 2019)}TGA${world.bases.slice(2022)}`;
    const stops = { ...world, bases };
    const sec = { ...stops, transcripts: [{ ...model, selenocysteines: [4] }] };
    const line = lineOf(bases, { start: 2021, end: 2022, to: 'C' });
    expect(annotate(referenceOf(stops), line)[0]).toMatchObject({ Consequence: 'stop_lost', Amino_acids: '*/C' });
    expect(annotate(referenceOf(sec), line)[0]).toMatchObject({
      Consequence: 'missense_variant',
      Amino_acids: 'U/C',
      HGVSp: 'P1.3:p.Sec4Cys',
    });
  });

  test('the vertebrate mitochondrion reads ATA as Met and AGA as a stop', () => {
    const mito = referenceOf({ ...world, codonTable: 2 });
    // ATG>ATA at the start, GAT>... by table 2: codon 3 CGT, codon 6 AAA.
    const [row = {}] = annotate(mito, lineOf(world.bases, { start: 2012, end: 2013, to: 'A' }), {
      manner: 'specification',
    });
    expect(row).toMatchObject({ Amino_acids: 'M', Codons: 'atG/atA' });
    const [stop = {}] = annotate(mito, lineOf(world.bases, { start: 2026, end: 2027, to: 'G' }));
    expect(stop).toMatchObject({ Amino_acids: 'K/*', Consequence: 'stop_gained' });
  });

  test('behind a slippage of -1 the frame is the other one', () => {
    const exon = { start: 2000, end: 2330 };
    const cds = [
      { start: 2010, end: 2020 },
      { start: 2019, end: 2300 },
    ];
    const made = withModel({ exons: [exon], cds });
    const [row = {}] = annotate(referenceOf(made), lineOf(world.bases, { start: 2020, end: 2021, to: 'C' }));
    // Base 11 of the exon's coding part is read as the twelfth.
    expect(row).toMatchObject({ CDS_position: '12', Codons: 'ggA/ggC' });
  });

  test('an incomplete 5’ end counts the bases its first codon lacks', () => {
    const made = withModel({ phase: 2, flags: TranscriptFlag.CDS_START_NF });
    const [row = {}] = annotate(referenceOf(made), lineOf(world.bases, { start: 2012, end: 2013, to: 'A' }));
    expect(row).toMatchObject({ CDS_position: '4', Protein_position: '2', FLAGS: 'cds_start_NF' });
    expect(row['Consequence']).not.toContain('start');
  });

  test.each([1, 2])('a transcript may end %i bases behind the beginning of its start codon', (length) => {
    const exons = [{ start: 2000, end: 2010 + length }];
    const made = withModel({ exons, cds: [{ start: 2010, end: 2010 + length }] });
    for (const manner of ['vep', 'specification'] as const) {
      expect(
        annotate(referenceOf(made), lineOf(world.bases, { start: 2010, end: 2011, to: 'C' }), { manner }),
      ).toHaveLength(1);
      expect(
        annotate(referenceOf(made), lineOf(world.bases, { start: 2010, end: 2011, to: '' }), { manner }),
      ).toHaveLength(1);
    }
  });
});

describe('without a sequence', () => {
  const blind = referenceFromModels({
    name: 'blind',
    assembly: 'x',
    contigs: [{ name: '1', length: world.bases.length }],
    genes: world.genes,
    transcripts: world.transcripts,
  });

  test.each([
    ['1\t2014\t.\tG\tT\t.\t.\t.', 'coding_sequence_variant', 'T1.2:c.4G>T'],
    ['1\t2014\t.\tGC\tG\t.\t.\t.', 'frameshift_variant', ''],
    ['1\t2014\t.\tGCTC\tG\t.\t.\t.', 'inframe_deletion', ''],
    ['1\t2014\t.\tG\tGAAA\t.\t.\t.', 'inframe_insertion', ''],
    ['1\t2041\t.\tG\tT\t.\t.\t.', 'splice_donor_variant', 'T1.2:c.30+1G>T'],
  ])('%s claims no more than its place and length tell', (line, terms, coding) => {
    const [row = {}] = annotate(blind, line);
    expect(row).toMatchObject({ Consequence: terms, HGVSc: coding, HGVSp: '', Codons: '', Amino_acids: '' });
  });
});

describe('choices, columns, facts', () => {
  const second = {
    ...model,
    id: 'T0',
    flags: TranscriptFlag.CANONICAL | TranscriptFlag.MANE_SELECT,
    maneMate: 'NM_1.1',
    biotype: 'protein_coding',
  };
  const two: World = { ...world, transcripts: [{ ...model, id: 'T9' }, second] };
  const line = '1\t2014\t.\tG\tT\t.\t.\t.';

  test.each([
    ['all', ['T0', 'T9']],
    ['canonical', ['T0']],
    ['mane', ['T0']],
    ['pick', ['T0']],
  ] as const)('%s', (transcripts, features) => {
    const rows = annotate(referenceOf(two), line, { transcripts });
    expect(rows.map((row) => row['Feature'] ?? '')).toEqual([...features]);
  });

  test('columns are those asked for, in their order', () => {
    const columns = ['Consequence', 'Feature', 'MANE_SELECT', 'CANONICAL', 'PICK', 'HGVSg', 'SOURCE', 'STRAND'];
    const [row = {}] = annotate(referenceOf(two), line, { columns, transcripts: 'pick' });
    expect(Object.entries(row)).toEqual([
      ['Consequence', 'missense_variant'],
      ['Feature', 'T0'],
      ['MANE_SELECT', 'NM_1.1'],
      ['CANONICAL', 'YES'],
      ['PICK', '1'],
      ['HGVSg', '1:g.2014G>T'],
      ['SOURCE', 'test'],
      ['STRAND', '1'],
    ]);
  });

  test('ranks of the annotators', () => {
    const ranked = withModel({ supportLevel: 2, appris: 6, flags: TranscriptFlag.MANE_PLUS_CLINICAL });
    const columns = ['TSL', 'APPRIS', 'MANE', 'MANE_SELECT'];
    expect(annotate(referenceOf(ranked), line, { columns })).toEqual([
      { TSL: '2', APPRIS: 'A1', MANE: 'MANE_Plus_Clinical', MANE_SELECT: '' },
    ]);
  });

  // Exons of 400, 100 and 100 bases, coding from base 11 on: the last junction lies behind base 500.
  const long: World = {
    ...withModel({
      exons: [
        { start: 1000, end: 1400 },
        { start: 1500, end: 1600 },
        { start: 1700, end: 1800 },
      ],
      cds: [
        { start: 1010, end: 1400 },
        { start: 1500, end: 1600 },
        { start: 1700, end: 1750 },
      ],
    }),
    bases: 'GCATCCAGA'.repeat(300),
  };

  test.each([
    ['at coding base 100', 1109, 'NMD_escaping_variant'],
    ['behind it', 1110, ''],
    ['51 bases before the last junction', 1549, ''],
    ['50 bases before it', 1550, 'NMD_escaping_variant'],
    ['in the last exon', 1720, 'NMD_escaping_variant'],
  ])('escape from nonsense-mediated decay: a base lost %s', (_name, start, told) => {
    const lost = lineOf(long.bases, { start, end: start + 1, to: '' });
    expect(annotate(referenceOf(long), lost, { columns: ['Consequence', 'NMD'] })).toEqual([
      { Consequence: 'frameshift_variant', NMD: told },
    ]);
  });

  test('an unknown column is refused by name', () => {
    expect(
      () => new ConsequenceEngine(reference, { distance: 0, transcripts: 'all', columns: ['Allele', 'Sift'] }),
    ).toThrow('Sift');
  });

  test('facts tell the worst term, its impact and gene, and each allele’s', () => {
    const engine = new ConsequenceEngine(referenceOf(two), { distance: 5000, transcripts: 'all' });
    const facts = engine.annotate(recordOf('1\t2014\t.\tG\tT,.\t.\t.\t.'), 0, new ByteBuffer());
    expect(TERMS[facts.worstRank - 1]?.name).toBe('missense_variant');
    expect(IMPACTS[facts.worstImpact]).toBe('MODERATE');
    expect(namesOf(facts.low, facts.high)).toEqual(['missense_variant']);
    expect([facts.blocks, facts.gene, facts.alleles, facts.alleleRanks[0], facts.alleleRanks[1]]).toEqual([
      2, 0, 2, 13, 0,
    ]);
  });
});
