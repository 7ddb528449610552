import { expect, test } from 'bun:test';

import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import { read } from '../../support/gene-files.ts';

test('an Ensembl gene: names, versions, tags, stop codon inside the CDS', () => {
  const { format, flavour, genes, transcripts, problems } = read(
    '1 ensembl_havana gene 101 400 . - . ID=gene:ENSG1;Name=ABC1;biotype=protein_coding;description=a gene [Source:HGNC Symbol%3BAcc:HGNC:77];gene_id=ENSG1;version=5',
    '1 havana mRNA 101 400 . - . ID=transcript:ENST1;Parent=gene:ENSG1;Name=ABC1-201;biotype=protein_coding;tag=basic,Ensembl_canonical,MANE_Select,appris_principal_1;ccdsid=CCDS9.2;transcript_id=ENST1;transcript_support_level=2 (assigned to previous version 3);version=4',
    '1 havana exon 301 400 . - . Parent=transcript:ENST1;rank=1',
    '1 havana exon 101 200 . - . Parent=transcript:ENST1;rank=2',
    '1 havana CDS 301 350 . - 0 ID=CDS:ENSP1;Parent=transcript:ENST1;protein_id=ENSP1;version=2',
    '1 havana CDS 160 200 . - 1 ID=CDS:ENSP1;Parent=transcript:ENST1;protein_id=ENSP1;version=2',
  );
  expect([format, flavour, problems]).toEqual(['GFF3', 'Ensembl', []]);
  expect(genes).toEqual([
    {
      id: 'ENSG1',
      version: '5',
      symbol: 'ABC1',
      symbolSource: 'HGNC',
      hgncId: 'HGNC:77',
      biotype: 'protein_coding',
      contig: '1',
      span: { start: 100, end: 400 },
      strand: -1,
    },
  ]);
  const { CANONICAL, MANE_SELECT, GENCODE_BASIC, CCDS } = TranscriptFlag;
  expect(transcripts).toEqual([
    {
      id: 'ENST1',
      version: '4',
      geneId: 'ENSG1',
      biotype: 'protein_coding',
      source: 'havana',
      contig: '1',
      strand: -1,
      exons: [
        { start: 100, end: 200 },
        { start: 300, end: 400 },
      ],
      cds: [
        { start: 159, end: 200 },
        { start: 300, end: 350 },
      ],
      phase: 0,
      proteinId: 'ENSP1',
      proteinVersion: '2',
      maneMate: '',
      ccdsId: 'CCDS9.2',
      selenocysteines: [],
      matureMirna: [],
      supportLevel: 2,
      appris: 1,
      flags: CANONICAL | MANE_SELECT | GENCODE_BASIC | CCDS,
    },
  ]);
});

test('a RefSeq gene: Entrez id, gene symbol, MANE with its Ensembl twin, protein with version', () => {
  const { flavour, genes, transcripts } = read(
    '##gff-version 3',
    '#!processor NCBI annotwriter',
    '#!genome-build GRCh38.p14',
    'NC_000013.11 RefSeq region 1 114364328 . + . ID=NC_000013.11:1..114364328;Dbxref=taxon:9606;Name=13;chromosome=13;gbkey=Src;genome=chromosome',
    'NC_000013.11 BestRefSeq gene 11 99 . + . ID=gene-BRCA2;Dbxref=GeneID:675,HGNC:HGNC:1101,MIM:600185;Name=BRCA2;gbkey=Gene;gene=BRCA2;gene_biotype=protein_coding',
    'NC_000013.11 BestRefSeq mRNA 11 99 . + . ID=rna-NM_000059.4;Parent=gene-BRCA2;Dbxref=Ensembl:ENST00000380152.8,GeneID:675;Name=NM_000059.4;gbkey=mRNA;gene=BRCA2;tag=MANE Select;transcript_id=NM_000059.4',
    'NC_000013.11 BestRefSeq exon 11 99 . + . ID=exon-NM_000059.4-1;Parent=rna-NM_000059.4;gbkey=mRNA',
    'NC_000013.11 BestRefSeq CDS 21 50 . + 0 ID=cds-NP_000050.3;Parent=rna-NM_000059.4;Dbxref=CCDS:CCDS9344.1,GeneID:675;gbkey=CDS;protein_id=NP_000050.3',
  );
  expect(flavour).toBe('RefSeq');
  expect(genes[0]).toMatchObject({ id: '675', symbol: 'BRCA2', symbolSource: 'HGNC', hgncId: 'HGNC:1101' });
  expect(transcripts[0]).toMatchObject({
    id: 'NM_000059.4',
    version: '',
    geneId: '675',
    biotype: 'protein_coding',
    proteinId: 'NP_000050.3',
    proteinVersion: '',
    maneMate: 'ENST00000380152.8',
    ccdsId: 'CCDS9344.1',
    flags: TranscriptFlag.MANE_SELECT | TranscriptFlag.CANONICAL | TranscriptFlag.CCDS,
  });
});

test('head and region lines tell assembly, release, length, aliases, circle', () => {
  const refseq = read(
    '#!genome-build GRCh38.p14',
    '#!annotation-source NCBI RefSeq GCF_000001405.40-RS_2023_10',
    '##sequence-region NC_012920.1 1 16569',
    'NC_012920.1 RefSeq region 1 16569 . + . ID=a;Is_circular=true;genome=mitochondrion;gbkey=Src',
    'NC_000001.11 RefSeq region 1 500 . + . ID=b;chromosome=1;genome=chromosome;gbkey=Src',
  );
  expect(refseq).toMatchObject({ assembly: 'GRCh38.p14', release: 'NCBI RefSeq GCF_000001405.40-RS_2023_10' });
  expect(refseq.contigs).toEqual([
    { name: 'NC_012920.1', length: 16569, circular: true, aliases: ['MT'] },
    { name: 'NC_000001.11', length: 500, circular: false, aliases: ['1'] },
  ]);
  const ensembl = read('17 GRCh38 chromosome 1 99 . . . ID=chromosome:17;Alias=CM000679.2,chr17,NC_000017.11');
  expect(ensembl.contigs[0]?.aliases).toEqual(['CM000679.2', 'chr17', 'NC_000017.11']);
  const gencode = read(
    '##description: evidence-based annotation of the human genome (GRCh38), version 44 (Ensembl 110)',
    'chr1 HAVANA gene 1 9 . + . ID=ENSG1.5;gene_id=ENSG1.5;gene_type=lncRNA;gene_name=X',
  );
  expect(gencode).toMatchObject({ flavour: 'GENCODE', assembly: 'GRCh38', release: 'GENCODE 44' });
});

test('GENCODE: ids keep their versions, tags and selenocysteine lines are read', () => {
  const { genes, transcripts } = read(
    'chr1 HAVANA gene 1 90 . + . ID=ENSG1.5;gene_id=ENSG1.5;gene_type=protein_coding;gene_name=SELENOX;hgnc_id=HGNC:5',
    'chr1 HAVANA transcript 1 90 . + . ID=ENST1.2_PAR_Y;Parent=ENSG1.5;gene_id=ENSG1.5;transcript_id=ENST1.2_PAR_Y;transcript_type=protein_coding;gene_name=SELENOX;tag=basic,cds_start_NF,cds_end_NF,MANE_Plus_Clinical,appris_alternative_2,CCDS;ccdsid=CCDS1.1',
    'chr1 HAVANA exon 1 90 . + . ID=exon:1;Parent=ENST1.2_PAR_Y',
    'chr1 HAVANA CDS 2 70 . + 1 ID=CDS:1;Parent=ENST1.2_PAR_Y;protein_id=ENSP1.3',
    'chr1 HAVANA stop_codon_redefined_as_selenocysteine 9 11 . + 0 ID=sec:1;Parent=ENST1.2_PAR_Y',
  );
  expect(genes[0]).toMatchObject({
    id: 'ENSG1.5',
    version: '',
    symbol: 'SELENOX',
    symbolSource: 'HGNC',
    biotype: 'protein_coding',
  });
  const { CDS_START_NF, CDS_END_NF, MANE_PLUS_CLINICAL, GENCODE_BASIC, CCDS } = TranscriptFlag;
  expect(transcripts[0]).toMatchObject({
    id: 'ENST1.2_PAR_Y',
    version: '',
    proteinId: 'ENSP1.3',
    proteinVersion: '',
    phase: 1,
    selenocysteines: [3],
    appris: 7,
    flags: CDS_START_NF | CDS_END_NF | MANE_PLUS_CLINICAL | GENCODE_BASIC | CCDS,
  });
});

test.each([
  ['mRNA', '', 'protein_coding'],
  ['mRNA', 'biotype=retained_intron', 'retained_intron'],
  ['transcript', 'transcript_type=lncRNA', 'lncRNA'],
  ['ncRNA', 'ncrna_class=antisense_RNA', 'antisense_RNA'],
  ['V_gene_segment', '', 'IG_V_gene'],
  ['tRNA', 'gbkey=tRNA', 'tRNA'],
  ['lnc_RNA', 'gbkey=ncRNA', 'ncRNA'],
  ['snoRNA', '', 'snoRNA'],
  ['pseudogenic_transcript', 'biotype=processed_pseudogene', 'processed_pseudogene'],
])('a %s with "%s" has the biotype %s', (type, attribute, biotype) => {
  const { transcripts } = read(
    '1 t gene 1 9 . + . ID=g',
    `1 t ${type} 1 9 . + . ID=t;Parent=g;${attribute}`,
    '1 t exon 1 9 . + . Parent=t',
  );
  expect(transcripts[0]?.biotype).toBe(biotype);
});

test('a version that the file does not tell is 1, as VEP takes it, unless the id has one', () => {
  const { transcripts } = read(
    '1 t mRNA 1 9 . + . ID=transcript:A',
    '1 t exon 1 9 . + . Parent=transcript:A',
    '1 t mRNA 1 9 . + . ID=transcript:B.7',
    '1 t exon 1 9 . + . Parent=transcript:B.7',
  );
  expect(transcripts.map(({ id, version }) => [id, version])).toEqual([
    ['A', '1'],
    ['B.7', ''],
  ]);
});

test('children before parents, several parents, escapes, blank after semicolon', () => {
  const { transcripts, genes, problems } = read(
    '1 t exon 1 9 . + . Parent=a,b%2Cc; rank=1',
    '1 t CDS 1 9 . + 0 ID=p; Parent=a',
    '1 t mRNA 1 9 . + . ID=a; Parent=g',
    '1 t mRNA 1 9 . + . ID=b%2Cc;Parent=g',
    '1 t gene 1 9 . + . ID=g;Name=caf%C3%A9 %3B 100%25',
  );
  expect(
    transcripts.map(({ id, geneId, exons, cds }) => ({ id, geneId, exons: exons.length, coding: cds !== null })),
  ).toEqual([
    { id: 'a', geneId: 'g', exons: 1, coding: true },
    { id: 'b,c', geneId: 'g', exons: 1, coding: false },
  ]);
  expect(genes[0]?.symbol).toBe('café ; 100%');
  expect(problems).toEqual([]);
});

test('bacteria: genes with a CDS and nothing between, on both strands, overlapping', () => {
  const { transcripts, problems, contigs } = read(
    'C RefSeq gene 11 40 . + . ID=gene-b1;Dbxref=GeneID:1;Name=thrL;gbkey=Gene;gene=thrL;gene_biotype=protein_coding;locus_tag=b1',
    'C RefSeq CDS 11 40 . + 0 ID=cds-NP_1.1;Parent=gene-b1;gbkey=CDS;gene=thrL;locus_tag=b1;protein_id=NP_1.1;transl_table=11',
    'C RefSeq gene 30 59 . - . ID=gene-b2;Name=b2;gbkey=Gene;gene_biotype=protein_coding;locus_tag=b2',
    'C RefSeq CDS 30 59 . - 0 ID=cds-NP_2.1;Parent=gene-b2;gbkey=CDS;locus_tag=b2;protein_id=NP_2.1;transl_table=11',
    'C RefSeq gene 71 99 . + . ID=gene-b3;Name=b3;gbkey=Gene;gene_biotype=tRNA;locus_tag=b3',
    'C RefSeq tRNA 71 99 . + . ID=rna-b3;Parent=gene-b3;gbkey=tRNA;locus_tag=b3',
    'C RefSeq exon 71 99 . + . ID=exon-b3;Parent=rna-b3;gbkey=tRNA',
  );
  expect(
    transcripts.map(({ id, geneId, biotype, strand, cds, proteinId }) => [id, geneId, biotype, strand, cds, proteinId]),
  ).toEqual([
    ['b3', 'b3', 'tRNA', 1, null, ''],
    ['b1', '1', 'protein_coding', 1, [{ start: 10, end: 40 }], 'NP_1.1'],
    ['b2', 'b2', 'protein_coding', -1, [{ start: 29, end: 59 }], 'NP_2.1'],
  ]);
  expect(contigs[0]?.codonTable).toBe(11);
  expect(problems).toEqual([]);
});

test.each([
  [
    '-1',
    [
      [11, 40],
      [40, 70],
    ],
    {
      exons: [{ start: 10, end: 70 }],
      cds: [
        { start: 10, end: 40 },
        { start: 39, end: 70 },
      ],
    },
  ],
  [
    '+1',
    [
      [11, 40],
      [42, 70],
    ],
    {
      exons: [{ start: 10, end: 70 }],
      cds: [
        { start: 10, end: 40 },
        { start: 41, end: 70 },
      ],
    },
  ],
])('ribosomal slippage by %s is one exon with two coding parts', (_, parts, expected) => {
  const { transcripts } = read(
    'V RefSeq gene 11 70 . + . ID=gene-orf;Name=orf1ab;locus_tag=gp01',
    ...parts.map(
      ([start, end]) =>
        `V RefSeq CDS ${start} ${end} . + 0 ID=cds-P;Parent=gene-orf;exception=ribosomal slippage;protein_id=P.1`,
    ),
  );
  expect(transcripts[0]).toMatchObject(expected);
});

test('several proteins of one viral gene are transcripts of their own', () => {
  const { transcripts } = read(
    'V RefSeq gene 1 90 . + . ID=gene-orf;Name=orf1ab;gene=orf1ab',
    'V RefSeq CDS 1 90 . + 0 ID=cds-AB;Parent=gene-orf;protein_id=AB.1',
    'V RefSeq CDS 1 30 . + 0 ID=cds-A;Parent=gene-orf;protein_id=A.1',
  );
  expect(transcripts.map(({ id, cds }) => [id, cds?.[0]?.end])).toEqual([
    ['AB.1', 90],
    ['A.1', 30],
  ]);
});

test('a pseudogene is not translated, even where coding parts are listed', () => {
  const { transcripts } = read(
    'C RefSeq pseudogene 1 30 . + . ID=gene-b1;Name=b1;gene_biotype=pseudogene;locus_tag=b1;pseudo=true',
    'C RefSeq CDS 1 30 . + 0 ID=cds-b1;Parent=gene-b1;locus_tag=b1;pseudo=true',
    'C RefSeq gene 41 60 . + . ID=gene-b2;Name=b2;locus_tag=b2;gene_biotype=protein_coding',
    'C RefSeq CDS 41 60 . + 0 ID=cds-b2;Parent=gene-b2;locus_tag=b2;pseudo=true',
    'C RefSeq pseudogene 71 99 . + . ID=gene-b3;Name=b3;gene_biotype=pseudogene',
    'C RefSeq exon 71 80 . + . ID=id-b3;Parent=gene-b3',
    'C RefSeq exon 90 99 . + . ID=id-b3-2;Parent=gene-b3',
  );
  expect(transcripts.map(({ id, biotype, cds, exons }) => [id, biotype, cds, exons.length])).toEqual([
    ['b1', 'pseudogene', null, 1],
    ['b2', 'protein_coding', null, 1],
    ['b3', 'pseudogene', null, 2],
  ]);
});

test('transl_except gives the place of selenocysteine, on either strand and across an intron', () => {
  const { transcripts } = read(
    '1 RefSeq mRNA 1 60 . + . ID=rna-A;gbkey=mRNA',
    '1 RefSeq exon 1 60 . + . Parent=rna-A',
    '1 RefSeq CDS 1 60 . + 0 ID=cds-A;Parent=rna-A;transl_except=(pos:7..9%2Caa:Sec),(pos:10..12%2Caa:Other)',
    '1 RefSeq mRNA 101 160 . - . ID=rna-B;gbkey=mRNA',
    '1 RefSeq exon 101 160 . - . Parent=rna-B',
    '1 RefSeq CDS 101 160 . - 0 ID=cds-B;Parent=rna-B;transl_except=(pos:complement(152..154)%2Caa:Sec)',
    '1 RefSeq mRNA 201 300 . + . ID=rna-C;gbkey=mRNA',
    '1 RefSeq exon 201 210 . + . Parent=rna-C',
    '1 RefSeq exon 251 300 . + . Parent=rna-C',
    '1 RefSeq CDS 201 210 . + 0 ID=cds-C;Parent=rna-C;transl_except=(pos:join(210..210%2C251..252)%2Caa:Sec)',
    '1 RefSeq CDS 251 300 . + 2 ID=cds-C;Parent=rna-C;transl_except=(pos:join(210..210%2C251..252)%2Caa:Sec)',
  );
  expect(transcripts.map(({ selenocysteines }) => selenocysteines)).toEqual([[3], [3], [4]]);
});

test('mature miRNAs are products of the transcript they lie in', () => {
  const { transcripts } = read(
    '1 RefSeq gene 1 90 . - . ID=gene-MIR1;Name=MIR1;gene_biotype=miRNA',
    '1 RefSeq primary_transcript 1 90 . - . ID=rna-NR_1.1;Parent=gene-MIR1;transcript_id=NR_1.1;gbkey=precursor_RNA',
    '1 RefSeq exon 1 90 . - . ID=e;Parent=rna-NR_1.1',
    '1 RefSeq miRNA 51 72 . - . ID=rna-MIR1;Parent=rna-NR_1.1;gbkey=ncRNA',
    '1 RefSeq exon 51 72 . - . ID=e2;Parent=rna-MIR1',
    '1 RefSeq miRNA 11 32 . - . ID=rna-MIR1-2;Parent=rna-NR_1.1;gbkey=ncRNA',
    '1 RefSeq exon 11 32 . - . ID=e3;Parent=rna-MIR1-2',
    '2 ensembl ncRNA_gene 1 90 . + . ID=gene:E;biotype=miRNA',
    '2 ensembl miRNA 1 90 . + . ID=transcript:ET;Parent=gene:E;biotype=miRNA',
    '2 ensembl exon 1 90 . + . Parent=transcript:ET',
  );
  expect(transcripts.map(({ id, matureMirna }) => [id, matureMirna])).toEqual([
    [
      'NR_1.1',
      [
        { start: 10, end: 32 },
        { start: 50, end: 72 },
      ],
    ],
    ['ET', []],
  ]);
});

test('partial RefSeq models: which end is not found depends on the strand', () => {
  const { transcripts } = read(
    '1 RefSeq mRNA 1 9 . + . ID=rna-A;partial=true;start_range=.,1;gbkey=mRNA',
    '1 RefSeq exon 1 9 . + . Parent=rna-A',
    '1 RefSeq CDS 1 9 . + 0 ID=c;Parent=rna-A;partial=true;start_range=.,1',
    '1 RefSeq mRNA 21 29 . - . ID=rna-B;partial=true;start_range=.,21;gbkey=mRNA',
    '1 RefSeq exon 21 29 . - . Parent=rna-B',
    '1 RefSeq CDS 21 29 . - 0 ID=d;Parent=rna-B;partial=true;start_range=.,21',
  );
  expect(transcripts.map(({ flags }) => flags)).toEqual([TranscriptFlag.CDS_START_NF, TranscriptFlag.CDS_END_NF]);
});

test('without exon lines exons come from coding parts and UTRs; a lone coding part fills its transcript', () => {
  const { transcripts, problems } = read(
    '1 t mRNA 1 100 . + . ID=a',
    '1 t CDS 11 40 . + 0 ID=p;Parent=a',
    '1 t mRNA 201 300 . + . ID=b',
    '1 t five_prime_UTR 201 210 . + . Parent=b',
    '1 t CDS 211 240 . + 0 ID=q;Parent=b',
    '1 t CDS 261 300 . + 0 ID=q;Parent=b',
    '1 t mRNA 401 500 . + . ID=c',
    '1 t CDS 411 420 . + 0 ID=r;Parent=c',
    '1 t CDS 451 460 . + 0 ID=r;Parent=c',
    '1 t tRNA 601 700 . + . ID=d',
  );
  expect(transcripts.map(({ exons, span }) => [exons.map(({ start, end }) => [start, end]), span ?? null])).toEqual([
    [[[0, 100]], null],
    [
      [
        [200, 240],
        [260, 300],
      ],
      null,
    ],
    [
      [
        [410, 420],
        [450, 460],
      ],
      { start: 400, end: 500 },
    ],
    [[[600, 700]], null],
  ]);
  expect(problems).toEqual([
    { code: 'NO_EXON_LINES', count: 4, examples: ['a (line 1)', 'b (line 3)', 'c (line 7)', 'd (line 10)'] },
  ]);
});

test('coding parts that hang under the gene belong to its only transcript', () => {
  const { transcripts } = read(
    '1 t gene 1 90 . + . ID=g',
    '1 t mRNA 1 90 . + . ID=a;Parent=g',
    '1 t exon 1 90 . + . Parent=a',
    '1 t CDS 11 40 . + 0 ID=p;Parent=g',
  );
  expect(transcripts.map(({ id, cds }) => [id, cds])).toEqual([['a', [{ start: 10, end: 40 }]]]);
});

test('what is odd is kept, counted and named', () => {
  const { transcripts, genes, problems } = read(
    '1 t mRNA 1 90 . + . ID=orphan;Parent=gene:nowhere',
    '1 t exon 1 90 . + . Parent=orphan',
    '1 t exon 101 190 . + . Parent=transcript:lost',
    '1 t gene 201 290 . + . ID=overlap',
    '1 t mRNA 201 290 . + . ID=o;Parent=overlap',
    '1 t exon 201 250 . + . Parent=o',
    '1 t exon 240 290 . + . Parent=o',
    '1 t CDS 280 295 . + 0 ID=p;Parent=o',
    '1 t gene 301 390 . . . ID=strandless',
    '1 t mRNA 301 390 . . . ID=s;Parent=strandless',
    '1 t exon 301 390 . . . Parent=s',
    '1 t gene 401 490 . + . ID=alone',
    '1 t gene 501 590 . - . ID=alone',
    '1 t mRNA 601 690 . + . ID=two',
    '1 t exon 601 690 . + . Parent=two',
    '1 t CDS 601 609 . + 0 ID=x;Parent=two;protein_id=X',
    '1 t CDS 611 690 . + 0 ID=y;Parent=two;protein_id=Y',
    '1 t CDS 701 703 . + 0 protein_id=Z',
  );
  expect(transcripts.map(({ id }) => id)).toEqual(['orphan', 'o', 's', 'two', 'transcript:lost', 'Z', 'alone']);
  expect(genes.map(({ id }) => id)).toEqual(['overlap', 'strandless', 'alone', 'nowhere', 'transcript:lost', 'Z']);
  expect(Object.fromEntries(problems.map(({ code, count, examples }) => [code, [count, ...examples]]))).toEqual({
    MISSING_PARENT: [2, 'orphan (line 1) names gene:nowhere', 'line 3 names transcript:lost'],
    EXONS_OVERLAP: [1, 'o (line 5)'],
    CDS_OUTSIDE_EXONS: [1, 'o (line 5)'],
    UNKNOWN_STRAND: [1, 's (line 10)'],
    DUPLICATE_ID: [1, 'alone (lines 12 and 13)'],
    SEVERAL_PROTEINS: [1, 'two (line 14)'],
    GENE_WITHOUT_TRANSCRIPT: [1, 'alone (line 12)'],
  });
  const flagsOf = (id: string): number => transcripts.find((transcript) => transcript.id === id)?.flags ?? 0;
  expect(flagsOf('o') & TranscriptFlag.EXONS_OVERLAP).toBeTruthy();
  expect(flagsOf('alone') & TranscriptFlag.EXTENT_ONLY).toBeTruthy();
  expect(transcripts.find(({ id }) => id === 'two')?.proteinId).toBe('Y');
});

test('trans-spliced genes keep their pieces but not their frame', () => {
  const { transcripts, problems } = read(
    'P RefSeq gene 1 90 . + . ID=gene-rps12;Name=rps12;exception=trans-splicing;part=1/2',
    'P RefSeq gene 201 290 . - . ID=gene-rps12;Name=rps12;exception=trans-splicing;part=2/2',
    'P RefSeq CDS 1 90 . + 0 ID=cds-Q;Parent=gene-rps12;exception=trans-splicing;protein_id=Q.1',
    'P RefSeq CDS 201 290 . - 0 ID=cds-Q;Parent=gene-rps12;exception=trans-splicing;protein_id=Q.1',
  );
  expect(transcripts).toHaveLength(1);
  expect(transcripts[0]?.flags).toBe(TranscriptFlag.NO_FRAME);
  expect(problems.map(({ code }) => code)).toEqual(['TRANS_SPLICED']);
});

test('a file of genes alone is a gene map: its genes are what is translated', () => {
  const { flavour, transcripts } = read(
    '. . gene 266 13468 . + . gene_name=ORF1a',
    '. . gene 21563 25384 . + . gene_name=S',
  );
  expect(flavour).toBe('gene map');
  expect(transcripts.map(({ id, cds }) => [id, cds?.[0]])).toEqual([
    ['ORF1a', { start: 265, end: 13468 }],
    ['S', { start: 21562, end: 25384 }],
  ]);
});

test('the sequence behind ##FASTA is not read as features', () => {
  const { transcripts, fastaLine } = read(
    '1 t mRNA 1 9 . + . ID=a',
    '1 t exon 1 9 . + . Parent=a',
    '##FASTA',
    '>1',
    'ACGTACGTA',
  );
  expect([transcripts.length, fastaLine]).toEqual([1, 3]);
});

test.each([
  ['1 t gene 9 1 . + . ID=g', /line 2 .*'9'.*'1'/],
  ['1 t gene zero 9 . + . ID=g', /line 2 .*'zero'/],
  ['1 t gene 0 9 . + . ID=g', /line 2 .*'0'/],
  ['1 t gene', /line 2 .* columns/],
])('"%s" is refused by line', (line, message) => {
  expect(() => read('##gff-version 3', line)).toThrow(message);
});

test('a file without features is refused', () => {
  expect(() => read('##gff-version 3')).toThrow(/no features/);
});
