/**
 * What one record does to the transcripts it touches, beside what its haplotypes do to proteins: untranslated parts,
 * splice sites, introns, structural alleles. In the order of bcftools csq: coding segments, untranslated parts, exons,
 * and the transcripts as a whole where none of these was met.
 */
import type { Reference } from '../bundle/reference.ts';
import { AlleleKind, RecordAlleles } from '../consequence/alleles.ts';
import { StructuralEffect } from '../consequence/structural-alleles.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { Change, type Checks, Outcome, REGION } from './change.ts';
import { type Entries, placeEntry } from './entries.ts';
import { GeneModel, type Span } from './gene-model.ts';
import { type Placed, Placer, type Step } from './node.ts';
import { Term } from './terms.ts';

/** An ALT of bases. */
export interface BaseAllele extends Step {
  ref: Uint8Array;
  alt: Uint8Array;
}

/** Models that are kept at least. */
const MODELS_MIN = 256;
const PLAIN: Checks = { splice: false, left: false, right: false, start: false, stop: false, coding: false };
const COMMA = 44;

/** Takes an allele that is a step of haplotypes on a segment of a model. */
export type TakeStep = (model: GeneModel, allele: BaseAllele, placed: Placed) => void;

export class RecordChanges {
  readonly #models = new Map<number, GeneModel>();
  readonly #placer = new Placer();
  readonly #change = new Change();
  readonly #structural = new RecordAlleles();
  /** Models under the record. */
  readonly #near: GeneModel[] = [];
  #met = false;

  constructor(private readonly reference: Reference) {}

  /** The model of a transcript. */
  model(transcript: number): GeneModel {
    let model = this.#models.get(transcript);
    if (model === undefined) {
      if (this.#models.size > MODELS_MIN) this.#models.clear();
      model = new GeneModel(this.reference, transcript);
      this.#models.set(transcript, model);
    }
    return model;
  }

  /**
   * Gathers the entries of a record, given the transcripts near it.
   * @param wanted whether an allele, by its one-based number, is to be placed on coding segments
   * @param take takes what is placed there
   */
  gather(
    record: VcfRecord,
    transcripts: readonly number[],
    entries: Entries,
    wanted: (allele: number) => boolean,
    take: TakeStep,
  ): void {
    const first = record.position - 1;
    // One base more, for insertions behind the last one.
    const last = first + record.ends[3] - record.ends[2] - 1;
    const models = this.#near;
    models.length = 0;
    for (const transcript of transcripts) {
      const model = this.model(transcript);
      if (model.first <= last && model.last >= first) models.push(model);
    }
    this.#met = false;
    const alleles = models.length > 0 ? allelesOf(record) : [];
    for (const model of models) this.#onSegments(model, { first, last }, alleles, { entries, wanted, take });
    for (const model of models) this.#onUntranslated(model, { first, last }, alleles, entries);
    for (const model of models) this.#onExons(model, { first, last }, alleles, entries);
    this.#structurals(record, transcripts, entries);
    if (this.#met) return;
    for (const model of models) {
      // Of a coding gene whose exons are not known, it is not known where its introns are.
      if (!model.isCoding || model.exons.length > 0) this.#onWhole(model, alleles, entries);
    }
  }

  #onSegments(
    model: GeneModel,
    { first, last }: Span,
    alleles: readonly BaseAllele[],
    { entries, wanted, take }: { entries: Entries; wanted: (allele: number) => boolean; take: TakeStep },
  ): void {
    const { segments, isCoding, hasSequence } = model;
    if (!isCoding) return;
    for (let i = 0; i < segments.length; i++) {
      if (segments[i].last < first) continue;
      if (segments[i].first > last) break;
      this.#met = true;
      for (const allele of alleles) {
        if (!wanted(allele.allele)) continue;
        this.#placer.change.set(allele.position, allele.ref, allele.alt);
        if (!hasSequence) {
          entries.add(placeEntry(model, byLength(allele), allele.allele));
          continue;
        }
        const tell = (terms: number): void => entries.add(placeEntry(model, terms, allele.allele));
        const placed = this.#placer.place(model, i, tell);
        if (placed.kind === 'beside') tell(placed.terms);
        else if (placed.kind === 'step') take(model, allele, placed);
      }
    }
  }

  #onUntranslated(model: GeneModel, { first, last }: Span, alleles: readonly BaseAllele[], entries: Entries): void {
    for (const part of model.untranslated) {
      if (part.first > last || part.last < first) continue;
      for (const { position, ref, alt, allele } of alleles) {
        this.#change.set(position, ref, alt);
        const outcome = this.#change.on(model, part.first, part.last, PLAIN);
        for (const terms of this.#change.told) entries.add(placeEntry(model, terms, allele));
        if (outcome !== Outcome.INSIDE && outcome !== Outcome.ACROSS) continue;
        entries.add(placeEntry(model, part.isFivePrime ? Term.UTR_5 : Term.UTR_3, allele));
        this.#met = true;
      }
    }
  }

  #onExons(model: GeneModel, { first, last }: Span, alleles: readonly BaseAllele[], entries: Entries): void {
    if (model.segments.length === 0) return;
    for (const exon of model.exons) {
      if (exon.last + REGION < first) continue;
      if (exon.first - REGION > last) break;
      for (const { position, ref, alt, allele } of alleles) {
        this.#change.set(position, ref, alt);
        this.#change.on(model, exon.first, exon.last, exonChecks(model, exon));
        for (const terms of this.#change.told) entries.add(placeEntry(model, terms, allele));
        if (this.#change.terms !== 0) this.#met = true;
      }
    }
  }

  #onWhole(model: GeneModel, alleles: readonly BaseAllele[], entries: Entries): void {
    for (const { position, ref, alt, allele } of alleles) {
      this.#change.set(position, ref, alt);
      const outcome = this.#change.on(model, model.first, model.last, PLAIN);
      for (const terms of this.#change.told) entries.add(placeEntry(model, terms, allele));
      if (outcome !== Outcome.INSIDE && outcome !== Outcome.ACROSS) continue;
      entries.add(placeEntry(model, model.isCoding ? Term.INTRON : Term.NON_CODING, allele));
    }
  }

  /** Symbolic alleles and breakends: what they lengthen or cut, an insertion by where it lies. */
  #structurals(record: VcfRecord, transcripts: readonly number[], entries: Entries): void {
    if (!isStructural(record)) return;
    const structural = this.#structural;
    structural.parse(record, false);
    for (let i = 0; i < structural.count; i++) {
      const {
        kind,
        number,
        start,
        end,
        structural: { effect },
      } = structural.all[i];
      if (kind !== AlleleKind.STRUCTURAL || effect === StructuralEffect.NONE) continue;
      const isGain = effect === StructuralEffect.GAIN || effect === StructuralEffect.INSERTION;
      const terms = isGain ? Term.ELONGATION : Term.TRUNCATION;
      for (const transcript of transcripts) {
        const model = this.model(transcript);
        if (model.first >= Math.max(end, start + 1) || model.last < start) continue;
        if (effect === StructuralEffect.INSERTION) this.#inserted(model, record, { number, terms }, entries);
        else {
          const isExonic = model.exons.some(({ first, last }) => first < Math.max(end, start + 1) && last >= start);
          entries.add(placeEntry(model, isExonic ? terms : least(model), number));
        }
        this.#met = true;
      }
    }
  }

  /** A symbolic insertion behind POS. */
  #inserted(
    model: GeneModel,
    { position }: VcfRecord,
    { number, terms }: { number: number; terms: number },
    entries: Entries,
  ): void {
    const under = ({ first, last }: Span): boolean => first <= position && last >= position;
    let found = 0;
    if (model.segments.some(under)) found |= model.isCoding ? Term.CODING_SEQUENCE : Term.NON_CODING;
    const untranslated = model.untranslated.find(under);
    if (untranslated) found |= untranslated.isFivePrime ? Term.UTR_5 : Term.UTR_3;
    if (model.segments.length > 0) {
      // The bases beside POS are all that matters.
      this.#change.set(position - 1, Uint8Array.of(0), Uint8Array.of(1, 1));
      for (const exon of model.exons) {
        if (!under(exon) && !under({ first: exon.first - 2, last: exon.last + 2 })) continue;
        this.#change.on(model, exon.first, exon.last, exonChecks(model, exon), terms);
        found |= this.#change.terms & ~terms;
      }
    }
    entries.add(placeEntry(model, terms | (found === 0 ? least(model) : found), number));
  }
}

function least(model: GeneModel): number {
  return model.isCoding ? Term.INTRON : Term.NON_CODING;
}

function exonChecks(model: GeneModel, { first, last }: Span): Checks {
  return EXON_CHECKS[(first !== model.first ? 1 : 0) + (last !== model.last ? 2 : 0)];
}

/** By whether an intron follows at the left (1) and at the right (2). */
const EXON_CHECKS: readonly Checks[] = [0, 1, 2, 3].map((ends) => ({
  ...PLAIN,
  splice: true,
  left: (ends & 1) !== 0,
  right: (ends & 2) !== 0,
}));

/** What can be said of a coding change without bases. */
function byLength({ ref, alt }: BaseAllele): number {
  const growth = alt.length - ref.length;
  if (growth === 0) return Term.CODING_SEQUENCE;
  if (growth % 3 !== 0) return Term.FRAMESHIFT;
  return growth < 0 ? Term.INFRAME_DELETION : Term.INFRAME_INSERTION;
}

function isStructural({ bytes, ends }: VcfRecord): boolean {
  for (let i = ends[3] + 1; i < ends[4]; i++) if (!isBase(bytes[i]) && bytes[i] !== COMMA) return true;
  return false;
}

/** The ALTs that are bases. */
function allelesOf({ bytes, ends, position }: VcfRecord): BaseAllele[] {
  const ref = upper(bytes, ends[2] + 1, ends[3]);
  if (ref === null) return [];
  const alleles: BaseAllele[] = [];
  let number = 0;
  for (let from = ends[3] + 1; from <= ends[4];) {
    let to = from;
    while (to < ends[4] && bytes[to] !== COMMA) to++;
    number++;
    const alt = to > from ? upper(bytes, from, to) : null;
    if (alt !== null) {
      const starts = [ends[0] + 1, ends[2] + 1, from];
      alleles.push({ position: position - 1, allele: number, ref, alt, bytes, starts, ends: [ends[1], ends[3], to] });
    }
    from = to + 1;
  }
  return alleles;
}

/** Bases in upper case; null for what is none. */
function upper(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  const bases = new Uint8Array(end - start);
  for (let at = start; at < end; at++) {
    if (!isBase(bytes[at])) return null;
    bases[at - start] = bytes[at] & 0xdf;
  }
  return bases;
}

function isBase(byte: number): boolean {
  const letter = byte & 0xdf;
  return letter === 65 || letter === 67 || letter === 71 || letter === 84 || letter === 78;
}
