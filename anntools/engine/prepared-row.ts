/**
 * The parts of a CSQ block that follow from the transcript alone, prepared once for each transcript that the sweep comes
 * near to: with the separators and the empty columns around them they are a few pieces between the columns that the
 * allele decides, so that a block is mostly memory copies. Where the change lies tells which columns are empty.
 */
import { TranscriptFlag } from '../models/gene-models.ts';
import type { Reference, StringPool } from '../bundle/reference.ts';
import { NO_GENE } from '../bundle/reference.ts';
import { appendField } from '../bundle/string-pool.ts';
import { ByteBuffer } from '../bytes/buffer.ts';
import { type AlleleColumn, Column, type ColumnName, type TranscriptColumn } from './columns.ts';

const PIPE = 124;

/** The columns Consequence and IMPACT, one behind the other. */
export const CONSEQUENCE_AND_IMPACT = -1;

/** Columns that follow from the transcript, or are always empty. */
const BY_TRANSCRIPT: ReadonlySet<number> = new Set([
  Column.SYMBOL,
  Column.Gene,
  Column.Feature_type,
  Column.Feature,
  Column.BIOTYPE,
  Column.Existing_variation,
  Column.STRAND,
  Column.FLAGS,
  Column.SYMBOL_SOURCE,
  Column.HGNC_ID,
  Column.CANONICAL,
  Column.MANE,
  Column.MANE_SELECT,
  Column.MANE_PLUS_CLINICAL,
  Column.TSL,
  Column.APPRIS,
  Column.CCDS,
  Column.ENSP,
  Column.SOURCE,
]);

/** Where a change lies, as far as it decides that columns are empty. */
export const Place = { BESIDE: 0, OFF_EXONS: 1, ON_EXON: 2, INTERGENIC: 3 } as const;

const ofExons = [
  Column.EXON,
  Column.HGVSp,
  Column.cDNA_position,
  Column.CDS_position,
  Column.Protein_position,
  Column.Amino_acids,
  Column.Codons,
  Column.NMD,
];
const ofTranscripts = [...ofExons, Column.INTRON, Column.HGVSc, Column.HGVS_OFFSET, Column.OverlapBP, Column.OverlapPC];
/** Columns that are empty at each place. */
const EMPTY: readonly ReadonlySet<number>[] = [
  new Set(ofTranscripts),
  new Set([...ofExons, Column.DISTANCE]),
  new Set([Column.DISTANCE]),
  new Set([...ofTranscripts, Column.DISTANCE, ...BY_TRANSCRIPT]),
];

/** Transcripts near each other have near numbers: two meet in a slot when they are so far apart. A power of two. */
const SLOTS = 1024;

interface Prepared {
  transcript: number;
  /** Piece i is bytes[ends[i − 1], ends[i]). */
  bytes: Uint8Array;
  ends: number[];
}

const YES = Buffer.from('YES');
const START_NF = Buffer.from('cds_start_NF');
const END_NF = Buffer.from('cds_end_NF');
const MANE_SELECT = Buffer.from('MANE_Select');
const MANE_PLUS_CLINICAL = Buffer.from('MANE_Plus_Clinical');
/** VEP's short forms of principal1–5, alternative1 and alternative2. */
const APPRIS = ['P1', 'P2', 'P3', 'P4', 'P5', 'A1', 'A2'].map((text) => Buffer.from(text));

/** The blocks at one place: columns that the allele decides, and pieces before, between and behind them. */
export class PreparedRow {
  /** Column i is written between pieces i and i + 1. */
  readonly columns: readonly (number | AlleleColumn)[];
  /** The columns of each piece; the separator for one that ends before a column of the allele. */
  readonly #pieces: readonly (readonly (number | TranscriptColumn)[])[];
  readonly #reference: Reference;
  readonly #slots = Array.from<Prepared | undefined>({ length: SLOTS });
  readonly #scratch = new ByteBuffer(1024);

  constructor(reference: Reference, names: readonly (ColumnName | TranscriptColumn | AlleleColumn)[], place: number) {
    this.#reference = reference;
    const columns: (number | AlleleColumn)[] = [];
    let piece: (number | TranscriptColumn)[] = [];
    const pieces = [piece];
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      if (i > 0) piece.push(SEPARATOR);
      if (typeof name !== 'string' && 'writeAllele' in name) {
        columns.push(name);
        pieces.push((piece = []));
        continue;
      }
      if (typeof name !== 'string') {
        if (place !== Place.INTERGENIC) piece.push(name);
        continue;
      }
      const column = Column[name];
      if (EMPTY[place].has(column)) continue;
      if (BY_TRANSCRIPT.has(column)) piece.push(column);
      else {
        const isPair = column === Column.Consequence && names[i + 1] === 'IMPACT';
        columns.push(isPair ? CONSEQUENCE_AND_IMPACT : column);
        if (isPair) i++;
        pieces.push((piece = []));
      }
    }
    this.columns = columns;
    this.#pieces = pieces;
  }

  /** The pieces for a transcript; any number where nothing follows from it. */
  of(transcript: number): Prepared {
    const slot = transcript & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known !== undefined && known.transcript === transcript) return known;
    return (this.#slots[slot] = this.#prepare(transcript));
  }

  #prepare(transcript: number): Prepared {
    const scratch = this.#scratch;
    scratch.clear();
    const ends = this.#pieces.map((piece) => {
      for (const column of piece) {
        if (typeof column !== 'number') column.write(transcript, scratch);
        else if (column === SEPARATOR) scratch.byte(PIPE);
        else this.#column(column, transcript, scratch);
      }
      return scratch.length;
    });
    return { transcript, bytes: Uint8Array.from(scratch.view()), ends };
  }

  #column(column: number, t: number, out: ByteBuffer): void {
    const { transcripts, genes } = this.#reference;
    const flags = transcripts.flags[t];
    const gene = transcripts.gene[t];
    switch (column) {
      case Column.SYMBOL:
      case Column.Gene:
      case Column.Feature_type:
      case Column.Feature:
      case Column.BIOTYPE:
        appendField(transcripts.labels, t, column - Column.SYMBOL, out);
        break;
      case Column.STRAND:
        if ((flags & TranscriptFlag.STRAND_UNKNOWN) === 0) out.integer(transcripts.strand[t] === 1 ? 1 : -1);
        break;
      case Column.FLAGS:
        if ((flags & TranscriptFlag.CDS_START_NF) !== 0) out.append(START_NF);
        if ((flags & TranscriptFlag.CDS_START_NF) !== 0 && (flags & TranscriptFlag.CDS_END_NF) !== 0) out.byte(38);
        if ((flags & TranscriptFlag.CDS_END_NF) !== 0) out.append(END_NF);
        break;
      case Column.SYMBOL_SOURCE:
        if (gene !== NO_GENE) appendString(out, genes.symbolSources, gene);
        break;
      case Column.HGNC_ID:
        if (gene !== NO_GENE) appendString(out, genes.hgncIds, gene);
        break;
      case Column.CANONICAL:
        if ((flags & TranscriptFlag.CANONICAL) !== 0) out.append(YES);
        break;
      case Column.MANE:
        if ((flags & TranscriptFlag.MANE_SELECT) !== 0) out.append(MANE_SELECT);
        else if ((flags & TranscriptFlag.MANE_PLUS_CLINICAL) !== 0) out.append(MANE_PLUS_CLINICAL);
        break;
      case Column.MANE_SELECT:
        if ((flags & TranscriptFlag.MANE_SELECT) !== 0) appendString(out, transcripts.maneMates, t);
        break;
      case Column.MANE_PLUS_CLINICAL:
        if ((flags & TranscriptFlag.MANE_PLUS_CLINICAL) !== 0) appendString(out, transcripts.maneMates, t);
        break;
      case Column.TSL:
        if (transcripts.supportLevel[t] !== 0) out.integer(transcripts.supportLevel[t]);
        break;
      case Column.APPRIS:
        if (transcripts.appris[t] !== 0) out.append(APPRIS[transcripts.appris[t] - 1]);
        break;
      case Column.CCDS:
        appendString(out, transcripts.ccdsIds, t);
        break;
      case Column.ENSP:
        appendString(out, transcripts.proteinIds, t);
        break;
      case Column.SOURCE:
        appendString(out, transcripts.words, transcripts.source[t]);
        break;
    }
  }
}

/** In a piece: the `|` between two columns. */
const SEPARATOR = -2;

function appendString(out: ByteBuffer, pool: StringPool, index: number): void {
  out.append(pool.bytes, pool.offsets[index], pool.offsets[index + 1]);
}
