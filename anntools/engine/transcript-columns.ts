/**
 * The columns of a CSQ block that follow from the transcript alone, written once for each transcript that the sweep
 * comes near to, whichever blocks they are then put into.
 */
import { TranscriptFlag } from '../models/gene-models.ts';
import type { Reference, StringPool } from '../bundle/reference.ts';
import { NO_GENE } from '../bundle/reference.ts';
import { appendField } from '../bundle/string-pool.ts';
import { ByteBuffer } from '../bytes/buffer.ts';
import { type AlleleColumn, Column, type ColumnName, type TranscriptColumn } from './columns.ts';

/** Columns that follow from the transcript, or are always empty. */
export const BY_TRANSCRIPT: ReadonlySet<number> = new Set([
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

const YES = Buffer.from('YES');
const START_NF = Buffer.from('cds_start_NF');
const END_NF = Buffer.from('cds_end_NF');
const MANE_SELECT = Buffer.from('MANE_Select');
const MANE_PLUS_CLINICAL = Buffer.from('MANE_Plus_Clinical');
/** VEP's short forms of principal1–5, alternative1 and alternative2. */
const APPRIS = ['P1', 'P2', 'P3', 'P4', 'P5', 'A1', 'A2'].map((text) => Buffer.from(text));

/** The columns of the transcript that was asked for last. */
export class TranscriptColumns {
  readonly #reference: Reference;
  /** Those that blocks have, ours by their numbers. */
  readonly #columns: readonly (number | TranscriptColumn)[];
  readonly #ends: number[] = [];
  readonly #text = new ByteBuffer(1024);
  #transcript = -1;

  /** @param names the columns of a block, of all kinds */
  constructor(reference: Reference, names: readonly (ColumnName | TranscriptColumn | AlleleColumn)[]) {
    this.#reference = reference;
    this.#columns = names.flatMap((name): (number | TranscriptColumn)[] => {
      if (typeof name !== 'string') return 'writeAllele' in name ? [] : [name];
      return BY_TRANSCRIPT.has(Column[name]) ? [Column[name]] : [];
    });
  }

  /** The number of a column here. */
  indexOf(column: number | TranscriptColumn): number {
    return this.#columns.indexOf(column);
  }

  /** Appends what column `index` says of a transcript. */
  append(index: number, transcript: number, out: ByteBuffer): void {
    if (transcript !== this.#transcript) this.#read(transcript);
    const from = index === 0 ? 0 : this.#ends[index - 1];
    const to = this.#ends[index];
    if (to > from) out.append(this.#text.bytes, from, to);
  }

  #read(transcript: number): void {
    const text = this.#text;
    text.clear();
    this.#columns.forEach((column, i) => {
      if (typeof column === 'number') this.#column(column, transcript, text);
      else column.write(transcript, text);
      this.#ends[i] = text.length;
    });
    this.#transcript = transcript;
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

function appendString(out: ByteBuffer, pool: StringPool, index: number): void {
  out.append(pool.bytes, pool.offsets[index], pool.offsets[index + 1]);
}
