/**
 * The entries of one record's BCSQ as they are gathered: what is the same is told once, what bcftools csq joins is
 * joined (`csq.c`, its `csq_push`).
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { Labels } from './labels.ts';
import { COMPOUND, LEAST, SPLICE_SITE, START_STOP, Term, hasStrand, termNames, told } from './terms.ts';

export interface Entry {
  terms: number;
  transcript: number;
  gene: number;
  biotype: number;
  forward: boolean;
  /** One-based number of the ALT. */
  allele: number;
  /** Amino acids and bases, `5T>5I|107G>A`; empty where there are none. */
  change: Uint8Array;
  /** One-based position of the record that tells of the change, for `Term.ELSEWHERE`. */
  elsewhere: number;
}

const NONE = new Uint8Array(0);
const PIPE = 124;
const COMMA = 44;
const AT = 64;

export class Entries {
  readonly all: Entry[] = [];

  clear(): void {
    this.all.length = 0;
  }

  /** Adds what is not told yet. */
  add(entry: Entry): void {
    if ((entry.terms & SPLICE_SITE) !== 0) entry.terms &= ~Term.SPLICE_REGION;
    const isKnown =
      (entry.terms & Term.ELSEWHERE) !== 0
        ? this.#joinsElsewhere(entry)
        : (entry.terms & COMPOUND) !== 0
          ? this.#joinsCompound(entry)
          : this.#joinsPlace(entry);
    if (!isKnown) this.all.push(entry);
  }

  #joinsElsewhere(entry: Entry): boolean {
    const { all } = this;
    for (let i = 0; i < all.length; i++) {
      if ((entry.terms & START_STOP) !== 0 && (all[i].terms & START_STOP) !== 0) {
        all[i] = entry;
        return true;
      }
      if ((all[i].terms & Term.ELSEWHERE) !== 0 && all[i].elsewhere === entry.elsewhere) return true;
    }
    return false;
  }

  #joinsCompound(entry: Entry): boolean {
    const { all } = this;
    for (let i = 0; i < all.length; i++) {
      const other = all[i];
      if (!isSameFeature(entry, other) || entry.gene !== other.gene || entry.allele !== other.allele) continue;
      if (((entry.terms ^ other.terms) & Term.BEHIND_STOP) !== 0) continue;
      if ((entry.change.length === 0) !== (other.change.length === 0)) {
        // Starts and stops are found twice, by where the change lies and by what becomes of the protein.
        if ((entry.terms & START_STOP) === 0 || (other.terms & START_STOP) === 0) continue;
        other.terms |= entry.terms;
        if ((other.terms & Term.STOP_RETAINED) !== 0) other.terms &= ~(Term.STOP_LOST | Term.SYNONYMOUS);
        if (other.change.length === 0) other.change = entry.change;
        return true;
      }
      if (Buffer.compare(entry.change, other.change) !== 0) continue;
      other.terms |= entry.terms;
      return true;
    }
    return false;
  }

  #joinsPlace(entry: Entry): boolean {
    for (const other of this.all) {
      if (!isSameFeature(entry, other) || entry.gene !== other.gene) continue;
      if ((other.terms & COMPOUND) === 0) {
        other.terms |= entry.terms;
        return true;
      }
      if ((other.terms | entry.terms) === other.terms) return true;
    }
    return false;
  }

  /** Appends the entries, comma-separated. */
  write(labels: Labels, out: ByteBuffer): void {
    for (let i = 0; i < this.all.length; i++) {
      if (i > 0) out.byte(COMMA);
      this.#write(this.all[i], labels, out);
    }
  }

  #write(entry: Entry, labels: Labels, out: ByteBuffer): void {
    const terms = told(entry.terms);
    if ((terms & Term.ELSEWHERE) !== 0) {
      out.byte(AT);
      out.integer(entry.elsewhere);
      return;
    }
    const hasTranscript = (terms & ~LEAST) !== 0;
    out.append(termNames(terms));
    if (hasTranscript && labels.isDecaying(entry.biotype)) out.ascii('&NMD_transcript');
    out.byte(PIPE);
    labels.writeGene(entry, out);
    out.byte(PIPE);
    if (hasTranscript) labels.writeTranscript(entry.transcript, out);
    out.byte(PIPE);
    out.append(labels.biotype(entry.biotype));
    if (!hasStrand(terms) && entry.change.length === 0) return;
    out.ascii(entry.forward ? '|+' : '|-');
    if (entry.change.length === 0) return;
    out.byte(PIPE);
    out.append(entry.change);
  }
}

/** Whether both are of one transcript, or of none, and one biotype. */
function isSameFeature(a: Entry, b: Entry): boolean {
  if (a.biotype !== b.biotype) return false;
  return a.transcript === b.transcript || ((a.terms | b.terms) & ~LEAST) === 0;
}

/** An entry that tells of a transcript without a protein. */
export function placeEntry(
  model: { transcript: number; gene: number; biotype: number; forward: boolean },
  terms: number,
  allele: number,
): Entry {
  const { transcript, gene, biotype, forward } = model;
  return { terms, transcript, gene, biotype, forward, allele, change: NONE, elsewhere: 0 };
}
