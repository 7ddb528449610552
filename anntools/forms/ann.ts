/**
 * ANN, as "Variant annotations in VCF format" 1.0 lays it out (https://pcingola.github.io/SnpEff/adds/VCFannotationformat_v1.0.pdf)
 * and SnpEff writes it. Terms are those of the engine: what differs from SnpEff is in
 * docs/decisions/031-differences-from-snpeff.md.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ColumnName } from '../consequence/columns.ts';
import { TERMS } from '../consequence/terms.ts';
import { hasFlag, TranscriptView } from '../consequence/transcript.ts';
import { type Row, altsOf, decoded } from './rows.ts';
import type { VcfRecord } from '../vcf/record.ts';

/** The sixteen fields, in the specification's words. */
export const ANN_FIELDS = [
  'Allele',
  'Annotation',
  'Annotation_Impact',
  'Gene_Name',
  'Gene_ID',
  'Feature_Type',
  'Feature_ID',
  'Transcript_BioType',
  'Rank',
  'HGVS.c',
  'HGVS.p',
  'cDNA.pos / cDNA.length',
  'CDS.pos / CDS.length',
  'AA.pos / AA.length',
  'Distance',
  'ERRORS / WARNINGS / INFO',
];

/** What the engine is asked for. */
export const ANN_COLUMNS: readonly ColumnName[] = [
  'ALLELE_NUM',
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
  'DISTANCE',
  'FLAGS',
];

const severities = new Map(TERMS.map(({ name, rank }) => [name, rank]));

export class AnnWriter {
  private readonly view: TranscriptView;

  constructor(reference: Reference) {
    this.view = new TranscriptView(reference.transcripts);
  }

  /** The value of ANN: "sorted by importance", the most severe annotation of the record first. */
  write(record: VcfRecord, rows: readonly Row[]): string {
    const alts = altsOf(record);
    return rows
      .map((row) => ({ row, severity: severities.get(row.terms[0] ?? '') ?? TERMS.length }))
      .sort((a, b) => a.severity - b.severity)
      .map(({ row }) => this.block(row, alts[Number(row.get('ALLELE_NUM')) - 1] ?? ''))
      .join(',');
  }

  private block(row: Row, alt: string): string {
    const lengths = this.lengths(row.transcript);
    const at = (column: string, length: number) => {
      const position = /\d+/.exec(row.get(column))?.[0];
      if (position === undefined) return '';
      return length > 0 ? `${position}/${length}` : position;
    };
    return [
      plain(alt),
      row.get('Consequence'),
      row.get('IMPACT'),
      plain(row.get('SYMBOL')),
      plain(row.get('Gene')),
      row.get('Feature_type').toLowerCase(),
      plain(row.get('Feature')),
      plain(row.get('BIOTYPE')),
      row.get('EXON') || row.get('INTRON'),
      changeOf(row.get('HGVSc')),
      changeOf(row.get('HGVSp')),
      at('cDNA_position', lengths.cdna),
      at('CDS_position', lengths.cds),
      at('Protein_position', lengths.protein),
      row.get('DISTANCE'),
      row.get('FLAGS') === '' ? '' : 'WARNING_TRANSCRIPT_INCOMPLETE',
    ].join('|');
  }

  /** Lengths of the transcript, its coding sequence with its stop, and its protein; 0 where they are not known. */
  private lengths(transcript: number): { cdna: number; cds: number; protein: number } {
    const { view } = this;
    if (transcript < 0) return { cdna: 0, cds: 0, protein: 0 };
    view.load(transcript);
    if (hasFlag(view.flags, 'EXTENT_ONLY')) return { cdna: 0, cds: 0, protein: 0 };
    const cds = view.isCoding ? view.codingPosition(view.cdsCdnaEnd) + view.pad : 0;
    const codons = Math.floor(cds / 3);
    return { cdna: view.splicedLength, cds, protein: hasFlag(view.flags, 'CDS_END_NF') ? codons : codons - 1 };
  }
}

/** The change without the name of the transcript or protein before it. */
function changeOf(hgvs: string): string {
  return hgvs.slice(hgvs.indexOf(':') + 1);
}

/** "Fields must not have spaces, commas, pipes, parentheses or equals signs": these become underscores. */
function plain(text: string): string {
  return decoded(text).replace(/[\s,|()=;]/g, '_');
}
