/**
 * From an HGVS description back to the genome: which bases of which contig become which. The positions of transcripts
 * are followed to the genome through their exons; bases that the description names must be those of the reference.
 */
import type { Reference, StringPool } from '../bundle/reference.ts';
import { complement } from '../genome/codons.ts';
import { TranscriptView } from '../consequence/transcript.ts';
import { InputError } from '../errors.ts';
import { parseHgvs } from './parse.ts';
import type { HgvsEnd, HgvsPosition, NucleotideEdit, NucleotideVariant } from './variant.ts';

/** Bases [start, end), zero-based on the forward strand, become `alt`. */
export interface ResolvedChange {
  contig: number;
  start: number;
  end: number;
  /** What stands there; empty for an insertion. */
  ref: string;
  alt: string;
}

export class HgvsResolver {
  readonly #reference: Reference;
  readonly #view: TranscriptView;
  #transcripts: Map<string, number> | null = null;

  constructor(reference: Reference) {
    this.#reference = reference;
    this.#view = new TranscriptView(reference.transcripts);
  }

  /** @throws InputError when the description is wrong, or not about this reference. */
  resolve(text: string): ResolvedChange {
    const variant = parseHgvs(text);
    if (variant.kind === 'p' || variant.kind === 'r') {
      throw refused(text, 'a protein or RNA does not tell what changed on the genome');
    }
    const contig = this.#load(variant, text);
    const { interval, edit } = variant;
    if (edit === undefined) throw refused(text, 'it names a place without a change');
    const first = this.#offsetOf(single(interval.start, text), variant, text);
    const last = interval.end === undefined ? first : this.#offsetOf(single(interval.end, text), variant, text);
    const [low, high] = first <= last ? [first, last] : [last, first];
    if (this.#isForward(variant) ? first > last : last > first)
      throw refused(text, 'its positions are in the wrong order');
    return this.#change(contig, low, high + 1, edit, this.#isForward(variant), text);
  }

  #isForward({ kind }: NucleotideVariant): boolean {
    return kind === 'g' || kind === 'm' || this.#view.forward;
  }

  /** The contig; for a description on a transcript the view has it loaded. */
  #load({ accession, kind }: NucleotideVariant, text: string): number {
    const { contigs, transcripts } = this.#reference;
    if (kind === 'g' || kind === 'm') {
      const contig = contigs.idOf(accession);
      if (contig < 0) throw refused(text, `the reference has no contig '${accession}'`);
      return contig;
    }
    this.#transcripts ??= namesOf(transcripts.hgvsNames);
    const transcript = this.#transcripts.get(accession);
    if (transcript === undefined) throw refused(text, `the reference has no transcript '${accession}'`);
    this.#view.load(transcript);
    const codes = this.#view.isCoding;
    if (codes !== (kind === 'c'))
      throw refused(text, codes ? 'the transcript codes: c.' : 'the transcript does not code: n.');
    return transcripts.contig[transcript];
  }

  /** Zero-based offset on the genome. */
  #offsetOf(position: HgvsPosition, { kind }: NucleotideVariant, text: string): number {
    const { base } = position;
    if (base === null) throw refused(text, 'its place is not known');
    return kind === 'g' || kind === 'm' ? base - 1 : this.#onTranscript(position, base, text);
  }

  #onTranscript({ behindStop, offset }: HgvsPosition, base: number, text: string): number {
    const view = this.#view;
    const cdna = view.isCoding ? this.#spliced(base, behindStop) : base;
    for (let exon = view.exonFirst; exon < view.exonLast; exon++) {
      const within = cdna - 1 - view.exonCdna[exon];
      const length = view.exonEnd[exon] - view.exonStart[exon];
      if (within < 0 || within >= length) continue;
      const place = view.forward ? view.exonStart[exon] + within : view.exonEnd[exon] - 1 - within;
      if (offset === 0) return place;
      if (within !== (offset > 0 ? length - 1 : 0)) throw refused(text, 'its intron does not lie beside that base');
      return view.forward ? place + offset : place - offset;
    }
    throw refused(text, 'the transcript has no such base');
  }

  /** One-based position in the spliced transcript of a position counted from the start or the stop codon. */
  #spliced(base: number, behindStop: boolean): number {
    const { cdsCdnaStart, cdsCdnaEnd, index } = this.#view;
    if (behindStop) return cdsCdnaEnd + base;
    if (base < 0) return cdsCdnaStart + base + 1;
    const { transcript, stop, resume } = this.#reference.transcripts.slippages;
    let cdna = cdsCdnaStart + base;
    for (let i = 0; i < transcript.length; i++) {
      if (transcript[i] === index && cdna > stop[i]) cdna -= stop[i] - resume[i];
    }
    return cdna;
  }

  #change(
    contig: number,
    start: number,
    end: number,
    edit: NucleotideEdit,
    forward: boolean,
    text: string,
  ): ResolvedChange {
    const strand = (bases: string) => (forward ? bases : reverseComplement(bases)).toUpperCase();
    const ref = this.#bases(contig, start, end);
    if ('ref' in edit) this.#check(edit.ref, ref, strand, text);
    switch (edit.kind) {
      case 'identity':
        return { contig, start, end, ref, alt: ref };
      case 'del':
        return { contig, start, end, ref, alt: '' };
      case 'substitution':
      case 'delins':
        return { contig, start, end, ref, alt: strand(edit.alt) };
      case 'inv':
        return { contig, start, end, ref, alt: reverseComplement(ref) };
      case 'dup': {
        const behind = forward ? end : start;
        return { contig, start: behind, end: behind, ref: '', alt: ref };
      }
      case 'ins':
        if (end - start !== 2) throw refused(text, 'an insertion lies between two neighbours');
        return { contig, start: start + 1, end: start + 1, ref: '', alt: strand(edit.alt) };
      case 'repeat': {
        const [{ unit }] = edit.units;
        const [from, to] =
          end - start === 1 && unit.length > 0 ? this.#copies(contig, start, strand(unit), forward) : [start, end];
        const replaced = this.#bases(contig, from, to);
        const alt = edit.units.map(({ unit: some, count }) => (some === '' ? replaced : strand(some)).repeat(count));
        return { contig, start: from, end: to, ref: replaced, alt: (forward ? alt : alt.reverse()).join('') };
      }
      default:
        throw refused(text, 'the bases it brings are not told');
    }
  }

  /** All copies of a unit, of which the description names the first base. */
  #copies(contig: number, first: number, unit: string, forward: boolean): [start: number, end: number] {
    const { length } = unit;
    let [start, end] = forward ? [first, first] : [first + 1, first + 1];
    while (forward && this.#bases(contig, end, end + length) === unit) end += length;
    while (!forward && this.#bases(contig, start - length, start) === unit) start -= length;
    return [start, end];
  }

  /** The bases or their number that the description names must be those of the reference. */
  #check(told: string, ref: string, strand: (bases: string) => string, text: string): void {
    const isNumber = /^\d+$/.test(told);
    if (told === '' || (isNumber ? Number(told) === ref.length : strand(told) === ref)) return;
    throw refused(text, isNumber ? `it spans ${ref.length} bases` : `the reference has '${strand(ref)}' there`);
  }

  #bases(contig: number, start: number, end: number): string {
    const bytes = new Uint8Array(end - start);
    this.#reference.sequence.read(contig, start, end, bytes, 0);
    return Buffer.from(bytes).toString('latin1');
  }
}

function single([from, to]: HgvsEnd, text: string): HgvsPosition {
  if (to !== undefined) throw refused(text, 'its place is not known exactly');
  return from;
}

function reverseComplement(bases: string): string {
  const bytes = Buffer.from(bases.toUpperCase(), 'latin1').reverse();
  return Buffer.from(bytes.map((base) => complement(base))).toString('latin1');
}

/** Each string of the pool, with and without what stands behind its last dot; the first one of a name counts. */
function namesOf({ bytes, offsets }: StringPool): Map<string, number> {
  const names = new Map<string, number>();
  for (let i = 0; i + 1 < offsets.length; i++) {
    const name = Buffer.prototype.latin1Slice.call(bytes, offsets[i], offsets[i + 1]);
    for (const spelled of [name, name.replace(/\.\d+$/, '')]) if (!names.has(spelled)) names.set(spelled, i);
  }
  return names;
}

function refused(text: string, why: string): InputError {
  return new InputError('BAD_OPTION', `${text} cannot be placed on the genome: ${why}`);
}
