/**
 * HGVS of the alleles of a record: on the genome, on a transcript, on its protein. Keeps the 3' shift of each allele,
 * which is the same for all transcripts of a strand, and looks at the protein where the shifted change lies.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { Allele, AlleleKind, ChangeClass, trimmed } from '../consequence/alleles.ts';
import { CodingChange } from '../consequence/coding.ts';
import type { Prediction, Predictor } from '../consequence/predict.ts';
import type { Manner } from '../consequence/spliced.ts';
import { hasFlag, TranscriptView } from '../consequence/transcript.ts';
import { GenomicHgvs } from './genomic.ts';
import { ProteinHgvs } from './protein.ts';
import { shifted, shiftLength } from './shift.ts';
import { TranscriptHgvs } from './transcript.ts';

const UNKNOWN = -1;

export class Hgvs {
  readonly #reference: Reference;
  readonly #manner: Manner;
  readonly #view: TranscriptView;
  readonly #genomic: GenomicHgvs;
  readonly #transcript: TranscriptHgvs;
  readonly #protein: ProteinHgvs;
  /** Shift by allele number, along the forward and the reverse strand. */
  #shifts = new Int32Array(16).fill(UNKNOWN);
  /** The shifted allele that was made last, and for which it was made. */
  readonly #moved = new Allele();
  #movedFrom: Allele | null = null;
  #movedForward = false;
  readonly #alone = new Allele();
  readonly #aloneMoved = new Allele();
  readonly #shiftedView: TranscriptView;
  readonly #shiftedChange: CodingChange;

  constructor(reference: Reference, predictor: Predictor) {
    this.#reference = reference;
    this.#manner = predictor.manner;
    this.#view = predictor.view;
    this.#genomic = new GenomicHgvs(reference);
    this.#transcript = new TranscriptHgvs(reference, predictor.view, predictor.manner);
    this.#protein = new ProteinHgvs(reference, predictor.manner);
    this.#shiftedChange = new CodingChange(predictor.manner);
    this.#shiftedView = new TranscriptView(reference.transcripts);
  }

  /** Forgets the alleles of the record before. */
  nextRecord(alleles: number): void {
    if (this.#shifts.length < 2 * alleles + 2) this.#shifts = new Int32Array(4 * alleles + 2);
    this.#shifts.fill(UNKNOWN, 0, 2 * alleles + 2);
    this.#movedFrom = null;
  }

  /** Appends `chr:g.…`; nothing where it cannot be told. */
  genomic(contig: number, allele: Allele, out: ByteBuffer): void {
    if (!this.#isTold(contig, allele)) return;
    const { change, refLength, altLength } = allele;
    const isWhole = change === ChangeClass.INSERTION || change === ChangeClass.DELETION || refLength === altLength;
    this.#genomic.write(contig, isWhole ? this.#place(contig, allele, true) : this.#minimal(contig, allele), out);
  }

  /** An allele of a record that has several, cut and shifted by itself: `g.` follows HGVS, not the record. */
  #minimal(contig: number, allele: Allele): Allele {
    const { sequence, contigs } = this.#reference;
    const alone = trimmed(allele, this.#alone);
    const length = shiftLength(sequence, contig, contigs.lengths[contig], alone, true, this.#manner);
    if (length === 0) return alone;
    shifted(sequence, contig, alone, true, length, this.#aloneMoved);
    return this.#aloneMoved;
  }

  /** Appends `transcript:c.…` or `:n.…` on the predicted transcript; returns whether there was something to write. */
  transcript(contig: number, allele: Allele, out: ByteBuffer): boolean {
    if (hasFlag(this.#view.flags, 'EXTENT_ONLY') || !this.#isTold(contig, allele)) return false;
    return this.#transcript.write(contig, this.#place(contig, allele, this.#view.forward), out);
  }

  /** Appends `protein:p.…` of the prediction; returns whether there was something to write. */
  protein(contig: number, allele: Allele, prediction: Prediction, out: ByteBuffer): boolean {
    const { spliced, change } = prediction;
    if (spliced === null || allele.kind !== AlleleKind.SEQUENCE || !allele.altPlain) return false;
    const place = this.#place(contig, allele, this.#view.forward);
    if (place === allele) return this.#protein.write(this.#view.index, spliced, change, change, out);
    const view = this.#shiftedView;
    if (view.index !== this.#view.index) view.load(this.#view.index);
    view.map(place.start, place.end);
    this.#shiftedChange.read(view, spliced, place);
    return this.#protein.write(view.index, spliced, change, this.#shiftedChange, out);
  }

  /** How far the allele was shifted along the transcript, negative on the reverse strand. */
  offset(contig: number, allele: Allele): number {
    const { forward } = this.#view;
    const length = this.#shift(contig, allele, forward);
    return forward ? length : -length;
  }

  /** Insertions and deletions need the sequence around them; a substitution is told without. */
  #isTold(contig: number, { kind, refLength, altLength }: Allele): boolean {
    return kind === AlleleKind.SEQUENCE && (refLength === altLength || this.#reference.sequence.has(contig));
  }

  #place(contig: number, allele: Allele, forward: boolean): Allele {
    const length = this.#shift(contig, allele, forward);
    if (length === 0) return allele;
    if (this.#movedFrom !== allele || this.#movedForward !== forward) {
      shifted(this.#reference.sequence, contig, allele, forward, length, this.#moved);
      this.#movedFrom = allele;
      this.#movedForward = forward;
    }
    return this.#moved;
  }

  #shift(contig: number, allele: Allele, forward: boolean): number {
    const at = 2 * allele.number + (forward ? 0 : 1);
    const { sequence, contigs } = this.#reference;
    if (this.#shifts[at] === UNKNOWN) {
      this.#shifts[at] = sequence.has(contig)
        ? shiftLength(sequence, contig, contigs.lengths[contig], allele, forward, this.#manner)
        : 0;
    }
    return this.#shifts[at];
  }
}
