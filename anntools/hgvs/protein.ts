/**
 * HGVS descriptions of the protein, `p.` (https://hgvs-nomenclature.org/stable/recommendations/protein/), without the
 * brackets of a prediction, as Ensembl VEP writes them: the peptides around the change are stripped of what they share;
 * what is left is a substitution, deletion, duplication, insertion or deletion-insertion, shifted to the last place
 * it can have in the protein. A change of frame is told by its first other residue and the distance to the new stop,
 * which may lie in the 3' UTR; a lost stop by the distance to the next one. Residues are numbered from 1.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { CodingChange } from '../consequence/coding.ts';
import { Letters } from '../consequence/letters.ts';
import type { Manner, Spliced } from '../consequence/spliced.ts';
import { STOP, translate, UNKNOWN } from '../genome/codons.ts';
import { RESIDUES } from './residues.ts';

const UNDERSCORE = 95;
const QUESTION = 63;

const ascii = (text: string) => Buffer.from(text, 'latin1');
const PROTEIN = ascii(':p.');
const SYNONYMOUS = ascii('%3D'); // '=', as VEP writes it into a VCF
const DEL = ascii('del');
const DUP = ascii('dup');
const INS = ascii('ins');
const DELINS = ascii('delins');
const FRAMESHIFT = ascii('fsTer');
const EXTENSION = ascii('extTer');

const names: Readonly<Record<string, string>> = { ...RESIDUES, J: 'Xle', O: 'Pyl', '*': 'Ter' };

/** Three letters for each one-letter code, `Xaa` where it means nothing. */
export const residueNames = new Uint8Array(256 * 3);
for (let code = 0; code < 256; code++) residueNames.set(ascii(names[String.fromCharCode(code)] ?? 'Xaa'), 3 * code);

export class ProteinHgvs {
  readonly #reference: Reference;
  readonly #ref = new Letters();
  readonly #alt = new Letters();
  /** The window's own residues, before what is shared was taken off. */
  readonly #whole = new Letters();
  #from = 0;
  #to = 0;

  readonly #asVep: boolean;

  constructor(reference: Reference, manner: Manner) {
    this.#reference = reference;
    this.#asVep = manner === 'vep';
  }

  /**
   * Appends the description, or nothing where the protein change cannot be told. `told` is the change whose terms have
   * been decided, on the allele as it stands in the file; `change` the same after the 3' shift.
   */
  write(transcript: number, spliced: Spliced, told: CodingChange, change: CodingChange, out: ByteBuffer): boolean {
    const { transcripts } = this.#reference;
    if (!change.hasPeptides) return false;
    // A protein without an id is named after its transcript.
    const { hgvsProteinNames: own, hgvsNames } = transcripts;
    const ids = own.offsets[transcript] === own.offsets[transcript + 1] ? hgvsNames : own;
    this.#from = change.proteinFrom;
    this.#to = change.proteinTo;
    const start = out.length;
    out.append(ids.bytes, ids.offsets[transcript], ids.offsets[transcript + 1]);
    out.append(PROTEIN);
    const framesDiffer = !told.partialCodon && !told.stopRetained && change.framesDiffer;
    const written = framesDiffer
      ? this.#frameshift(spliced, told, change, out)
      : this.#peptideChange(spliced, told, change, out);
    if (!written) out.length = start;
    return written;
  }

  #frameshift(spliced: Spliced, told: CodingChange, change: CodingChange, out: ByteBuffer): boolean {
    const { protein } = spliced.told;
    if (told.startLost) return startLost(spliced, this.#asVep, out);
    let at = this.#from;
    let residue = change.toldResidue(at - 1);
    if (residue === 0) {
      // The edited sequence ends here: the residues of the window are gone.
      this.#readPeptides(change);
      this.#deletion(out);
      return this.#ref.length > 0;
    }
    while (residue === residueOf(protein, at) && residue !== STOP) {
      residue = change.toldResidue(at);
      if (residue === 0) return unknown(out);
      at++;
    }
    const ref = residueOf(protein, at);
    name(ref, out);
    out.integer(at);
    if (ref === STOP && residue === STOP) out.append(SYNONYMOUS);
    else if (ref === STOP && !this.#asVep) {
      // "A frame shift of the stop codon is described as an extension" (recommendations/protein/extension).
      name(residue, out);
      out.append(EXTENSION);
      distance(residuesToStop(change, at) - 1, out);
    } else {
      name(residue, out);
      if (residue !== STOP) {
        out.append(FRAMESHIFT);
        distance(at > 1 && !this.#stopsBefore(protein) ? residuesToStop(change, at) : 0, out);
      }
    }
    return true;
  }

  /** VEP counts to the first stop of the whole protein, and tells no distance where one stands before the change. */
  #stopsBefore(protein: Uint8Array): boolean {
    const stop = this.#asVep ? protein.indexOf(STOP) : -1;
    return stop >= 0 && stop < this.#from - 1;
  }

  #peptideChange(spliced: Spliced, told: CodingChange, change: CodingChange, out: ByteBuffer): boolean {
    const { protein } = spliced.told;
    const ref = this.#ref;
    const alt = this.#alt;
    const unchanged = this.#readPeptides(change);
    if (told.startLost) return startLost(spliced, this.#asVep, out);
    if (unchanged) {
      if (this.#asVep) {
        letters(ref, 0, ref.length, out);
        out.integer(this.#from);
      } else this.#range(out);
      out.append(SYNONYMOUS);
      return true;
    }
    if (told.stopLost && !this.#asVep) return this.#withoutStop(protein, change, out);
    if (!this.#asVep && ref.has(STOP) && alt.length > 0 && alt.bytes[0] === STOP) {
      // The stop codon comes earlier, or stays: a substitution (recommendations/protein/substitution, nonsense).
      name(ref.bytes[0], out);
      out.integer(this.#from);
      if (ref.bytes[0] === STOP) out.append(SYNONYMOUS);
      else name(STOP, out);
      return true;
    }
    if (ref.length === 0) return this.#insertion(protein, 3 * (protein.length + 1) === change.cdsLength, out);
    const toNothing = alt.length === 0;
    if (toNothing) this.#shiftDeletion(protein);
    if (told.stopLost && (toNothing || (ref.length === 1 && alt.length === 1))) {
      this.#extension(protein, change, out);
    } else if (toNothing) this.#deletion(out);
    else if (ref.length === 1 && alt.length === 1) {
      name(ref.bytes[0], out);
      out.integer(this.#from);
      name(alt.bytes[0], out);
    } else {
      this.#range(out);
      out.append(DELINS);
      upToStop(alt, out);
    }
    return true;
  }

  /** Reads the peptides of the change, less what they share; returns whether they are the same. */
  #readPeptides({ refPeptide, altPeptide }: CodingChange): boolean {
    const ref = this.#ref;
    const alt = this.#alt;
    this.#whole.length = 0;
    ref.set(refPeptide.bytes, 0, refPeptide.length);
    alt.set(altPeptide.bytes, 0, altPeptide.length);
    const unchanged = ref.equals(alt);
    if (!unchanged) this.#strip();
    return unchanged;
  }

  /** Takes off the residues that both peptides begin with, then those both end with. A stop in both ends the comparison. */
  #strip(): void {
    const ref = this.#ref;
    const alt = this.#alt;
    this.#whole.set(ref.bytes, 0, ref.length);
    let head = 0;
    while (head < ref.length && head < alt.length && ref.bytes[head] === alt.bytes[head]) {
      if (ref.bytes[head] === STOP) return;
      head++;
    }
    let tail = 0;
    const shorter = Math.min(ref.length, alt.length) - head;
    while (tail < shorter && ref.bytes[ref.length - 1 - tail] === alt.bytes[alt.length - 1 - tail]) tail++;
    ref.set(ref.bytes, head, ref.length - tail);
    alt.set(alt.bytes, head, alt.length - tail);
    this.#from += head;
    this.#to -= tail;
  }

  /**
   * A lost stop by the new residues: an extension where only residues behind the old end are new, otherwise all of them
   * up to the next stop.
   */
  #withoutStop(protein: Uint8Array, change: CodingChange, out: ByteBuffer): boolean {
    let at = Math.max(1, change.proteinFrom);
    while (at <= protein.length && change.toldResidue(at - 1) === residueOf(protein, at)) at++;
    const residue = change.toldResidue(at - 1);
    const length = residuesToStop(change, at);
    if (residue === 0 || (length === 0 && at <= protein.length)) return unknown(out);
    name(residueOf(protein, at), out);
    out.integer(at);
    if (at > protein.length) {
      if (residue === STOP) out.append(SYNONYMOUS);
      else {
        name(residue, out);
        out.append(EXTENSION);
        distance(length - 1, out);
      }
    } else if (residue === STOP) name(STOP, out);
    else {
      out.byte(UNDERSCORE);
      name(STOP, out);
      out.integer(protein.length + 1);
      out.append(DELINS);
      for (let i = 0; i < length; i++) name(change.toldResidue(at - 1 + i), out);
    }
    return true;
  }

  /** `ends`: a stop codon follows the last residue. */
  #insertion(protein: Uint8Array, ends: boolean, out: ByteBuffer): boolean {
    const alt = this.#alt;
    this.#shift(alt, protein);
    if (!alt.has(STOP) && this.#repeatsBefore(protein)) {
      const last = this.#from - 1;
      const first = this.#from - alt.length;
      name(alt.bytes[0], out);
      out.integer(first);
      if (first < last) {
        out.byte(UNDERSCORE);
        name(alt.bytes[alt.length - 1], out);
        out.integer(last);
      }
      out.append(DUP);
      return true;
    }
    const before = Math.min(this.#from, this.#to);
    // The window's own stop counts as a residue that can follow.
    const told = this.#asVep ? this.#whole.length > 0 && this.#whole.bytes[0] === STOP : ends;
    const known = protein.length + (told ? Math.max(1, this.#whole.length) : 0);
    if (before < 1 || known <= before) return false;
    name(residueOf(protein, before), out);
    out.integer(before);
    out.byte(UNDERSCORE);
    name(residueOf(protein, before + 1), out);
    out.integer(before + 1);
    out.append(INS);
    upToStop(alt, out);
    return true;
  }

  #repeatsBefore(protein: Uint8Array): boolean {
    const alt = this.#alt;
    const first = this.#from - 1 - alt.length;
    if (first < 0) return false;
    for (let i = 0; i < alt.length; i++) if (residueOf(protein, first + i + 1) !== alt.bytes[i]) return false;
    return true;
  }

  #shiftDeletion(protein: Uint8Array): void {
    this.#shift(this.#ref, protein);
  }

  /** The 3' rule on the protein: moves the residues on while the first of them is what follows. */
  #shift(moved: Letters, protein: Uint8Array): void {
    const known = protein.length + (this.#whole.length > 0 && this.#whole.bytes[0] === STOP ? 1 : 0);
    const room = this.#asVep ? known - this.#to - moved.length : known;
    for (let i = 0; i <= room && this.#to + 1 <= known; i++) {
      const first = moved.bytes[0];
      if (first !== residueOf(protein, this.#to + 1)) break;
      for (let k = 1; k < moved.length; k++) moved.bytes[k - 1] = moved.bytes[k];
      moved.bytes[moved.length - 1] = first;
      this.#from++;
      this.#to++;
    }
  }

  #deletion(out: ByteBuffer): void {
    this.#range(out);
    out.append(DEL);
  }

  #extension(protein: Uint8Array, change: CodingChange, out: ByteBuffer): void {
    const alt = this.#alt;
    if (alt.length === 0) this.#deletion(out);
    else {
      name(this.#ref.bytes[0], out);
      out.integer(this.#from);
      name(alt.bytes[0], out);
    }
    out.append(EXTENSION);
    const at = Math.max(1, change.proteinFrom);
    const stop = residuesToStop(change, at) + at - 1;
    const isTold = this.#from > 1 && stop >= at && !this.#stopsBefore(protein);
    distance(isTold ? stop - 1 - protein.length : 0, out);
  }

  /** `Xaa1_Yyy3`, or one residue where there is only one. */
  #range(out: ByteBuffer): void {
    const ref = this.#ref;
    name(ref.bytes[0], out);
    out.integer(this.#from);
    if (ref.length < 2) return;
    out.byte(UNDERSCORE);
    name(ref.bytes[ref.length - 1], out);
    out.integer(this.#to);
  }
}

/** `p.Met1?`: nobody knows where translation starts instead. VEP reads the start codon like any other: `p.Val1?`. */
function startLost({ protein, table, bases, codingStart }: Spliced, asVep: boolean, out: ByteBuffer): boolean {
  // A transcript may end before its first codon does.
  const isWhole = codingStart + 3 <= bases.length;
  const first = asVep ? translate(table, bases, codingStart) : residueOf(protein, 1);
  name(isWhole ? first : UNKNOWN, out);
  out.integer(1);
  out.byte(QUESTION);
  return true;
}

/** `p.?`: the transcript ends before anything differs. */
function unknown(out: ByteBuffer): boolean {
  out.byte(QUESTION);
  return true;
}

/** The residue at a one-based position: the stop behind the last one, nothing (0) beyond. */
function residueOf(protein: Uint8Array, position: number): number {
  return position <= protein.length ? protein[position - 1] : position === protein.length + 1 ? STOP : 0;
}

/** Residues from a position of the edited protein to its next stop, both counted; 0 when no stop follows. */
function residuesToStop(change: CodingChange, position: number): number {
  for (let at = position; ; at++) {
    const residue = change.toldResidue(at - 1);
    if (residue === 0) return 0;
    if (residue === STOP) return at - position + 1;
  }
}

function distance(residues: number, out: ByteBuffer): void {
  if (residues > 0) out.integer(residues);
  else out.byte(QUESTION);
}

function name(residue: number, out: ByteBuffer): void {
  if (residue !== 0) out.append(residueNames, 3 * residue, 3 * residue + 3);
}

function letters({ bytes }: Letters, from: number, to: number, out: ByteBuffer): void {
  for (let i = from; i < to; i++) name(bytes[i], out);
}

/** The new residues, none behind a stop. */
function upToStop(alt: Letters, out: ByteBuffer): void {
  const stop = alt.indexOf(STOP);
  letters(alt, 0, stop < 0 ? alt.length : stop + 1, out);
}
