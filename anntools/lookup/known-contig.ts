/**
 * The known variants of one contig, mapped: where an allele is, found by galloping from the last answer, since files
 * are sorted and ask for something near.
 */
import { type ContainerHead, refused } from '../bundle/container.ts';
import { mapNumbers } from '../bundle/mapping.ts';
import { STRETCH_BITS, alleleKey, firstKeyAt, firstRefBase, isLong, stretchOf } from './allele-key.ts';
import { KnownColumn } from './known-column.ts';

const GREATER = 62;

export class KnownContig {
  readonly columns: readonly KnownColumn[];
  readonly #stretches: Uint32Array;
  readonly #keys: Uint32Array;
  readonly #long: Uint32Array;
  readonly #alleles: Uint8Array;
  readonly #ends: Uint32Array;
  #cursor = 0;

  /** @throws InputError BAD_REFERENCE when the file is not what a source of `columns` and `entries` must be. */
  constructor(head: ContainerHead, columns: number, entries: number) {
    this.#stretches = mapNumbers(head, 'stretches', Uint32Array);
    this.#keys = mapNumbers(head, 'keys', Uint32Array);
    this.#long = mapNumbers(head, 'long', Uint32Array);
    this.#alleles = mapNumbers(head, 'alleles', Uint8Array);
    this.#ends = mapNumbers(head, 'ends', Uint32Array);
    if (this.#keys.length !== entries || this.#stretches.at(-1) !== entries) {
      throw refused(head.path, `has ${this.#keys.length} entries where ${entries} were written`);
    }
    this.columns = Array.from({ length: columns }, (_, i) => new KnownColumn(head, i, entries));
  }

  /** The entry of an allele, or -1. */
  find(offset: number, bytes: Uint8Array, refStart: number, refEnd: number, altStart: number, altEnd: number): number {
    const key = alleleKey(offset, bytes, refStart, refEnd, altStart, altEnd);
    const keys = this.#keys;
    const end = this.#endOfStretch(offset);
    let entry = this.#seek(offset, key);
    if (entry >= end || keys[entry] !== key) return -1;
    if (!isLong(key)) return entry;
    for (; entry < end && keys[entry] === key; entry++) {
      if (this.#spells(entry, bytes, refStart, refEnd, altStart, altEnd)) return entry;
    }
    return -1;
  }

  /** The base of the reference at an offset, as far as a known variant there tells it; empty otherwise. */
  refBaseAt(offset: number): string {
    const keys = this.#keys;
    const first = firstKeyAt(offset);
    const end = this.#endOfStretch(offset);
    for (let entry = this.#seek(offset, first); entry < end && keys[entry] - first < 0x1000; entry++) {
      const base = firstRefBase(keys[entry]);
      if (base !== '') return base;
    }
    return '';
  }

  /** Every entry with its offset, in order. */
  *offsets(): Generator<{ entry: number; offset: number }> {
    const stretches = this.#stretches;
    for (let stretch = 0; stretch + 1 < stretches.length; stretch++) {
      for (let entry = stretches[stretch]; entry < stretches[stretch + 1]; entry++) {
        yield { entry, offset: stretch * 2 ** STRETCH_BITS + (this.#keys[entry] >>> 12) };
      }
    }
  }

  #endOfStretch(offset: number): number {
    const stretch = stretchOf(offset);
    return stretch + 1 < this.#stretches.length ? this.#stretches[stretch + 1] : 0;
  }

  /** The first entry of the offset's stretch whose key is not below `key`; the end of the stretch when there is none. */
  #seek(offset: number, key: number): number {
    const keys = this.#keys;
    const stretch = stretchOf(offset);
    if (stretch + 1 >= this.#stretches.length) return 0;
    let low = this.#stretches[stretch];
    let high = this.#stretches[stretch + 1];
    const cursor = this.#cursor;
    if (cursor > low && cursor < high && keys[cursor - 1] < key) {
      low = cursor;
      for (let step = 1; low + step < high; step *= 2) {
        if (keys[low + step] >= key) {
          high = low + step;
          break;
        }
        low += step;
      }
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    this.#cursor = low;
    return low;
  }

  /** Whether a long entry is this allele. */
  #spells(
    entry: number,
    bytes: Uint8Array,
    refStart: number,
    refEnd: number,
    altStart: number,
    altEnd: number,
  ): boolean {
    const long = this.#long;
    const alleles = this.#alleles;
    let low = 0;
    let high = long.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (long[middle] < entry) low = middle + 1;
      else high = middle;
    }
    let at = low === 0 ? 0 : this.#ends[low - 1];
    if (this.#ends[low] - at !== refEnd - refStart + 1 + altEnd - altStart) return false;
    for (let i = refStart; i < refEnd; i++) if (alleles[at++] !== (bytes[i] & 0xdf)) return false;
    if (alleles[at++] !== GREATER) return false;
    for (let i = altStart; i < altEnd; i++) if (alleles[at++] !== (bytes[i] & 0xdf)) return false;
    return true;
  }
}
