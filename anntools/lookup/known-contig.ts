/**
 * The known variants of one contig, mapped: where an allele is, found by galloping from the last answer, since files
 * are sorted and ask for something near.
 */
import { type ContainerHead, refused } from '../bundle/container.ts';
import { mapNumbers } from '../bundle/mapping.ts';
import { NARROW_BITS, STRETCH_BITS, alleleKey, firstKeyAt, firstRefBase, isLong } from './allele-key.ts';
import { KnownColumn } from './known-column.ts';
import { firstFrom } from './sorted.ts';

const GREATER = 62;
const HIGHEST_BIT = 1 << 31;
/** Bits of a key below the offset. */
const LETTER_BITS = 12;
/** A window ends after so many blocks, however little is in them. */
const WINDOW_BLOCKS = 64;

export class KnownContig {
  readonly columns: readonly KnownColumn[];
  /** First entry of each block of 2^bits bases, and the count of entries. */
  readonly #blocks: Uint32Array;
  readonly #bits: number;
  readonly #keys: Keys;
  readonly #long: Uint32Array;
  readonly #alleles: Uint8Array;
  readonly #ends: Uint32Array;
  #cursor = 0;
  /** What `readWindow` copied last. */
  windowFirst = 0;
  windowEnd = 0;
  /** Of the long alleles the one that was looked at last. */
  #spelled = 0;

  /** @throws InputError BAD_REFERENCE when the file is not what a source of `columns` and `entries` must be. */
  constructor(head: ContainerHead, columns: number, entries: number) {
    const isNarrow = head.sections.get('keys')?.width === 1;
    this.#blocks = mapNumbers(head, 'blocks', Uint32Array);
    this.#bits = isNarrow ? NARROW_BITS : STRETCH_BITS;
    this.#keys = isNarrow
      ? new NarrowKeys(mapNumbers(head, 'keys', Uint8Array))
      : new WideKeys(mapNumbers(head, 'keys', Int32Array));
    this.#long = mapNumbers(head, 'long', Uint32Array);
    this.#alleles = mapNumbers(head, 'alleles', Uint8Array);
    this.#ends = mapNumbers(head, 'ends', Uint32Array);
    if (this.#keys.length !== entries || this.#blocks.at(-1) !== entries) {
      throw refused(head.path, `has ${this.#keys.length} entries where ${entries} were written`);
    }
    this.columns = Array.from({ length: columns }, (_, i) => new KnownColumn(head, i, entries));
  }

  /** The entry of an allele, or -1. */
  find(offset: number, bytes: Uint8Array, refStart: number, refEnd: number, altStart: number, altEnd: number): number {
    const keys = this.#keys;
    const key = keys.ordered(alleleKey(offset, bytes, refStart, refEnd, altStart, altEnd));
    const end = this.#endOfBlock(offset);
    let entry = this.#seek(offset, key);
    if (entry >= end || keys.at(entry) !== key) return -1;
    if (!isLong(key)) return entry;
    for (; entry < end && keys.at(entry) === key; entry++) {
      if (this.#spells(entry, bytes, refStart, refEnd, altStart, altEnd)) return entry;
    }
    return -1;
  }

  /**
   * Copies the variants from an offset on, as many as have room, for somebody who looks among them himself: of each two
   * words, offset × 2^12 + shape and bases of its key (`allele-key.ts`) as a number of 64 bits, at words[at …]. Answers how
   * many; they follow each other from entry `windowFirst` on, and are all there are before the offset `windowEnd`.
   */
  readWindow(offset: number, words: Int32Array, at: number, most: number): number {
    const blocks = this.#blocks;
    const bits = this.#bits;
    const keys = this.#keys;
    let block = offset >>> bits;
    // Behind the last block there is nothing.
    let entry = block + 1 < blocks.length ? this.#seek(offset, keys.ordered(firstKeyAt(offset))) : 0;
    this.windowFirst = entry;
    let count = 0;
    const lastBlock = Math.min(blocks.length - 1, block + WINDOW_BLOCKS);
    for (; block < lastBlock; block++) {
      const start = block * 2 ** bits;
      for (const end = blocks[block + 1]; entry < end; entry++) {
        const key = keys.ordered(keys.at(entry));
        const place = start + (key >>> LETTER_BITS);
        if (count === most) {
          this.windowEnd = place;
          return count;
        }
        words[at++] = (place << LETTER_BITS) | (key & ((1 << LETTER_BITS) - 1));
        words[at++] = place >>> (32 - LETTER_BITS);
        count++;
      }
    }
    this.windowEnd = block < blocks.length - 1 ? block * 2 ** bits : 0x7fffffff;
    return count;
  }

  /** The base of the reference at an offset, as far as a known variant there tells it; empty otherwise. */
  refBaseAt(offset: number): string {
    const keys = this.#keys;
    const first = keys.ordered(firstKeyAt(offset));
    const end = this.#endOfBlock(offset);
    for (let entry = this.#seek(offset, first); entry < end && keys.at(entry) - first < 0x1000; entry++) {
      const base = firstRefBase(keys.at(entry));
      if (base !== '') return base;
    }
    return '';
  }

  /** Every entry with its offset, in order. */
  *offsets(): Generator<{ entry: number; offset: number }> {
    const blocks = this.#blocks;
    const keys = this.#keys;
    for (let block = 0; block + 1 < blocks.length; block++) {
      for (let entry = blocks[block]; entry < blocks[block + 1]; entry++) {
        // Ordered again, a key is as it was.
        yield { entry, offset: block * 2 ** this.#bits + (keys.ordered(keys.at(entry)) >>> 12) };
      }
    }
  }

  #endOfBlock(offset: number): number {
    const block = offset >>> this.#bits;
    return block + 1 < this.#blocks.length ? this.#blocks[block + 1] : 0;
  }

  /** The first entry of the offset's block whose key is not below `key`; the end of the block when there is none. */
  #seek(offset: number, key: number): number {
    const keys = this.#keys;
    const block = offset >>> this.#bits;
    if (block + 1 >= this.#blocks.length) return 0;
    let low = this.#blocks[block];
    let high = this.#blocks[block + 1];
    const cursor = this.#cursor;
    if (cursor > low && cursor < high && keys.at(cursor - 1) < key) {
      low = cursor;
      for (let step = 1; low + step < high; step *= 2) {
        if (keys.at(low + step) >= key) {
          high = low + step;
          break;
        }
        low += step;
      }
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys.at(middle) < key) low = middle + 1;
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
    const alleles = this.#alleles;
    const spelled = firstFrom(this.#long, entry, this.#spelled);
    this.#spelled = spelled;
    let at = spelled === 0 ? 0 : this.#ends[spelled - 1];
    if (this.#ends[spelled] - at !== refEnd - refStart + 1 + altEnd - altStart) return false;
    for (let i = refStart; i < refEnd; i++) if (alleles[at++] !== (bytes[i] & 0xdf)) return false;
    if (alleles[at++] !== GREATER) return false;
    for (let i = altStart; i < altEnd; i++) if (alleles[at++] !== (bytes[i] & 0xdf)) return false;
    return true;
  }
}

/** The keys of a contig, as signed integers in their order. */
interface Keys {
  readonly length: number;
  at(entry: number): number;
  /** A key as it is compared with these. */
  ordered(key: number): number;
}

/** Keys of four bytes, whose highest bit is turned so that they are in order as signed integers, too. */
class WideKeys implements Keys {
  readonly length: number;

  constructor(private readonly numbers: Int32Array) {
    this.length = numbers.length;
  }

  at(entry: number): number {
    return this.numbers[entry] ^ HIGHEST_BIT;
  }

  ordered(key: number): number {
    return key ^ HIGHEST_BIT;
  }
}

/** Their lower three bytes. */
class NarrowKeys implements Keys {
  readonly length: number;

  constructor(private readonly bytes: Uint8Array) {
    this.length = bytes.length / 3;
  }

  at(entry: number): number {
    const { bytes } = this;
    const at = entry * 3;
    return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
  }

  ordered(key: number): number {
    return key & 0xffffff;
  }
}
