/**
 * What an allele does to the protein: the codons and amino acids before and after it, and the coding terms that follow.
 *
 * The change is edited into the coding sequence (5' UTR before it, 3' UTR behind it), and the whole codons around it
 * are translated, before and after. Terms are decided on these two short peptides; near the start and the stop codon
 * they are decided on the edited sequence itself, since there an insertion may move the codon without losing it.
 * A change with one end outside the coding sequence has no peptides: then only the frame (by length), the start and
 * the stop codon (by the edited sequence) can be told. The order of the questions is Ensembl VEP 115's
 * (`VariationEffect.pm`); where its answers contradict each other see docs/decisions.
 */
import type { Allele } from './alleles.ts';
import { codonIndex, STOP, translate, UNKNOWN } from '../genome/codons.ts';
import { Letters } from './letters.ts';
import type { Manner, Spliced } from './spliced.ts';
import { Bit } from './terms.ts';
import { hasFlag, type TranscriptView } from './transcript.ts';

const A = 65;
const G = 71;
const T = 84;
const SELENOCYSTEINE = 85;

/** The change of one allele on one transcript that `evaluate` looked at last. */
export class CodingChange {
  #bases: Uint8Array = new Uint8Array(0);
  #codingStart = 0;
  #codingEnd = 0;
  #spliced: Spliced | undefined;
  #alt: Uint8Array = new Uint8Array(0);
  #altLength = 0;
  #view: TranscriptView | undefined;
  /** Bases of the coding sequence that are replaced; 0 for an insertion. */
  #replaced = 0;
  #lengthChanges = false;

  readonly #manner: Manner;

  cdsFrom = 0;
  cdsTo = 0;
  proteinFrom = 0;
  proteinTo = 0;

  /** Whether codons are known: both ends of the change are coding. */
  hasCodons = false;
  /** The codons that the change touches, and what becomes of them; empty between codons. */
  readonly refCodons = new Letters();
  readonly altCodons = new Letters();
  /** Whether amino acids are known: the codons are, and no base of the alleles is ambiguous. */
  hasPeptides = false;
  readonly refPeptide = new Letters();
  readonly altPeptide = new Letters();

  /** The change lies in a last codon that is not whole. */
  partialCodon = false;
  stopLost = false;
  stopRetained = false;
  frameshift = false;
  startLost = false;
  startRetained = false;

  constructor(manner: Manner) {
    this.#manner = manner;
  }

  /** Reads codons and amino acids of the allele, which `view` has mapped. */
  read(view: TranscriptView, spliced: Spliced, allele: Allele): void {
    this.#view = view;
    this.#spliced = spliced;
    this.#bases = spliced.bases;
    this.#codingStart = spliced.codingStart;
    this.#codingEnd = spliced.codingEnd;
    this.#alt = view.forward ? allele.alt : allele.altReverse;
    this.#altLength = allele.altLength;
    this.#lengthChanges = allele.refLength !== allele.altLength;
    this.cdsFrom = view.cdsFrom;
    this.cdsTo = view.cdsTo;
    this.proteinFrom = view.proteinFrom;
    this.proteinTo = view.proteinTo;
    this.hasCodons = view.cdsFrom !== 0 && view.cdsTo !== 0;
    this.hasPeptides = this.hasCodons && allele.refPlain && allele.altPlain;
    this.#replaced = this.hasCodons ? view.cdsTo - view.cdsFrom + 1 : 0;
    if (this.hasCodons) this.#readCodons();
    if (this.hasPeptides) this.#readPeptides();
    const lastCodon = this.cdsLength - 3 * (this.proteinFrom - 1);
    this.partialCodon = this.proteinFrom !== 0 && lastCodon < 3 && lastCodon > 0;
  }

  get cdsLength(): number {
    return this.#codingEnd - this.#codingStart;
  }

  #readCodons(): void {
    const { refCodons, altCodons } = this;
    const from = this.#codingStart + 3 * (this.proteinFrom - 1);
    const to = this.#codingStart + 3 * this.proteinTo;
    refCodons.set(this.#bases, from, Math.min(to, this.#codingEnd));
    const length = to - from + this.#altLength - this.#replaced;
    const available = this.#editedLength() - from;
    altCodons.reserve(length);
    altCodons.length = Math.max(0, Math.min(length, available));
    for (let i = 0; i < altCodons.length; i++) altCodons.bytes[i] = this.#editedAt(from + i);
  }

  /** Length of 5' UTR, edited coding sequence and 3' UTR. */
  #editedLength(): number {
    return this.#bases.length + this.#altLength - this.#replaced;
  }

  /** The base at an offset of the edited sequence. */
  #editedAt(offset: number): number {
    const at = offset - (this.#codingStart + this.cdsFrom - 1);
    if (at < 0) return this.#bases[offset];
    if (at < this.#altLength) return this.#alt[at];
    return this.#bases[offset - this.#altLength + this.#replaced];
  }

  #readPeptides(): void {
    const { refCodons, altCodons, refPeptide, altPeptide } = this;
    this.#translate(refCodons, refPeptide);
    this.#translate(altCodons, altPeptide);
    this.#readSelenocysteines();
  }

  #translate(codons: Letters, peptide: Letters): void {
    const { table } = this.#spliced!;
    peptide.length = 0;
    const whole = codons.length - (codons.length % 3);
    for (let at = 0; at < whole; at += 3) peptide.push(translate(table, codons.bytes, at));
    const isStop = peptide.length === 1 && peptide.bytes[0] === STOP;
    if (whole < codons.length && !isStop) peptide.push(UNKNOWN);
  }

  /** A stop codon that the model reads as selenocysteine is no stop, before the change nor, where it stays, after it. */
  #readSelenocysteines(): void {
    if (!hasFlag(this.#view!.flags, 'SELENOCYSTEINE')) return;
    const { protein } = this.#spliced!;
    const { refCodons, altCodons, refPeptide, altPeptide } = this;
    const from = Math.min(this.proteinFrom, this.proteinTo) - 1;
    for (let i = 0; i < refPeptide.length; i++) {
      if (refPeptide.bytes[i] !== STOP || protein[from + i] !== SELENOCYSTEINE) continue;
      refPeptide.bytes[i] = SELENOCYSTEINE;
      const stays =
        refCodons.length === altCodons.length &&
        codonIndex(refCodons.bytes, 3 * i) === codonIndex(altCodons.bytes, 3 * i);
      if (stays) altPeptide.bytes[i] = SELENOCYSTEINE;
    }
  }

  /**
   * The amino acid of codon `index` (zero-based) of the edited sequence as HGVS tells it, running on into the 3' UTR;
   * 0 behind its last whole codon.
   */
  toldResidue(index: number): number {
    const at = this.#codingStart + 3 * index;
    const { table, tail } = this.#spliced!.told;
    if (at + 3 > this.#codingEnd + tail.length + this.#altLength - this.#replaced) return 0;
    for (let i = 0; i < 3; i++) codon[i] = this.#toldAt(at + i, tail);
    return translate(table, codon, 0);
  }

  #toldAt(offset: number, tail: Uint8Array): number {
    const source = offset - this.#altLength + this.#replaced;
    const isBehindChange = offset >= this.#codingStart + this.cdsFrom - 1 + this.#altLength;
    return isBehindChange && source >= this.#codingEnd ? tail[source - this.#codingEnd] : this.#editedAt(offset);
  }

  /** Whether the length of the coding sequence changes by other than whole codons; false where an end is not coding. */
  get framesDiffer(): boolean {
    return this.hasCodons && Math.abs(this.#altLength - this.#replaced) % 3 !== 0;
  }

  /** The coding terms of the allele that `read` looked at. */
  terms(allele: Allele): number {
    this.#decide(allele);
    const { hasPeptides, refPeptide: ref, altPeptide: alt, partialCodon, startLost, startRetained } = this;
    const insertion = allele.altLength > allele.refLength;
    const deletion = allele.altLength < allele.refLength;
    const substitution = !insertion && !deletion;
    const inframeDeletion = this.#inframeDeletion();
    let terms = 0;
    const asVep = this.#manner === 'vep';
    const stopsEarlier = !asVep && substitution && alt.has(STOP) && alt.indexOf(STOP) < ref.indexOf(STOP);
    if (!this.stopRetained && hasPeptides && ((alt.has(STOP) && !ref.has(STOP)) || stopsEarlier))
      terms |= Bit.STOP_GAINED;
    if (this.frameshift && !substitution) terms |= Bit.FRAMESHIFT;
    if (this.stopLost) terms |= Bit.STOP_LOST;
    if (startLost) terms |= Bit.START_LOST;
    if (insertion && !startLost && this.#inframeInsertion()) terms |= Bit.INFRAME_INSERTION;
    if (deletion && inframeDeletion) terms |= Bit.INFRAME_DELETION;
    if (hasPeptides) {
      const same = ref.equals(alt);
      const unknown = ref.has(UNKNOWN) || alt.has(UNKNOWN);
      // VEP asks for the stop codon only, also where a residue before it is another.
      const retains = asVep && this.stopRetained;
      const otherwise = startLost || this.stopLost || (terms & Bit.STOP_GAINED) !== 0 || partialCodon || retains;
      if (substitution && !same && ref.length === alt.length && !otherwise) terms |= Bit.MISSENSE;
      if (this.#proteinAltering(inframeDeletion)) terms |= Bit.PROTEIN_ALTERING;
      if (same && ref.length > 0 && !this.stopRetained && !startRetained && !unknown) terms |= Bit.SYNONYMOUS;
    }
    if (partialCodon) terms |= Bit.INCOMPLETE_TERMINAL_CODON;
    if (startRetained) terms |= Bit.START_RETAINED;
    if (this.stopRetained) terms |= Bit.STOP_RETAINED;
    const unclear = !hasPeptides || alt.has(UNKNOWN) || ref.has(UNKNOWN);
    const told =
      this.frameshift ||
      inframeDeletion ||
      (terms & Bit.PROTEIN_ALTERING) !== 0 ||
      startRetained ||
      startLost ||
      this.stopRetained ||
      this.stopLost;
    if (unclear && !told) terms |= Bit.CODING_SEQUENCE;
    return terms;
  }

  /** Start, stop and frame: what the other questions refer to. */
  #decide(allele: Allele): void {
    const { hasPeptides, refPeptide: ref, altPeptide: alt } = this;
    const stopAltered = this.#stopAltered(allele);
    this.stopLost = hasPeptides ? ref.has(STOP) && !alt.has(STOP) : stopAltered;
    this.stopRetained =
      !this.partialCodon &&
      !this.stopLost &&
      (hasPeptides && alt.length > 0
        ? this.#endsWhereItDid()
        : this.#lengthChanges && this.#overlapsStopCodon() && !stopAltered);
    this.frameshift = !this.partialCodon && !this.stopRetained && this.framesDiffer;
    const overlapsStart = this.#overlapsStartCodon();
    const startAltered = overlapsStart && this.#startAltered(allele);
    this.startRetained = overlapsStart && !startAltered;
    this.startLost = false;
    if (!overlapsStart) return;
    if (this.#lengthChanges && startAltered && !(this.#inframeInsertion() || this.#inframeDeletion()))
      this.startLost = true;
    else if (this.#startCodonMoved(allele)) this.startLost = true;
    else if (hasPeptides && ref.length > 0 && alt.length > 0 && !(alt.length === 1 && alt.bytes[0] === UNKNOWN)) {
      this.startLost = this.proteinFrom === 1 && !alt.endsWith(ref) && !alt.startsWith(ref);
    }
    // VEP may say both of one allele: SO defines a lost start by any change of its bases.
    if (this.#manner === 'specification' && this.startRetained) this.startLost = false;
  }

  #overlapsStartCodon(): boolean {
    const { cdnaFrom, cdnaTo, cdsCdnaStart, flags } = this.#view!;
    if (hasFlag(flags, 'CDS_START_NF') || cdnaFrom === 0 || cdnaTo === 0) return false;
    return cdnaTo > cdsCdnaStart && cdnaFrom <= cdsCdnaStart + 3;
  }

  #overlapsStopCodon(): boolean {
    const { cdnaFrom, cdnaTo, cdsCdnaEnd, flags } = this.#view!;
    if (hasFlag(flags, 'CDS_END_NF') || cdnaFrom === 0 || cdnaTo === 0) return false;
    return cdnaTo >= cdsCdnaEnd - 2 && cdnaFrom <= cdsCdnaEnd;
  }

  /** Whether a change of length takes the stop codon from its place: the edited sequence has no stop at the old end. */
  #stopAltered(allele: Allele): boolean {
    if (!this.#lengthChanges || !allele.altPlain || this.cdsFrom === 0 || !this.#overlapsStopCodon()) return false;
    const { cdnaFrom, cdnaTo } = this.#view!;
    const removed = Math.max(0, cdnaTo - cdnaFrom + 1);
    const from = this.#codingStart + this.cdsFrom - 1;
    const last = this.#codingEnd - 3;
    if (this.#bases.length + this.#altLength - removed < this.#codingEnd || last < this.#codingStart) return true;
    for (let i = 0; i < 3; i++) codon[i] = this.#replacedAt(last + i, from, removed);
    return translate(this.#spliced!.table, codon, 0) !== STOP;
  }

  /** The base at an offset when `removed` bases from `from` on are replaced by the allele, with the UTRs that are told. */
  #replacedAt(offset: number, from: number, removed: number): number {
    if (offset < from) return this.#baseToldAt(offset);
    if (offset < from + this.#altLength) return this.#alt[offset - from];
    return this.#baseToldAt(offset - this.#altLength + removed);
  }

  #baseToldAt(offset: number): number {
    const { head, tail } = this.#spliced!.told;
    if (offset < this.#codingStart) return head[offset];
    return offset < this.#codingEnd ? this.#bases[offset] : tail[offset - this.#codingEnd];
  }

  /**
   * Whether the edited transcript no longer begins its coding part as before: for a change of length, when neither
   * the 5' UTR and ATG stand as they stood nor the whole coding sequence is found at the end; for a substitution,
   * when the start codon is not ATG.
   */
  #startAltered(allele: Allele): boolean {
    const { cdnaFrom, cdnaTo } = this.#view!;
    if (!allele.altPlain) return !this.#lengthChanges;
    const bases = this.#bases;
    const start = this.#codingStart;
    const end = this.#codingEnd;
    const removed = Math.max(0, Math.min(cdnaTo, end) - cdnaFrom + 1);
    const from = cdnaFrom - 1;
    const editedEnd = end + this.#altLength - removed;
    const tail = editedEnd - (end - start);
    if (!this.#lengthChanges) return !this.#isStartCodon(Math.max(0, tail), from, removed);
    if (start > 0 && editedEnd >= start + 3 && this.#isStartCodon(start, from, removed)) {
      let same = true;
      for (let i = Math.min(from, start); i < start && same; i++)
        same = this.#replacedAt(i, from, removed) === this.#baseToldAt(i);
      if (same) return false;
    }
    if (tail < 0) return true;
    for (let i = start; i < end; i++) if (this.#replacedAt(tail + i - start, from, removed) !== bases[i]) return true;
    return false;
  }

  /** Whether the three bases where the start codon stood are no ATG any more; told only where there is a 5' UTR. */
  #startCodonMoved(allele: Allele): boolean {
    const { cdnaFrom, cdnaTo } = this.#view!;
    if (!allele.altPlain || this.#codingStart === 0 || cdnaTo > this.#codingEnd) return false;
    return !this.#isStartCodon(this.#codingStart, cdnaFrom - 1, Math.max(0, cdnaTo - cdnaFrom + 1));
  }

  #isStartCodon(offset: number, from: number, removed: number): boolean {
    return (
      this.#replacedAt(offset, from, removed) === A &&
      this.#replacedAt(offset + 1, from, removed) === T &&
      this.#replacedAt(offset + 2, from, removed) === G
    );
  }

  /** Whether the protein ends where it did: a stop codon stays, or comes to stand, at its place. */
  #endsWhereItDid(): boolean {
    const { refPeptide: ref, altPeptide: alt, proteinFrom, proteinTo } = this;
    const { protein } = this.#spliced!.told;
    if (ref.length === 1 && alt.length === 1 && ref.bytes[0] === UNKNOWN && alt.bytes[0] === UNKNOWN) return false;
    if (proteinFrom > protein.length && alt.bytes[0] === STOP) return true;
    // VEP 115 also takes a stop anywhere behind a residue that stays for the old one; 116 does not.
    const asVep = this.#manner === 'vep';
    if (asVep && ref.length === 1 && ref.bytes[0] === alt.bytes[0] && alt.has(STOP)) return true;
    const stop = ref.indexOf(STOP);
    if (stop >= 0 && alt.indexOf(STOP) === stop) return true;
    return this.#onlyLengthens(proteinFrom, proteinTo, asVep);
  }

  /**
   * Whether the alternative peptide, put in its place, leaves the protein as it was and puts something behind its end:
   * a stop, or in VEP 115's manner one or two residues of any kind.
   */
  #onlyLengthens(from: number, to: number, asVep: boolean): boolean {
    const { altPeptide: alt } = this;
    const { protein } = this.#spliced!.told;
    const at = Math.min(from - 1, protein.length);
    const behind = Math.min(at + Math.max(0, to - from + 1), protein.length);
    const added = at + alt.length - behind;
    const letter = (i: number) => (i - at < alt.length ? alt.bytes[i - at] : protein[i - added]);
    if (added <= 0 || (asVep ? added >= 3 : letter(protein.length) !== STOP)) return false;
    for (let i = at; i < protein.length; i++) if (letter(i) !== protein[i]) return false;
    return true;
  }

  #inframeInsertion(): boolean {
    if (this.frameshift || !this.hasPeptides || this.altCodons.length <= this.refCodons.length) return false;
    const { refPeptide: ref, altPeptide: alt } = this;
    if (this.startRetained && alt.endsWith(ref)) return false;
    // What follows a stop does not count.
    const stop = alt.indexOf(STOP);
    const length = alt.length;
    if (stop >= 0) alt.length = stop + 1;
    const contained = alt.startsWith(ref) || alt.endsWith(ref);
    alt.length = length;
    return contained;
  }

  #inframeDeletion(): boolean {
    if (this.partialCodon || this.frameshift || !this.hasCodons) return false;
    const { refCodons: ref, altCodons: alt } = this;
    if (alt.length >= ref.length) return false;
    let head = 0;
    while (head < alt.length && ref.bytes[head] === alt.bytes[head]) head++;
    let tail = 0;
    while (tail < alt.length && ref.bytes[ref.length - 1 - tail] === alt.bytes[alt.length - 1 - tail]) tail++;
    if (head === alt.length || tail === alt.length) return true;
    return head + tail >= alt.length && (ref.length - alt.length) % 3 === 0;
  }

  #proteinAltering(inframeDeletion: boolean): boolean {
    const { refPeptide: ref, altPeptide: alt } = this;
    if (
      ref.length === alt.length ||
      (ref.length > 0 && ref.bytes[0] === STOP) ||
      (alt.length > 0 && alt.bytes[0] === STOP)
    ) {
      return false;
    }
    if (alt.startsWith(ref) || alt.endsWith(ref)) return false;
    return !inframeDeletion && !this.startLost && !this.frameshift;
  }
}

const codon = new Uint8Array(3);
