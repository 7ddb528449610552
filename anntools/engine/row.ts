/**
 * Writes one CSQ block straight into the output: what follows from the transcript is copied as it was prepared, what
 * the allele decides is written as numbers and letters between. No string is made.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { Allele } from '../consequence/alleles.ts';
import { AlleleKind } from '../consequence/alleles.ts';
import type { CodingChange } from '../consequence/coding.ts';
import { type AlleleColumn, Column, type ColumnName, type TranscriptColumn } from './columns.ts';
import type { Letters } from '../consequence/letters.ts';
import { escapesDecay } from '../consequence/nmd.ts';
import { writeExonNumbers, writeIntronNumbers } from '../consequence/numbering.ts';
import { Prediction, type Predictor } from '../consequence/predict.ts';
import { CONSEQUENCE_AND_IMPACT, Place, PreparedRow } from './prepared-row.ts';
import { TranscriptColumns } from './transcript-columns.ts';
import { IMPACTS, impactOf, joinedNames, HighBit, worstRank } from '../consequence/terms.ts';
import type { TranscriptView } from '../consequence/transcript.ts';
import { Hgvs } from '../hgvs/describe.ts';

const DASH = 45;
const SLASH = 47;
const QUESTION = 63;
const ONE = 49;

const ascii = (text: string) => Buffer.from(text, 'latin1');
const impacts = IMPACTS.map(ascii);
/** What the column NMD says of a transcript that escapes decay. */
export const nmdEscape = ascii('NMD_escaping_variant');
/** Names of the `ChangeClass`es. */
export const changeNames = ['SNV', 'insertion', 'deletion', 'indel', 'substitution', 'sequence_alteration'].map(ascii);

/** Writes one column of a block. */
type ColumnWriter = (allele: Allele, contig: number, prediction: Prediction, picked: boolean, out: ByteBuffer) => void;

/** The block at one `Place`. */
interface Row {
  prepared: PreparedRow;
  /** For each of its columns. */
  writers: readonly ColumnWriter[];
}

export class RowWriter {
  readonly #view: TranscriptView;
  readonly #rows: readonly Row[];
  readonly #hgvs: Hgvs;
  readonly #intergenic: Prediction;
  /** Whether the block that is being written has an HGVS description. */
  #described = false;

  constructor(
    reference: Reference,
    columns: readonly (ColumnName | TranscriptColumn | AlleleColumn)[],
    predictor: Predictor,
  ) {
    this.#view = predictor.view;
    this.#hgvs = new Hgvs(reference, predictor);
    this.#intergenic = new Prediction(predictor.manner);
    this.#intergenic.high = HighBit.INTERGENIC;
    const transcripts = new TranscriptColumns(reference, columns);
    this.#rows = Object.values(Place).map((place) => {
      const prepared = new PreparedRow(transcripts, columns, place);
      return { prepared, writers: prepared.columns.map((column) => this.#writerOf(column)) };
    });
  }

  /** To be called before the blocks of a record. */
  nextRecord(alleles: number): void {
    this.#hgvs.nextRecord(alleles);
  }

  /** The block of an allele and the transcript it was predicted on. */
  write(allele: Allele, contig: number, prediction: Prediction, picked: boolean, out: ByteBuffer): void {
    this.#write(this.#rows[placeOf(prediction)], this.#view.index, allele, contig, prediction, picked, out);
  }

  /** The block of an allele with no transcript in reach. */
  writeIntergenic(allele: Allele, contig: number, picked: boolean, out: ByteBuffer): void {
    this.#write(this.#rows[Place.INTERGENIC], 0, allele, contig, this.#intergenic, picked, out);
  }

  #write(
    { prepared, writers }: Row,
    transcript: number,
    allele: Allele,
    contig: number,
    prediction: Prediction,
    picked: boolean,
    out: ByteBuffer,
  ): void {
    const { bytes, ends } = prepared.of(transcript);
    this.#described = false;
    let from = 0;
    for (let i = 0; i < writers.length; i++) {
      const end = ends[i];
      if (end - from === 1) out.byte(bytes[from]);
      else if (end > from) out.append(bytes, from, end);
      from = end;
      writers[i](allele, contig, prediction, picked, out);
    }
    out.append(bytes, from, ends[writers.length]);
  }

  /**
   * A function for each column, not one with a switch: the runtime compiles each by itself; the one, with all that it
   * calls, was compiled twice and took 5 % more of a whole run.
   */
  #writerOf(column: number | AlleleColumn): ColumnWriter {
    const view = this.#view;
    if (typeof column !== 'number')
      return ({ number }, _contig, _prediction, _picked, out) => column.writeAllele(number, out);
    switch (column) {
      case Column.Allele:
        return (allele, _contig, { ofMate }, _picked, out) => {
          if (ofMate) out.append(allele.mateText);
          else out.append(allele.text, 0, allele.textLength);
        };
      case CONSEQUENCE_AND_IMPACT:
        return (_allele, _contig, { low, high }, _picked, out) => out.append(withImpact(low, high));
      case Column.Consequence:
        return (_allele, _contig, { low, high }, _picked, out) => out.append(joinedNames(low, high));
      case Column.IMPACT:
        return (_allele, _contig, { low, high }, _picked, out) => out.append(impactName(low, high));
      case Column.EXON:
        return ({ start, end }, _contig, { inExon }, _picked, out) => {
          if (inExon) writeExonNumbers(view, start, end, out);
        };
      case Column.INTRON:
        return ({ start, end }, _contig, { inside }, _picked, out) => {
          if (inside) writeIntronNumbers(view, start, end, out);
        };
      case Column.HGVSc:
        return (allele, contig, { distance }, _picked, out) => {
          if (distance < 0 && this.#hgvs.transcript(contig, allele, out)) this.#described = true;
        };
      case Column.HGVSp:
        return (allele, contig, prediction, _picked, out) => {
          if (prediction.inCoding && this.#hgvs.protein(contig, allele, prediction, out)) this.#described = true;
        };
      case Column.HGVSg:
        return (allele, contig, _prediction, _picked, out) => this.#hgvs.genomic(contig, allele, out);
      case Column.HGVS_OFFSET:
        return (allele, contig, _prediction, _picked, out) => {
          const offset = this.#described ? this.#hgvs.offset(contig, allele) : 0;
          if (offset !== 0) out.integer(offset);
        };
      case Column.cDNA_position:
        return (_allele, _contig, { inExon }, _picked, out) => {
          if (inExon) positions(view.cdnaFrom, view.cdnaTo, out);
        };
      case Column.CDS_position:
        return (_allele, _contig, { inCoding }, _picked, out) => {
          if (inCoding) positions(view.cdsFrom, view.cdsTo, out);
        };
      case Column.Protein_position:
        return (_allele, _contig, { inCoding }, _picked, out) => {
          if (inCoding) positions(view.proteinFrom, view.proteinTo, out);
        };
      case Column.Amino_acids:
        return (_allele, _contig, { spliced, change }, _picked, out) => {
          if (spliced !== null && change.hasPeptides) aminoAcids(change.refPeptide, change.altPeptide, out);
        };
      case Column.Codons:
        return (allele, _contig, { spliced, change }, _picked, out) => {
          if (spliced !== null && change.hasCodons) changedCodons(allele, change, out);
        };
      case Column.ALLELE_NUM:
        return ({ number }, _contig, _prediction, _picked, out) => out.integer(number);
      case Column.DISTANCE:
        return (_allele, _contig, { distance }, _picked, out) => {
          if (distance >= 0) out.integer(distance);
        };
      case Column.VARIANT_CLASS:
        return (allele, _contig, _prediction, _picked, out) => out.append(classOf(allele));
      case Column.OverlapBP:
        return (allele, _contig, prediction, _picked, out) => {
          const overlap = overlapped(view, allele, prediction);
          if (overlap > 0) out.integer(overlap);
        };
      case Column.OverlapPC:
        return (allele, _contig, prediction, _picked, out) => {
          const overlap = overlapped(view, allele, prediction);
          if (overlap > 0) out.ascii(((100 * overlap) / (view.end - view.start)).toFixed(2));
        };
      case Column.PICK:
        return (_allele, _contig, _prediction, picked, out) => {
          if (picked) out.byte(ONE);
        };
      case Column.NMD:
        return (_allele, _contig, prediction, _picked, out) => {
          if (escapesDecay(view, prediction)) out.append(nmdEscape);
        };
      default:
        throw new Error(`no allele decides column ${column}`);
    }
  }
}

/** Where the change lies, as far as it decides which columns are empty. */
function placeOf({ distance, inExon, inCoding }: Prediction): number {
  if (distance >= 0) return Place.BESIDE;
  return inExon || inCoding ? Place.ON_EXON : Place.OFF_EXONS;
}

/** Bases of the transcript's extent that a structural allele reaches over, as VEP's `--overlaps`; 0 for other alleles. */
function overlapped(view: TranscriptView, { kind, start, end }: Allele, { ofMate }: Prediction): number {
  if (kind !== AlleleKind.STRUCTURAL || ofMate) return 0;
  return Math.min(end, view.end) - Math.max(start, view.start);
}

/** The impact of a set of terms. */
export function impactName(low: number, high: number): Buffer {
  return impacts[impactOf(worstRank(low, high))];
}

const named = new Map<number, Buffer>();

/** `a&b|IMPACT`, kept for each set of terms that has been seen. */
function withImpact(low: number, high: number): Uint8Array {
  const key = low + high * 0x80000000;
  let text = named.get(key);
  if (text === undefined) {
    text = Buffer.concat([joinedNames(low, high), ascii('|'), impactName(low, high)]);
    named.set(key, text);
  }
  return text;
}

/** `n`, `n-m`, `?-m`, `n-?`; an insertion's two neighbours in ascending order; nothing when neither end is there. */
function positions(from: number, to: number, out: ByteBuffer): void {
  if (from === 0 && to === 0) return;
  if (from !== 0 && to !== 0 && from > to) {
    const swap = from;
    from = to;
    to = swap;
  }
  if (from === 0) out.byte(QUESTION);
  else out.integer(from);
  if (from === to) return;
  out.byte(DASH);
  if (to === 0) out.byte(QUESTION);
  else out.integer(to);
}

function aminoAcids(ref: Letters, alt: Letters, out: ByteBuffer): void {
  letters(ref, out);
  if (ref.equals(alt)) return;
  out.byte(SLASH);
  letters(alt, out);
}

function letters({ bytes, length }: Letters, out: ByteBuffer): void {
  if (length === 0) out.byte(DASH);
  else out.append(bytes, 0, length);
}

/** `ref/alt`, the codons in lower case and the alleles' own bases in upper case. */
function changedCodons(allele: Allele, { cdsFrom, refCodons, altCodons }: CodingChange, out: ByteBuffer): void {
  const offset = (cdsFrom - 1) % 3;
  codons(refCodons, offset, allele.refLength, out);
  out.byte(SLASH);
  codons(altCodons, offset, allele.altLength, out);
}

function codons({ bytes, length }: Letters, offset: number, changed: number, out: ByteBuffer): void {
  if (length === 0) {
    out.byte(DASH);
    return;
  }
  for (let i = 0; i < length; i++) out.byte(i >= offset && i < offset + changed ? bytes[i] : bytes[i] | 0x20);
}

function classOf({ kind, change, structural }: Allele): Uint8Array {
  return kind === AlleleKind.STRUCTURAL ? structural.name : changeNames[change];
}
