/** Gene files as the world's tools write them, a few lines of each: what comes out of every flavour. */
import { expect, test } from 'bun:test';
import { read } from '../../support/gene-files.ts';

/** `id(gene):biotype strand exons cds phase` of each transcript. */
function told(lines: readonly string[]): string[] {
  const { transcripts } = read(...lines);
  const spans = (all: readonly { start: number; end: number }[] | null) =>
    all === null ? 'none' : all.map(({ start, end }) => `${start + 1}-${end}`).join(',');
  return transcripts.map(
    ({ id, version, geneId, biotype, strand, exons, cds, phase }) =>
      `${id}${version === '' ? '' : `.${version}`} ${geneId} ${biotype} ${strand === 1 ? '+' : '-'} ${spans(exons)} ${spans(cds)} ${phase}`,
  );
}

const flavours: readonly (readonly [name: string, lines: readonly string[], expected: readonly string[]])[] = [
  [
    'UCSC genePredToGtf',
    [
      'chr1 refGene transcript 11 100 . + . gene_id "WASH7P"; transcript_id "NM_1.2";  gene_name "WASH7P";',
      'chr1 refGene exon 11 40 . + . gene_id "WASH7P"; transcript_id "NM_1.2"; exon_number "1"; exon_id "NM_1.2.1"; gene_name "WASH7P";',
      'chr1 refGene 5UTR 11 20 . + . gene_id "WASH7P"; transcript_id "NM_1.2"; exon_number "1"; gene_name "WASH7P";',
      'chr1 refGene CDS 21 40 . + 0 gene_id "WASH7P"; transcript_id "NM_1.2"; exon_number "1"; gene_name "WASH7P";',
      'chr1 refGene exon 61 100 . + . gene_id "WASH7P"; transcript_id "NM_1.2"; exon_number "2"; gene_name "WASH7P";',
      'chr1 refGene CDS 61 77 . + 1 gene_id "WASH7P"; transcript_id "NM_1.2"; exon_number "2"; gene_name "WASH7P";',
      'chr1 refGene start_codon 21 23 . + 0 gene_id "WASH7P"; transcript_id "NM_1.2"; gene_name "WASH7P";',
      'chr1 refGene stop_codon 78 80 . + 0 gene_id "WASH7P"; transcript_id "NM_1.2"; gene_name "WASH7P";',
    ],
    ['NM_1.2 WASH7P protein_coding + 11-40,61-100 21-40,61-80 0'],
  ],
  [
    'StringTie',
    [
      'chr1 StringTie transcript 11 100 1000 . . gene_id "STRG.1"; transcript_id "STRG.1.1"; cov "3.1"; FPKM "1.2";',
      'chr1 StringTie exon 11 100 1000 . . gene_id "STRG.1"; transcript_id "STRG.1.1"; exon_number "1"; cov "3.1";',
      'chr1 StringTie transcript 11 100 1000 - . gene_id "STRG.2"; transcript_id "STRG.2.1"; cov "3.1";',
      'chr1 StringTie exon 11 30 1000 - . gene_id "STRG.2"; transcript_id "STRG.2.1"; exon_number "1";',
      'chr1 StringTie exon 51 100 1000 - . gene_id "STRG.2"; transcript_id "STRG.2.1"; exon_number "2";',
    ],
    ['STRG.1.1 STRG.1 non_coding + 11-100 none 0', 'STRG.2.1 STRG.2 non_coding - 11-30,51-100 none 0'],
  ],
  [
    'AUGUSTUS GTF (BRAKER), whose genes have bare names',
    [
      'chr1 AUGUSTUS gene 11 100 0.9 - . g1',
      'chr1 AUGUSTUS transcript 11 100 0.9 - . g1.t1',
      'chr1 AUGUSTUS stop_codon 11 13 . - 0 transcript_id "g1.t1"; gene_id "g1";',
      'chr1 AUGUSTUS intron 41 60 1 - . transcript_id "g1.t1"; gene_id "g1";',
      'chr1 AUGUSTUS CDS 11 40 1 - 2 transcript_id "g1.t1"; gene_id "g1";',
      'chr1 AUGUSTUS exon 11 40 . - . transcript_id "g1.t1"; gene_id "g1";',
      'chr1 AUGUSTUS CDS 61 100 0.9 - 0 transcript_id "g1.t1"; gene_id "g1";',
      'chr1 AUGUSTUS exon 61 100 . - . transcript_id "g1.t1"; gene_id "g1";',
      'chr1 AUGUSTUS start_codon 98 100 . - 0 transcript_id "g1.t1"; gene_id "g1";',
    ],
    ['g1.t1.1 g1 protein_coding - 11-40,61-100 11-40,61-100 0'],
  ],
  [
    'AUGUSTUS GFF3',
    [
      'chr1 AUGUSTUS gene 11 100 0.9 + . ID=g1;',
      'chr1 AUGUSTUS transcript 11 100 0.9 + . ID=g1.t1;Parent=g1',
      'chr1 AUGUSTUS start_codon 11 13 . + 0 Parent=g1.t1;',
      'chr1 AUGUSTUS intron 41 60 1 + . Parent=g1.t1;',
      'chr1 AUGUSTUS CDS 11 40 1 + 0 ID=g1.t1.cds;Parent=g1.t1',
      'chr1 AUGUSTUS CDS 61 100 0.9 + 0 ID=g1.t1.cds;Parent=g1.t1',
      'chr1 AUGUSTUS stop_codon 98 100 . + 0 Parent=g1.t1;',
    ],
    ['g1.t1.1 g1 protein_coding + 11-40,61-100 11-40,61-100 0'],
  ],
  [
    'Prokka',
    [
      '##gff-version 3',
      '##sequence-region contig1 1 5000',
      'contig1 Prodigal:002006 CDS 11 100 . + 0 ID=ABC_00001;eC_number=2.7.2.4;Name=thrA;gene=thrA;locus_tag=ABC_00001;product=Bifunctional aspartokinase',
      'contig1 Prodigal:002006 CDS 201 290 . - 0 ID=ABC_00002;locus_tag=ABC_00002;product=hypothetical protein',
      'contig1 Aragorn:001002 tRNA 301 376 . + . ID=ABC_00003;locus_tag=ABC_00003;product=tRNA-Ile(gat)',
      '##FASTA',
      '>contig1',
      'ACGT',
    ],
    [
      'ABC_00003.1 ABC_00003 tRNA + 301-376 none 0',
      'ABC_00001 ABC_00001 protein_coding + 11-100 11-100 0',
      'ABC_00002 ABC_00002 protein_coding - 201-290 201-290 0',
    ],
  ],
  [
    'Liftoff',
    [
      'chr1 Liftoff gene 11 100 . + . ID=gene-A;Dbxref=GeneID:9;Name=A;gene=A;gene_biotype=protein_coding;coverage=1.0;sequence_ID=0.99;extra_copy_number=0;copy_num_ID=gene-A_0',
      'chr1 Liftoff mRNA 11 100 . + . ID=rna-NM_7.1;Parent=gene-A;Dbxref=GeneID:9;gene=A;transcript_id=NM_7.1;matches_ref_protein=True;valid_ORF=True;extra_copy_number=0',
      'chr1 Liftoff exon 11 100 . + . ID=exon-NM_7.1-1;Parent=rna-NM_7.1;extra_copy_number=0',
      'chr1 Liftoff CDS 11 70 . + . ID=cds-NP_7.1;Parent=rna-NM_7.1;protein_id=NP_7.1;extra_copy_number=0',
    ],
    ['NM_7.1 9 protein_coding + 11-100 11-70 0'],
  ],
  [
    'Ensembl Plants and Fungi',
    [
      'I sgd gene 11 100 . + . ID=gene:YAL069W;biotype=protein_coding;description=Dubious [Source:SGD%3BAcc:S000002143];gene_id=YAL069W;logic_name=sgd',
      'I sgd mRNA 11 100 . + . ID=transcript:YAL069W_mRNA;Parent=gene:YAL069W;biotype=protein_coding;tag=Ensembl_canonical;transcript_id=YAL069W_mRNA',
      'I sgd exon 11 100 . + . Parent=transcript:YAL069W_mRNA;Name=YAL069W_mRNA-E1;constitutive=1;ensembl_phase=0;rank=1',
      'I sgd CDS 11 100 . + 0 ID=CDS:YAL069W;Parent=transcript:YAL069W_mRNA;protein_id=YAL069W',
      'I sgd ncRNA_gene 201 290 . - . ID=gene:HRA1;Name=HRA1;biotype=ncRNA;gene_id=HRA1',
      'I sgd ncRNA 201 290 . - . ID=transcript:HRA1_ncRNA;Parent=gene:HRA1;biotype=ncRNA;transcript_id=HRA1_ncRNA',
      'I sgd exon 201 290 . - . Parent=transcript:HRA1_ncRNA;rank=1',
    ],
    ['YAL069W_mRNA.1 YAL069W protein_coding + 11-100 11-100 0', 'HRA1_ncRNA.1 HRA1 ncRNA - 201-290 none 0'],
  ],
  [
    'Ensembl Bacteria: two genes of one operon',
    [
      'Chromosome ena gene 11 40 . + . ID=gene:b0001;Name=thrL;biotype=protein_coding;gene_id=b0001',
      'Chromosome ena mRNA 11 40 . + . ID=transcript:AAC73112;Parent=gene:b0001;Name=thrL-1;biotype=protein_coding;transcript_id=AAC73112',
      'Chromosome ena exon 11 40 . + . Parent=transcript:AAC73112;rank=1',
      'Chromosome ena CDS 11 40 . + 0 ID=CDS:AAC73112;Parent=transcript:AAC73112;protein_id=AAC73112',
      'Chromosome ena gene 37 90 . + . ID=gene:b0002;Name=thrA;biotype=protein_coding;gene_id=b0002',
      'Chromosome ena mRNA 37 90 . + . ID=transcript:AAC73113;Parent=gene:b0002;biotype=protein_coding;transcript_id=AAC73113',
      'Chromosome ena exon 37 90 . + . Parent=transcript:AAC73113;rank=1',
      'Chromosome ena CDS 37 90 . + 0 ID=CDS:AAC73113;Parent=transcript:AAC73113;protein_id=AAC73113',
    ],
    ['AAC73112.1 b0001 protein_coding + 11-40 11-40 0', 'AAC73113.1 b0002 protein_coding + 37-90 37-90 0'],
  ],
  [
    'a polycistronic message: one mRNA, a CDS for each protein, the longest is told',
    [
      'chr1 FlyBase gene 11 190 . + . ID=FBgn1;Name=Adh',
      'chr1 FlyBase mRNA 11 190 . + . ID=FBtr1;Parent=FBgn1',
      'chr1 FlyBase exon 11 190 . + . Parent=FBtr1',
      'chr1 FlyBase CDS 21 50 . + 0 ID=CDS1;Parent=FBtr1;protein_id=P1',
      'chr1 FlyBase CDS 81 170 . + 0 ID=CDS2;Parent=FBtr1;protein_id=P2',
    ],
    ['FBtr1.1 FBgn1 protein_coding + 11-190 81-170 0'],
  ],
  [
    'MAKER',
    [
      'chr1 maker gene 11 100 . - . ID=maker-chr1-0.1;Name=maker-chr1-0.1',
      'chr1 maker mRNA 11 100 . - . ID=maker-chr1-0.1-mRNA-1;Parent=maker-chr1-0.1;Name=maker-chr1-0.1-mRNA-1;_AED=0.1;_QI=0|0|1',
      'chr1 maker exon 61 100 . - . ID=maker-chr1-0.1-mRNA-1:1;Parent=maker-chr1-0.1-mRNA-1',
      'chr1 maker exon 11 40 . - . ID=maker-chr1-0.1-mRNA-1:2;Parent=maker-chr1-0.1-mRNA-1',
      'chr1 maker CDS 61 91 . - 0 ID=maker-chr1-0.1-mRNA-1:cds;Parent=maker-chr1-0.1-mRNA-1',
      'chr1 maker CDS 21 40 . - 2 ID=maker-chr1-0.1-mRNA-1:cds;Parent=maker-chr1-0.1-mRNA-1',
      'chr1 maker five_prime_UTR 92 100 . - . ID=maker-chr1-0.1-mRNA-1:five_prime_utr;Parent=maker-chr1-0.1-mRNA-1',
    ],
    ['maker-chr1-0.1-mRNA-1.1 maker-chr1-0.1 protein_coding - 11-40,61-100 21-40,61-91 0'],
  ],
  [
    'GENCODE GTF: the second copy of the pseudo-autosomal region',
    [
      'chrY HAVANA gene 11 100 . + . gene_id "ENSG1.5_PAR_Y"; gene_type "protein_coding"; gene_name "PLCXD1"; level 2; hgnc_id "HGNC:23148"; tag "PAR";',
      'chrY HAVANA transcript 11 100 . + . gene_id "ENSG1.5_PAR_Y"; transcript_id "ENST1.8_PAR_Y"; gene_type "protein_coding"; gene_name "PLCXD1"; transcript_type "protein_coding"; level 2; transcript_support_level "2"; tag "basic"; tag "PAR"; ccdsid "CCDS14103.1";',
      'chrY HAVANA exon 11 100 . + . gene_id "ENSG1.5_PAR_Y"; transcript_id "ENST1.8_PAR_Y"; exon_number 1; level 2;',
      'chrY HAVANA CDS 11 67 . + 0 gene_id "ENSG1.5_PAR_Y"; transcript_id "ENST1.8_PAR_Y"; exon_number 1; protein_id "ENSP1.1_PAR_Y"; level 2;',
      'chrY HAVANA stop_codon 68 70 . + 0 gene_id "ENSG1.5_PAR_Y"; transcript_id "ENST1.8_PAR_Y"; level 2;',
      'chrY HAVANA UTR 71 100 . + . gene_id "ENSG1.5_PAR_Y"; transcript_id "ENST1.8_PAR_Y"; level 2;',
    ],
    ['ENST1.8_PAR_Y ENSG1.5_PAR_Y protein_coding + 11-100 11-70 0'],
  ],
  [
    'NCBI PGAP: gene and CDS, a partial one at the end of its contig',
    [
      'NZ_1.1 RefSeq region 1 500 . + . ID=NZ_1.1:1..500;Dbxref=taxon:562;gbkey=Src',
      'NZ_1.1 RefSeq gene 1 100 . - . ID=gene-B1;Name=B1;end_range=500,.;gbkey=Gene;gene_biotype=protein_coding;locus_tag=B1;partial=true;start_range=.,1',
      'NZ_1.1 Protein%20Homology CDS 1 100 . - 0 ID=cds-WP_1.1;Parent=gene-B1;Dbxref=GenBank:WP_1.1;gbkey=CDS;locus_tag=B1;partial=true;protein_id=WP_1.1;start_range=.,1;transl_table=11',
    ],
    ['B1 B1 protein_coding - 1-100 1-100 0'],
  ],
];

test.each(flavours)('%s', (_name, lines, expected) => {
  expect(told(lines).toSorted()).toEqual([...expected].toSorted());
});
