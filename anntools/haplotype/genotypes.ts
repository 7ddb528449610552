/** Which haplotypes carry which ALT: the GT of every sample (VCF 4.5 section 1.6.2), read as bytes. */
import type { VcfRecord } from '../vcf/record.ts';

/** What becomes of heterozygous genotypes without phase: left out, `0/1` as `0|1`, or both haplotypes `1`. */
export type Unphased = 'skip' | 'as-is' | 'merge';
export const UNPHASED: readonly Unphased[] = ['skip', 'as-is', 'merge'];

const TAB = 9;
const SLASH = 47;
const PIPE = 124;
const COLON = 58;
const G = 71;
const T = 84;

export class Genotypes {
  /** ALT of haplotype `2 * sample + n`, one-based; 0 for REF and where nobody knows. */
  alleles = new Int32Array(0);
  /** Haplotypes in use. */
  count = 0;
  /** Heterozygous genotypes without phase so far. */
  unphased = 0;

  constructor(private readonly how: Unphased) {}

  /** Reads the genotypes of a record; false when it has none. */
  read({ bytes, ends, end }: VcfRecord): boolean {
    this.count = 0;
    let at = ends[7] + 1;
    if (bytes[at] !== G || bytes[at + 1] !== T || at >= end) return false;
    if (bytes[at + 2] !== COLON && bytes[at + 2] !== TAB) return false;
    while (at < end && bytes[at] !== TAB) at++;
    while (at < end) {
      at = this.#sample(bytes, at + 1, end);
      while (at < end && bytes[at] !== TAB) at++;
    }
    return this.count > 0;
  }

  /** Reads the GT at `at`; of more than two alleles none counts. Answers where it ends. */
  #sample(bytes: Uint8Array, at: number, end: number): number {
    let first = -1;
    let second = -1;
    let alleles = 0;
    let isPhased = false;
    for (;;) {
      let value = -1;
      for (; at < end && bytes[at] >= 48 && bytes[at] <= 57; at++) value = Math.max(0, value) * 10 + bytes[at] - 48;
      if (value < 0 && bytes[at] === 46) at++;
      if (alleles === 0) first = value;
      else if (alleles === 1) second = value;
      alleles++;
      const separator = at < end ? bytes[at] : 0;
      if (separator !== SLASH && separator !== PIPE) break;
      isPhased ||= separator === PIPE;
      at++;
    }
    if (alleles > 2) [first, second] = [0, 0];
    else if (first >= 0 && second >= 0 && first !== second && !isPhased) {
      this.unphased++;
      if (this.how === 'skip') [first, second] = [0, 0];
      else if (this.how === 'merge')
        [first, second] = first === 0 ? [second, second] : second === 0 ? [first, first] : [first, second];
    }
    this.#add(Math.max(0, first));
    this.#add(Math.max(0, second));
    return at;
  }

  #add(allele: number): void {
    if (this.count === this.alleles.length) {
      const grown = new Int32Array(Math.max(64, 2 * this.count));
      grown.set(this.alleles);
      this.alleles = grown;
    }
    this.alleles[this.count++] = allele;
  }
}
