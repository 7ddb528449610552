/**
 * Writes one CSQ block, column by column, straight into the output: what was prepared for the transcript is copied,
 * the rest is written as numbers and letters. No string is made.
 */
import { TranscriptFlag } from '../bundle/models.ts';
import type { Reference, StringPool } from '../bundle/reference.ts';
import { NO_GENE } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { Allele } from './alleles.ts';
import { AlleleKind } from './alleles.ts';
import { Column, LABEL_COLUMNS, type ColumnName } from './columns.ts';
import type { Letters } from './letters.ts';
import { escapesDecay } from './nmd.ts';
import type { Prediction, Predictor } from './predict.ts';
import { IMPACTS, impactOf, joinedNames, HighBit, worstRank } from './terms.ts';
import { hasFlag, type TranscriptView } from './transcript.ts';
import { Hgvs } from '../hgvs/describe.ts';

const PIPE = 124;
const DASH = 45;
const SLASH = 47;
const QUESTION = 63;
const ONE = 49;

/** Instead of the five columns of the label, when they stand in its order. */
const LABEL = -1;

const ascii = (text: string) => Buffer.from(text, 'latin1');
const impacts = IMPACTS.map(ascii);
const YES = ascii('YES');
const START_NF = ascii('cds_start_NF');
const END_NF = ascii('cds_end_NF');
const MANE_SELECT = ascii('MANE_Select');
const MANE_PLUS_CLINICAL = ascii('MANE_Plus_Clinical');
/** VEP's short forms of principal1–5, alternative1 and alternative2. */
const APPRIS = ['P1', 'P2', 'P3', 'P4', 'P5', 'A1', 'A2'].map(ascii);
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
  readonly #reference: Reference;
  readonly #view: TranscriptView;
  readonly #steps: readonly number[];
  readonly #hgvs: Hgvs;
  /** Whether the block that is being written has an HGVS description. */
  #described = false;

  constructor(reference: Reference, columns: readonly ColumnName[], predictor: Predictor) {
    this.#reference = reference;
    this.#view = predictor.view;
    this.#steps = steps(columns);
    this.#hgvs = new Hgvs(reference, predictor);
  }

  /** To be called before the blocks of a record. */
  nextRecord(alleles: number): void {
    this.#hgvs.nextRecord(alleles);
  }

  /** The block of an allele and the transcript it was predicted on. */
  write(allele: Allele, contig: number, prediction: Prediction, picked: boolean, out: ByteBuffer): void {
    const steps = this.#steps;
    this.#described = false;
    for (let i = 0; i < steps.length; i++) {
      if (i > 0) out.byte(PIPE);
      this.#column(steps[i], allele, contig, prediction, picked, out);
    }
  }

  /** The block of an allele with no transcript in reach. */
  writeIntergenic(allele: Allele, contig: number, picked: boolean, out: ByteBuffer): void {
    const steps = this.#steps;
    for (let i = 0; i < steps.length; i++) {
      if (i > 0) out.byte(PIPE);
      switch (steps[i]) {
        case LABEL:
          out.ascii('||||');
          break;
        case Column.Allele:
          out.append(allele.text, 0, allele.textLength);
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
    const { transcripts, genes } = this.#reference;
    const t = view.index;
    switch (column) {
      case LABEL:
        appendString(out, transcripts.labels, t);
        break;
      case Column.Allele:
        if (prediction.ofMate) out.append(allele.mateText);
        else out.append(allele.text, 0, allele.textLength);
        break;
      case Column.Consequence:
        out.append(joinedNames(prediction.low, prediction.high));
        break;
      case Column.IMPACT:
        out.append(impacts[impactOf(worstRank(prediction.low, prediction.high))]);
        break;
      case Column.SYMBOL:
      case Column.Gene:
      case Column.Feature_type:
      case Column.Feature:
      case Column.BIOTYPE:
        appendField(out, transcripts.labels, t, column - Column.SYMBOL);
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
      case Column.STRAND:
        if (!hasFlag(view.flags, 'STRAND_UNKNOWN')) out.integer(view.forward ? 1 : -1);
        break;
      case Column.FLAGS:
        this.#flags(out);
        break;
      case Column.VARIANT_CLASS:
        out.append(classOf(allele));
        break;
      case Column.SYMBOL_SOURCE:
        if (transcripts.gene[t] !== NO_GENE) appendString(out, genes.symbolSources, transcripts.gene[t]);
        break;
      case Column.HGNC_ID:
        if (transcripts.gene[t] !== NO_GENE) appendString(out, genes.hgncIds, transcripts.gene[t]);
        break;
      case Column.CANONICAL:
        if ((view.flags & TranscriptFlag.CANONICAL) !== 0) out.append(YES);
        break;
      case Column.MANE:
        if ((view.flags & TranscriptFlag.MANE_SELECT) !== 0) out.append(MANE_SELECT);
        else if ((view.flags & TranscriptFlag.MANE_PLUS_CLINICAL) !== 0) out.append(MANE_PLUS_CLINICAL);
        break;
      case Column.MANE_SELECT:
        if ((view.flags & TranscriptFlag.MANE_SELECT) !== 0) appendString(out, transcripts.maneMates, t);
        break;
      case Column.MANE_PLUS_CLINICAL:
        if ((view.flags & TranscriptFlag.MANE_PLUS_CLINICAL) !== 0) appendString(out, transcripts.maneMates, t);
        break;
      case Column.TSL:
        if (transcripts.supportLevel[t] !== 0) out.integer(transcripts.supportLevel[t]);
        break;
      case Column.APPRIS:
        if (transcripts.appris[t] !== 0) out.append(APPRIS[transcripts.appris[t] - 1]);
        break;
      case Column.ENSP:
        appendString(out, transcripts.proteinIds, t);
        break;
      case Column.SOURCE:
        appendString(out, transcripts.words, transcripts.source[t]);
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

  #flags(out: ByteBuffer): void {
    const { flags } = this.#view;
    const startMissing = (flags & TranscriptFlag.CDS_START_NF) !== 0;
    if (startMissing) out.append(START_NF);
    if ((flags & TranscriptFlag.CDS_END_NF) === 0) return;
    if (startMissing) out.byte(38);
    out.append(END_NF);
  }

  /** `ref/alt`, the codons in lower case and the alleles' own bases in upper case. */
  #codons(allele: Allele, { change }: Prediction, out: ByteBuffer): void {
    const offset = (change.cdsFrom - 1) % 3;
    codons(change.refCodons, offset, allele.refLength, out);
    out.byte(SLASH);
    codons(change.altCodons, offset, allele.altLength, out);
  }
}

function steps(columns: readonly ColumnName[]): number[] {
  const numbers: number[] = columns.map((name) => Column[name]);
  const at = numbers.findIndex((_, i) => LABEL_COLUMNS.every((column, k) => numbers[i + k] === column));
  if (at >= 0) numbers.splice(at, LABEL_COLUMNS.length, LABEL);
  return numbers;
}

function appendString(out: ByteBuffer, pool: StringPool, index: number): void {
  out.append(pool.bytes, pool.offsets[index], pool.offsets[index + 1]);
}

/** Appends one of the fields of a pooled string that are separated by `|`. */
function appendField(out: ByteBuffer, { bytes, offsets }: StringPool, index: number, field: number): void {
  let from = offsets[index];
  const end = offsets[index + 1];
  for (; field > 0; field--) {
    while (from < end && bytes[from] !== PIPE) from++;
    from++;
  }
  let to = from;
  while (to < end && bytes[to] !== PIPE) to++;
  if (from < to) out.append(bytes, from, to);
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
