/**
 * The parts of a CSQ block that follow from the transcript alone, prepared once for each transcript that the sweep comes
 * near to: with the separators and the empty columns around them they are a few pieces between the columns that the
 * allele decides, so that a block is mostly memory copies. Where the change lies tells which columns are empty.
 */
import { ByteBuffer } from '../bytes/buffer.ts';
import { type AlleleColumn, Column, type ColumnName, type TranscriptColumn } from './columns.ts';
import { BY_TRANSCRIPT, type TranscriptColumns } from './transcript-columns.ts';

const PIPE = 124;

/** The columns Consequence and IMPACT, one behind the other. */
export const CONSEQUENCE_AND_IMPACT = -1;

/** In a piece: the `|` between two columns. */
const SEPARATOR = -1;

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

/** The blocks at one place: columns that the allele decides, and pieces before, between and behind them. */
export class PreparedRow {
  /** Column i is written between pieces i and i + 1. */
  readonly columns: readonly (number | AlleleColumn)[];
  /** The columns of each piece, by their numbers in `#transcripts`, and separators. */
  readonly #pieces: readonly (readonly number[])[];
  readonly #transcripts: TranscriptColumns;
  readonly #slots = Array.from<Prepared | undefined>({ length: SLOTS });
  readonly #scratch = new ByteBuffer(1024);

  constructor(
    transcripts: TranscriptColumns,
    names: readonly (ColumnName | TranscriptColumn | AlleleColumn)[],
    place: number,
  ) {
    this.#transcripts = transcripts;
    const columns: (number | AlleleColumn)[] = [];
    let piece: number[] = [];
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
        if (place !== Place.INTERGENIC) piece.push(transcripts.indexOf(name));
        continue;
      }
      const column = Column[name];
      if (EMPTY[place].has(column)) continue;
      if (BY_TRANSCRIPT.has(column)) piece.push(transcripts.indexOf(column));
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
        if (column === SEPARATOR) scratch.byte(PIPE);
        else this.#transcripts.append(column, transcript, scratch);
      }
      return scratch.length;
    });
    return { transcript, bytes: new Uint8Array(scratch.view()), ends };
  }
}
