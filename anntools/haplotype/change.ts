/**
 * One allele against one stretch of a transcript (a coding segment, an untranslated part, an exon, or all of it): which
 * bases really change, whether they lie inside, outside or across its ends, and what that alone says about splice sites,
 * start and stop. After bcftools csq (`csq.c`, its `splice_csq`), whose habits are kept: of the ways to write an indel
 * that the bases allow, it takes the one that does least.
 */
import type { GeneModel } from './gene-model.ts';
import { LENGTH, Term } from './terms.ts';

/** How an allele lies to a stretch. */
export const Outcome = {
  /** The allele changes nothing. */
  SAME: 0,
  OUTSIDE: 1,
  INSIDE: 2,
  /** Across an end, so that it cannot be told what becomes of the coding sequence. */
  ACROSS: 3,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** What is looked for at the ends of a stretch. */
export interface Checks {
  /** Splice donors and acceptors. */
  splice: boolean;
  /** Splice regions at the left and right end: an intron follows there. */
  left: boolean;
  right: boolean;
  /** The stretch has the first, or last, codon. */
  start: boolean;
  stop: boolean;
  /** It is coding: untranslated parts beside it go before splice sites, and the bases are known. */
  coding: boolean;
}

/** Intronic bases of a splice region, and of a donor or acceptor (Sequence Ontology: SO:0001630, SO:0001629). */
export const REGION = 8;
const SITE = 2;
/** How far beyond a transcript bases are looked at. */
const BEYOND = 10;

export class Change {
  position = 0;
  ref: Uint8Array = new Uint8Array(0);
  alt: Uint8Array = new Uint8Array(0);
  /** What is found. */
  terms = 0;
  /** Entries that are told whatever else comes of the change. */
  readonly told: number[] = [];
  /** The place that matters, as bcftools counts: see each kind. */
  from = 0;
  to = 0;
  /** After an answer INSIDE for a coding stretch: how many bases of the reference from `from` on become which. */
  refLength = 0;
  altBases: Uint8Array = new Uint8Array(0);

  #model!: GeneModel;
  #checks!: Checks;
  #first = 0;
  #last = 0;
  /** Equal bases at the left and right end, right end first. */
  #left = 0;
  #right = 0;

  /** Sets the allele; position zero-based, bases upper case. */
  set(position: number, ref: Uint8Array, alt: Uint8Array): void {
    this.position = position;
    this.ref = ref;
    this.alt = alt;
  }

  /** Looks at the stretch [first, last] of a transcript; `terms` are what is known of the allele already. */
  on(model: GeneModel, first: number, last: number, checks: Checks, terms = 0): Outcome {
    const { ref, alt, told } = this;
    this.#model = model;
    this.#checks = checks;
    this.#first = first;
    this.#last = last;
    told.length = 0;
    let right = 0;
    const shorter = Math.min(ref.length, alt.length);
    while (right < shorter && ref[ref.length - 1 - right] === alt[alt.length - 1 - right]) right++;
    let left = 0;
    while (left < shorter - right && ref[left] === alt[left]) left++;
    this.#left = left;
    this.#right = right;
    this.terms = terms | this.#lengthTerm();
    if (ref.length === alt.length) return this.#substitution();
    return ref.length < alt.length ? this.#insertion() : this.#deletion();
  }

  /** Several bases that become several others, more or fewer, lengthen or shorten what they lie in. */
  #lengthTerm(): number {
    const { ref, alt } = this;
    const equal = this.#left + this.#right;
    if (ref.length === alt.length || ref.length - equal < 2 || alt.length - equal < 2) return 0;
    return ref.length < alt.length ? Term.ELONGATION : Term.TRUNCATION;
  }

  /** [from, to] are the changed bases. */
  #substitution(): Outcome {
    const { position, ref } = this;
    if (this.#right === ref.length) return Outcome.SAME;
    this.from = position + this.#left;
    this.to = position + ref.length - this.#right - 1;
    if (this.from < this.#first) {
      if (this.#checks.left && !this.#tellUntranslated(this.from, this.#first - 1)) {
        this.#leftSites(this.from, this.to, false);
      }
      if (this.to >= this.#first) {
        this.#left = this.from - position;
        this.from = this.#first;
      }
    }
    if (this.to > this.#last) {
      if (this.#checks.right && !this.#tellUntranslated(this.#last + 1, this.to)) {
        this.#rightSites(this.from - 1, this.to, false);
      }
      if (this.from <= this.#last) {
        this.#right = ref.length - (this.to - position + 1);
        this.to = this.#last;
      }
    }
    if (this.to < this.#first || this.from > this.#last) return this.#tell(Outcome.OUTSIDE);
    this.#ends(this.from < this.#first + 3, this.to > this.#last - 3);
    if (this.#checks.coding) {
      this.refLength = ref.length - this.#left - this.#right;
      this.altBases = this.alt.subarray(this.#left, this.#left + this.refLength);
    }
    return this.#tell(Outcome.INSIDE);
  }

  /** `from` and `to` are the bases on both sides of the inserted ones. */
  #insertion(): Outcome {
    const { position, ref, alt } = this;
    if (this.#left > 0 || ref[0] !== alt[0]) this.from = position + this.#left - 1;
    else {
      if (this.#right > 0) this.#right--;
      this.from = position;
    }
    this.to = position + ref.length - this.#right;
    const { left, right, coding } = this.#checks;
    if (this.from >= this.#last) {
      if (this.#tellUntranslated(this.from + 1, this.from + 1) || !right) return Outcome.OUTSIDE;
      this.#insertedRight();
      return this.#tell(Outcome.OUTSIDE);
    }
    if (this.to < this.#first || (this.to === this.#first && !left)) {
      if (this.#tellUntranslated(this.to - 1, this.to - 1) || !left) return Outcome.OUTSIDE;
      this.#insertedLeft();
      return this.#tell(Outcome.OUTSIDE);
    }
    this.#ends(this.from <= this.#first + 2, this.to > this.#last - 2);
    if (coding) this.#insertedBases();
    return this.#tell(Outcome.INSIDE);
  }

  #insertedRight(): void {
    const { from, to } = this;
    const intron = this.#last + 1;
    const stays = (count: number): boolean => this.#staysSame(intron, 0, count);
    if (from < this.#last + REGION && to > this.#last + SITE) {
      this.terms |= Term.SPLICE_REGION | (stays(REGION) ? Term.SYNONYMOUS : 0);
    }
    if (from < this.#last + SITE) this.terms |= this.#rightSite() | (stays(SITE) ? Term.SYNONYMOUS : 0);
  }

  #insertedLeft(): void {
    const { from, to } = this;
    const intron = this.#first - REGION;
    if (to > intron && from < this.#first - SITE) {
      this.terms |= Term.SPLICE_REGION | (this.#staysSame(intron, 0, REGION) ? Term.SYNONYMOUS : 0);
    }
    if (to > this.#first - SITE) {
      this.terms |= this.#leftSite() | (this.#staysSame(intron, REGION - SITE, REGION) ? Term.SYNONYMOUS : 0);
    }
  }

  /** Leaves out the equal bases, all but one before the inserted ones. */
  #insertedBases(): void {
    const { position, ref, alt } = this;
    if (this.from < position) {
      // All of the left bases were taken from the right.
      this.#left++;
      if (this.#left + this.#right === ref.length) this.#right--;
      this.from = position;
    }
    if (this.to === this.#first) this.#right--;
    const length = alt.length - this.#right - this.#left + 1;
    this.altBases = this.#altered(this.from, length);
    this.refLength = Math.min(length, ref.length - (this.#left + this.#right - 1));
  }

  /** `from` is the base before the deleted ones, `to` the last of them. */
  #deletion(): Outcome {
    const { position, ref } = this;
    const inserted = this.alt.length - this.#left - this.#right;
    if (this.#checks.start && this.#keepsStart()) {
      this.terms |= Term.START_RETAINED;
      return Outcome.ACROSS;
    }
    this.from = position + this.#left - 1;
    this.to = position + ref.length - this.#right - 1;
    if (this.from + 1 < this.#first) {
      if (this.#checks.left && !this.#tellUntranslated(this.from, this.#first - 1)) {
        this.#leftSites(this.from, this.to, true);
      }
      if (this.to >= this.#first) {
        this.#left = this.from - position + 1;
        this.from = this.#first - 1;
        if (this.#left + this.#right === this.alt.length) {
          if (this.#right === 0) {
            this.terms |= Term.CODING_SEQUENCE;
            return Outcome.ACROSS;
          }
          this.#right--;
        }
      }
    }
    if (this.#last < this.to) {
      if (this.#checks.right && !this.#tellUntranslated(this.#last + 1, this.to)) {
        this.#rightSites(this.from, this.to, true);
      }
      if (this.from < this.#last) {
        this.#right = ref.length - (this.to - position + 1);
        this.to = this.#last;
      }
    }
    if (this.to < this.#first || this.from >= this.#last) return this.#tell(Outcome.OUTSIDE);
    this.#ends(this.from < this.#first + 2, this.to > this.#last - 3);
    return this.#checks.coding && this.#deletedBases(inserted) ? Outcome.ACROSS : this.#tell(Outcome.INSIDE);
  }

  /** Leaves out the equal bases; answers whether the deletion reaches across an end. */
  #deletedBases(inserted: number): boolean {
    const { ref, alt } = this;
    if (this.#left > 0) this.#left--;
    const equal = this.#left + this.#right;
    const isCut = ref.length > equal && alt.length > equal;
    this.refLength = isCut ? ref.length - equal : ref.length;
    const altLength = isCut ? alt.length - equal : alt.length;
    this.altBases = alt.subarray(this.#left, this.#left + altLength);
    const { from, to } = this;
    const isAcross = (from + 1 < this.#first && to >= this.#first) || (from + 1 < this.#last && to >= this.#last);
    if (isAcross && (this.terms & LENGTH) === 0)
      this.terms |= (to - from - inserted) % 3 === 0 ? Term.INFRAME_DELETION : Term.FRAMESHIFT;
    // The equal bases were all taken from the right: no base before the first one is part of it.
    this.from = Math.max(from, this.position);
    return isAcross;
  }

  /** Whether a deletion at the start codon only moves it: the bases beside it are those that are deleted. */
  #keepsStart(): boolean {
    const { position, ref, alt } = this;
    const model = this.#model;
    const deleted = ref.subarray(alt.length);
    const end = position + ref.length;
    const from = model.forward ? end - 2 * deleted.length : end;
    if (model.forward ? position >= this.#first + 3 : end + 2 <= this.#last) return false;
    if (model.forward ? from < Math.max(0, this.#first - BEYOND) : end + deleted.length > model.last + 1 + BEYOND) {
      return false;
    }
    return Buffer.compare(deleted, model.bases(from, deleted.length)) === 0;
  }

  /** Sites left of the stretch under bases (from, to] of a deletion, or [from, to] of a substitution. */
  #leftSites(from: number, to: number, isDeletion: boolean): void {
    const intron = this.#first - REGION;
    const stays = (start: number): boolean => isDeletion && this.#staysSame(intron, start, REGION);
    if (to >= intron && from < this.#first - SITE) {
      this.terms |= Term.SPLICE_REGION | (stays(0) ? Term.SYNONYMOUS : 0);
    }
    if (to >= this.#first - SITE) this.terms |= this.#leftSite() | (stays(REGION - SITE) ? Term.SYNONYMOUS : 0);
  }

  /** Sites right of the stretch under bases (from, to]. */
  #rightSites(from: number, to: number, isDeletion: boolean): void {
    const intron = this.#last + 1;
    const stays = (start: number): boolean => isDeletion && this.#staysSame(intron, start, REGION);
    if (from < this.#last + REGION && to > this.#last + SITE) {
      this.terms |= Term.SPLICE_REGION | (stays(0) ? Term.SYNONYMOUS : 0);
    }
    if (from < this.#last + SITE) this.terms |= this.#rightSite() | (stays(REGION - SITE) ? Term.SYNONYMOUS : 0);
  }

  #leftSite(): number {
    if (!this.#checks.splice) return 0;
    return this.#model.forward ? Term.SPLICE_ACCEPTOR : Term.SPLICE_DONOR;
  }

  #rightSite(): number {
    if (!this.#checks.splice) return 0;
    return this.#model.forward ? Term.SPLICE_DONOR : Term.SPLICE_ACCEPTOR;
  }

  /** What is at the ends of the stretch that the change lies in. */
  #ends(atLeft: boolean, atRight: boolean): void {
    const { left, right, start, stop } = this.#checks;
    const { forward } = this.#model;
    const losesStart = start ? Term.START_LOST : 0;
    const losesStop = stop ? Term.STOP_LOST : 0;
    if (atLeft) this.terms |= (left ? Term.SPLICE_REGION : 0) | (forward ? losesStart : losesStop);
    if (atRight) this.terms |= (right ? Term.SPLICE_REGION : 0) | (forward ? losesStop : losesStart);
  }

  #tell(outcome: Outcome): Outcome {
    if (this.terms !== 0) this.told.push(this.terms);
    return outcome;
  }

  /** Tells of an untranslated part of the transcript under [from, to] beside a coding segment; false without one. */
  #tellUntranslated(from: number, to: number): boolean {
    if (!this.#checks.coding) return false;
    const found = this.#model.untranslated.find(({ first, last }) => first <= to && last >= from);
    if (!found) return false;
    this.told.push((found.isFivePrime ? Term.UTR_5 : Term.UTR_3) | this.terms);
    return true;
  }

  /** Whether bases [start, end) of an intron's `REGION` bases at `at` stay what they are although the allele touches them. */
  #staysSame(at: number, start: number, end: number): boolean {
    if (!this.#checks.coding) return false;
    const before = this.#model.bases(at, REGION).subarray(start, end);
    return Buffer.compare(before, this.#altered(at, REGION).subarray(start, end)) === 0;
  }

  /** So many bases of the genome with the allele in it, those before it counted as on the genome. */
  #altered(from: number, count: number): Uint8Array {
    const { position, ref, alt } = this;
    const model = this.#model;
    const before = model.bases(from, Math.min(count, position - from));
    const skipped = Math.max(0, from - position);
    const inside = alt.subarray(skipped, skipped + count - before.length);
    const end = position + ref.length + Math.max(0, skipped - alt.length);
    const rest = Math.min(count - before.length - inside.length, model.last + 1 - end);
    return Buffer.concat([before, inside, model.bases(end, rest)]);
  }
}
