/**
 * Writes one CSQ block straight into the output: what follows from the transcript is copied as it was prepared, what
 * the allele decides is written as numbers and letters between. No string is made.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { Allele } from './alleles.ts';
import { AlleleKind } from './alleles.ts';
import { Column, type ColumnName } from './columns.ts';
import type { Letters } from './letters.ts';
import { escapesDecay } from './nmd.ts';
import type { Prediction, Predictor } from './predict.ts';
import { CONSEQUENCE_AND_IMPACT, Place, PreparedRow } from './prepared-row.ts';
import { IMPACTS, impactOf, joinedNames, HighBit, worstRank } from './terms.ts';
import type { TranscriptView } from './transcript.ts';
import { Hgvs } from '../hgvs/describe.ts';

const DASH = 45;
const SLASH = 47;
const QUESTION = 63;
const ONE = 49;

const ascii = (text: string) => Buffer.from(text, 'latin1');
const impacts = IMPACTS.map(ascii);
const ESCAPES = ascii('NMD_escaping_variant');
const classes = {
  snv: ascii('SNV'),
  insertion: ascii('insertion'),
  deletion: ascii('deletion'),
  indel: ascii('indel'),
  substitution: ascii('substitution'),
  alteration: ascii('sequence_alteration'),
};

export class RowWriter {
  readonly #view: TranscriptView;
  /** The block at each `Place`. */
  readonly #rows: readonly PreparedRow[];
  readonly #hgvs: Hgvs;
  /** Whether the block that is being written has an HGVS description. */
  #described = false;

  constructor(reference: Reference, columns: readonly ColumnName[], predictor: Predictor) {
    this.#view = predictor.view;
    this.#rows = Object.values(Place).map((place) => new PreparedRow(reference, columns, place));
    this.#hgvs = new Hgvs(reference, predictor);
  }

  /** To be called before the blocks of a record. */
  nextRecord(alleles: number): void {
    this.#hgvs.nextRecord(alleles);
  }

  /** The block of an allele and the transcript it was predicted on. */
  write(allele: Allele, contig: number, prediction: Prediction, picked: boolean, out: ByteBuffer): void {
    const row = this.#rows[placeOf(prediction)];
    const { columns } = row;
    const { bytes, ends } = row.of(this.#view.index);
    this.#described = false;
    let from = 0;
    for (let i = 0; i < columns.length; i++) {
      out.append(bytes, from, ends[i]);
      from = ends[i];
      this.#column(columns[i], allele, contig, prediction, picked, out);
    }
    out.append(bytes, from, ends[columns.length]);
  }

  /** The block of an allele with no transcript in reach. */
  writeIntergenic(allele: Allele, contig: number, picked: boolean, out: ByteBuffer): void {
    const row = this.#rows[Place.INTERGENIC];
    const { columns } = row;
    const { bytes, ends } = row.of(0);
    let from = 0;
    for (let i = 0; i < columns.length; i++) {
      out.append(bytes, from, ends[i]);
      from = ends[i];
      switch (columns[i]) {
        case Column.Allele:
          out.append(allele.text, 0, allele.textLength);
          break;
        case CONSEQUENCE_AND_IMPACT:
          out.append(withImpact(0, HighBit.INTERGENIC));
          break;
        case Column.Consequence:
          out.append(joinedNames(0, HighBit.INTERGENIC));
          break;
        case Column.IMPACT:
          out.append(impacts[3]);
          break;
        case Column.ALLELE_NUM:
          out.integer(allele.number);
          break;
        case Column.VARIANT_CLASS:
          out.append(classOf(allele));
          break;
        case Column.HGVSg:
          this.#hgvs.genomic(contig, allele, out);
          break;
        case Column.PICK:
          if (picked) out.byte(ONE);
          break;
      }
    }
    out.append(bytes, from, ends[columns.length]);
  }

  #column(
    column: number,
    allele: Allele,
    contig: number,
    prediction: Prediction,
    picked: boolean,
    out: ByteBuffer,
  ): void {
    const view = this.#view;
    switch (column) {
      case Column.Allele:
        if (prediction.ofMate) out.append(allele.mateText);
        else out.append(allele.text, 0, allele.textLength);
        break;
      case CONSEQUENCE_AND_IMPACT:
        out.append(withImpact(prediction.low, prediction.high));
        break;
      case Column.Consequence:
        out.append(joinedNames(prediction.low, prediction.high));
        break;
      case Column.IMPACT:
        out.append(impacts[impactOf(worstRank(prediction.low, prediction.high))]);
        break;
      case Column.EXON:
        if (prediction.inExon) this.#exonNumbers(allele, out);
        break;
      case Column.INTRON:
        if (prediction.inside) this.#intronNumbers(allele, out);
        break;
      case Column.HGVSc:
        if (prediction.distance < 0 && this.#hgvs.transcript(contig, allele, out)) this.#described = true;
        break;
      case Column.HGVSp:
        if (prediction.inCoding && this.#hgvs.protein(contig, allele, prediction, out)) this.#described = true;
        break;
      case Column.HGVSg:
        this.#hgvs.genomic(contig, allele, out);
        break;
      case Column.HGVS_OFFSET:
        if (this.#described && this.#hgvs.offset(contig, allele) !== 0) out.integer(this.#hgvs.offset(contig, allele));
        break;
      case Column.cDNA_position:
        if (prediction.inExon) positions(view.cdnaFrom, view.cdnaTo, out);
        break;
      case Column.CDS_position:
        if (prediction.inCoding) positions(view.cdsFrom, view.cdsTo, out);
        break;
      case Column.Protein_position:
        if (prediction.inCoding) positions(view.proteinFrom, view.proteinTo, out);
        break;
      case Column.Amino_acids:
        if (prediction.spliced !== null && prediction.change.hasPeptides) {
          aminoAcids(prediction.change.refPeptide, prediction.change.altPeptide, out);
        }
        break;
      case Column.Codons:
        if (prediction.spliced !== null && prediction.change.hasCodons) this.#codons(allele, prediction, out);
        break;
      case Column.ALLELE_NUM:
        out.integer(allele.number);
        break;
      case Column.DISTANCE:
        if (prediction.distance >= 0) out.integer(prediction.distance);
        break;
      case Column.VARIANT_CLASS:
        out.append(classOf(allele));
        break;
      case Column.PICK:
        if (picked) out.byte(ONE);
        break;
      case Column.NMD:
        if (escapesDecay(view, prediction)) out.append(ESCAPES);
        break;
    }
  }

  #exonNumbers({ start, end }: Allele, out: ByteBuffer): void {
    const view = this.#view;
    const first = view.exonAt(start);
    let last = first;
    while (last < view.exonLast && view.exonStart[last] < end) last++;
    if (start === end && first < view.exonLast && view.exonStart[first] >= start) return;
    if (last > first) this.#numbers(first, last - 1, view.exonLast - view.exonFirst, out);
  }

  #intronNumbers({ start, end }: Allele, out: ByteBuffer): void {
    const view = this.#view;
    if (view.exonLast - view.exonFirst < 2 || end <= view.start || start >= view.end) return;
    // Intron i lies between exons i and i + 1.
    let first = Math.max(view.exonFirst, view.exonAt(start) - 1);
    while (first + 1 < view.exonLast && view.exonStart[first + 1] <= start) first++;
    let last = first;
    while (last + 1 < view.exonLast && view.exonEnd[last] < end) last++;
    if (last > first) this.#numbers(first, last - 1, view.exonLast - view.exonFirst - 1, out);
  }

  /** `n/m` or `n-m/total` of things counted from exonFirst on, in the direction of the transcript. */
  #numbers(first: number, last: number, total: number, out: ByteBuffer): void {
    const { forward, exonFirst } = this.#view;
    const from = forward ? first - exonFirst + 1 : total - (last - exonFirst);
    const to = forward ? last - exonFirst + 1 : total - (first - exonFirst);
    out.integer(from);
    if (to !== from) {
      out.byte(DASH);
      out.integer(to);
    }
    out.byte(SLASH);
    out.integer(total);
  }

  /** `ref/alt`, the codons in lower case and the alleles' own bases in upper case. */
  #codons(allele: Allele, { change }: Prediction, out: ByteBuffer): void {
    const offset = (change.cdsFrom - 1) % 3;
    codons(change.refCodons, offset, allele.refLength, out);
    out.byte(SLASH);
    codons(change.altCodons, offset, allele.altLength, out);
  }
}

/** Where the change lies, as far as it decides which columns are empty. */
function placeOf({ distance, inExon, inCoding }: Prediction): number {
  if (distance >= 0) return Place.BESIDE;
  return inExon || inCoding ? Place.ON_EXON : Place.OFF_EXONS;
}

const named = new Map<number, Buffer>();

/** `a&b|IMPACT`, kept for each set of terms that has been seen. */
function withImpact(low: number, high: number): Uint8Array {
  const key = low + high * 0x80000000;
  let text = named.get(key);
  if (text === undefined) {
    text = Buffer.concat([joinedNames(low, high), ascii('|'), impacts[impactOf(worstRank(low, high))]]);
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

function codons({ bytes, length }: Letters, offset: number, changed: number, out: ByteBuffer): void {
  if (length === 0) {
    out.byte(DASH);
    return;
  }
  for (let i = 0; i < length; i++) out.byte(i >= offset && i < offset + changed ? bytes[i] : bytes[i] | 0x20);
}

function classOf({ kind, refLength, altLength, structural }: Allele): Uint8Array {
  if (kind === AlleleKind.STRUCTURAL) return structural.name;
  if (kind !== AlleleKind.SEQUENCE) return classes.alteration;
  if (refLength === 0) return classes.insertion;
  if (altLength === 0) return classes.deletion;
  if (refLength !== altLength) return classes.indel;
  return refLength === 1 ? classes.snv : classes.substitution;
}
