/** The columns of a CSQ block by the names Ensembl VEP gives them, compiled into numbers that the writer switches on. */
import type { ByteBuffer } from '../bytes/buffer.ts';

export const Column = {
  Allele: 0,
  Consequence: 1,
  IMPACT: 2,
  SYMBOL: 3,
  Gene: 4,
  Feature_type: 5,
  Feature: 6,
  BIOTYPE: 7,
  EXON: 8,
  INTRON: 9,
  HGVSc: 10,
  HGVSp: 11,
  cDNA_position: 12,
  CDS_position: 13,
  Protein_position: 14,
  Amino_acids: 15,
  Codons: 16,
  Existing_variation: 17,
  ALLELE_NUM: 18,
  DISTANCE: 19,
  STRAND: 20,
  FLAGS: 21,
  VARIANT_CLASS: 22,
  SYMBOL_SOURCE: 23,
  HGNC_ID: 24,
  CANONICAL: 25,
  MANE: 26,
  MANE_SELECT: 27,
  MANE_PLUS_CLINICAL: 28,
  TSL: 29,
  ENSP: 30,
  SOURCE: 31,
  HGVS_OFFSET: 32,
  HGVSg: 33,
  PICK: 34,
  NMD: 35,
  APPRIS: 36,
  CCDS: 39,
  OverlapBP: 37,
  OverlapPC: 38,
} as const;

export type ColumnName = keyof typeof Column;

/** A column that VEP does not have, whose values follow from the transcript: those of a table of genes. */
export interface TranscriptColumn {
  name: string;
  /** Appends the value of a transcript, as it stands in a CSQ; nothing where there is none. */
  write(transcript: number, out: ByteBuffer): void;
}

/** A column whose values somebody else knows, by the ALT: identifiers of known variants. It may have the name of one of ours. */
export interface AlleleColumn {
  name: string;
  /** Appends the value of an ALT, counted from one. */
  writeAllele(number: number, out: ByteBuffer): void;
}

/** What is written when nobody asks for other columns: VEP's order. */
export const DEFAULT_COLUMNS: readonly ColumnName[] = [
  'Allele',
  'Consequence',
  'IMPACT',
  'SYMBOL',
  'Gene',
  'Feature_type',
  'Feature',
  'BIOTYPE',
  'EXON',
  'INTRON',
  'HGVSc',
  'HGVSp',
  'cDNA_position',
  'CDS_position',
  'Protein_position',
  'Amino_acids',
  'Codons',
  'Existing_variation',
  'ALLELE_NUM',
  'DISTANCE',
  'STRAND',
  'FLAGS',
  'VARIANT_CLASS',
  'SYMBOL_SOURCE',
  'HGNC_ID',
  'CANONICAL',
  'MANE_SELECT',
  'MANE_PLUS_CLINICAL',
  'ENSP',
  'HGVS_OFFSET',
];

/** Whether the engine can fill a column of this name. */
export function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(Column, name);
}
