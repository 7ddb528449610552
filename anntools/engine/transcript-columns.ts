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

const AMPERSAND = 38;
const YES = Buffer.from('YES');
const START_NF = Buffer.from('cds_start_NF');
const END_NF = Buffer.from('cds_end_NF');
const MANE_SELECT = Buffer.from('MANE_Select');
const MANE_PLUS_CLINICAL = Buffer.from('MANE_Plus_Clinical');
/** VEP's short forms of principal1–5, alternative1 and alternative2. */
const APPRIS = ['P1', 'P2', 'P3', 'P4', 'P5', 'A1', 'A2'].map((text) => Buffer.from(text));

/** The columns of the transcript that was asked for last. */
export class TranscriptColumns {
  /** Those that blocks have, ours by their numbers; and what writes them. */
  readonly #columns: readonly (number | TranscriptColumn)[];
  readonly #writers: readonly TranscriptWriter[];
  readonly #ends: number[] = [];
  readonly #text = new ByteBuffer(1024);
  #transcript = -1;

  /** @param names the columns of a block, of all kinds */
  constructor(reference: Reference, names: readonly (ColumnName | TranscriptColumn | AlleleColumn)[]) {
    this.#columns = names.flatMap((name): (number | TranscriptColumn)[] => {
      if (typeof name !== 'string') return 'writeAllele' in name ? [] : [name];
      return BY_TRANSCRIPT.has(Column[name]) ? [Column[name]] : [];
    });
    this.#writers = this.#columns.map((column) =>
      typeof column === 'number' ? writerOf(reference, column) : (t, out) => column.write(t, out),
    );
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
    for (let i = 0; i < this.#writers.length; i++) {
      this.#writers[i](transcript, text);
      this.#ends[i] = text.length;
    }
    this.#transcript = transcript;
  }
}

/** Appends what one column says of a transcript. */
type TranscriptWriter = (transcript: number, out: ByteBuffer) => void;

/** A function for each column, as in `row.ts`: one with a switch is compiled with all that it calls, again and again. */
function writerOf({ transcripts, genes }: Reference, column: number): TranscriptWriter {
  const { flags, gene, strand, supportLevel, appris, source } = transcripts;
  const has = (t: number, flag: number): boolean => (flags[t] & flag) !== 0;
  const whenFlagged =
    (flag: number, text: Uint8Array): TranscriptWriter =>
    (t, out) => {
      if (has(t, flag)) out.append(text);
    };
  const ofGene =
    (texts: StringPool): TranscriptWriter =>
    (t, out) => {
      if (gene[t] !== NO_GENE) appendString(out, texts, gene[t]);
    };
  const mateWhenFlagged =
    (flag: number): TranscriptWriter =>
    (t, out) => {
      if (has(t, flag)) appendString(out, transcripts.maneMates, t);
    };
  switch (column) {
    case Column.SYMBOL:
    case Column.Gene:
    case Column.Feature_type:
    case Column.Feature:
    case Column.BIOTYPE:
      return (t, out) => void appendField(transcripts.labels, t, column - Column.SYMBOL, out);
    case Column.STRAND:
      return (t, out) => {
        if (!has(t, TranscriptFlag.STRAND_UNKNOWN)) out.integer(strand[t] === 1 ? 1 : -1);
      };
    case Column.FLAGS:
      return (t, out) => {
        const [isStart, isEnd] = [has(t, TranscriptFlag.CDS_START_NF), has(t, TranscriptFlag.CDS_END_NF)];
        if (isStart) out.append(START_NF);
        if (isStart && isEnd) out.byte(AMPERSAND);
        if (isEnd) out.append(END_NF);
      };
    case Column.SYMBOL_SOURCE:
      return ofGene(genes.symbolSources);
    case Column.HGNC_ID:
      return ofGene(genes.hgncIds);
    case Column.CANONICAL:
      return whenFlagged(TranscriptFlag.CANONICAL, YES);
    case Column.MANE:
      return (t, out) => {
        if (has(t, TranscriptFlag.MANE_SELECT)) out.append(MANE_SELECT);
        else if (has(t, TranscriptFlag.MANE_PLUS_CLINICAL)) out.append(MANE_PLUS_CLINICAL);
      };
    case Column.MANE_SELECT:
      return mateWhenFlagged(TranscriptFlag.MANE_SELECT);
    case Column.MANE_PLUS_CLINICAL:
      return mateWhenFlagged(TranscriptFlag.MANE_PLUS_CLINICAL);
    case Column.TSL:
      return (t, out) => {
        if (supportLevel[t] !== 0) out.integer(supportLevel[t]);
      };
    case Column.APPRIS:
      return (t, out) => {
        if (appris[t] !== 0) out.append(APPRIS[appris[t] - 1]);
      };
    case Column.CCDS:
      return (t, out) => appendString(out, transcripts.ccdsIds, t);
    case Column.ENSP:
      return (t, out) => appendString(out, transcripts.proteinIds, t);
    case Column.SOURCE:
      return (t, out) => appendString(out, transcripts.words, source[t]);
    default:
      // Existing_variation, where nobody knows of any.
      return () => {};
  }
}

function appendString(out: ByteBuffer, pool: StringPool, index: number): void {
  out.append(pool.bytes, pool.offsets[index], pool.offsets[index + 1]);
}
