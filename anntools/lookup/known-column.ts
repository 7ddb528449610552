/**
 * One column of a source of known variants: a number of 32 bits per variant, stored as narrow as most of them are. The
 * few that are too large for the width stand in a list of exceptions, so that a column of counts, nearly all of them
 * zero, takes one byte per variant.
 */
import type { ContainerHead } from '../bundle/container.ts';
import { refused } from '../bundle/container.ts';
import { mapNumbers } from '../bundle/mapping.ts';
import { MISSING, NONE } from './known-format.ts';
import { firstFrom } from './sorted.ts';

/** 0: hardly any entry has a value, and each that has one is an exception. */
export type Width = 0 | 1 | 2 | 3 | 4;

/** Bytes of one exception: which entry, and its number. */
const EXCEPTION_SIZE = 8;

/** In a column narrower than four bytes: the number that stands for missing. The one below stands for an exception. */
export function missingOf(width: Width): number {
  return width === 4 ? MISSING : 2 ** (8 * width) - 1;
}

/** How many numbers are exceptions at each width: counted while they arrive, so that the width is known beforehand. */
export class WidthCounter {
  #total = 0;
  /** By width. */
  readonly #exceptions = [0, 0, 0, 0];

  count(code: number): void {
    this.#total++;
    if (code === MISSING) return;
    this.#exceptions[0]++;
    if (code < 0xfe) return;
    this.#exceptions[1]++;
    if (code >= 0xfffe) this.#exceptions[2]++;
    if (code >= 0xfffffe) this.#exceptions[3]++;
  }

  /** The width that takes the fewest bytes. */
  best(): Width {
    let best: Width = 4;
    let least = 4 * this.#total;
    for (const width of [3, 2, 1, 0] as const) {
      const bytes = width * this.#total + EXCEPTION_SIZE * this.#exceptions[width];
      if (bytes >= least) continue;
      best = width;
      least = bytes;
    }
    return best;
  }
}

/** Writes codes[0, count) of a column, whose first is `entry`, at `width` into `out`; exceptions are handed over. */
export function narrow(
  codes: Uint32Array,
  count: number,
  width: Width,
  out: Uint8Array,
  onException: (index: number, code: number) => void,
): void {
  const missing = missingOf(width);
  for (let i = 0, at = 0; i < count; i++) {
    let code = codes[i];
    if (code === MISSING) code = missing;
    else if (width < 4 && code >= missing - 1) {
      onException(i, code);
      code = missing - 1;
    }
    for (let shift = 0; shift < width; shift++, code = Math.floor(code / 256)) out[at++] = code & 0xff;
  }
}

/** The names of a column's sections. */
export function columnSections(index: number): { numbers: string; entries: string; values: string } {
  return { numbers: `${index}`, entries: `${index}.entries`, values: `${index}.values` };
}

/** A column as it lies in a mapped file. */
export class KnownColumn {
  readonly #bytes: Uint8Array;
  readonly #width: Width;
  readonly #missing: number;
  readonly #entries: Uint32Array;
  readonly #values: Uint32Array;
  /** Of the exceptions the one that was asked for last. */
  #cursor = 0;

  /** @throws InputError BAD_REFERENCE when the sections are not there or not as long as they must be. */
  constructor(head: ContainerHead, index: number, count: number) {
    const sections = columnSections(index);
    this.#bytes = mapNumbers(head, sections.numbers, Uint8Array);
    this.#entries = mapNumbers(head, sections.entries, Uint32Array);
    this.#values = mapNumbers(head, sections.values, Uint32Array);
    const width = this.#bytes.length / count;
    if (!isWidth(width) || this.#entries.length !== this.#values.length) {
      throw refused(head.path, `has a column ${index} of another length than its keys`);
    }
    this.#width = width;
    this.#missing = missingOf(width);
  }

  /** Bytes of an entry's number. */
  get width(): Width {
    return this.#width;
  }

  /** Copies the numbers of entries [first, first + count) as they are stored, `width` bytes each. */
  copy(first: number, count: number, out: Uint8Array, at: number): void {
    out.set(this.#bytes.subarray(first * this.#width, (first + count) * this.#width), at);
  }

  /**
   * The number of an entry; `NONE` when it has none. Its 32 bits come as a signed integer (`number >>> 0` is the number):
   * compiled code that has met nothing but integers stays with them, one double and it is thrown away.
   */
  at(entry: number): number {
    const bytes = this.#bytes;
    const at = entry * this.#width;
    let code = 0;
    switch (this.#width) {
      case 0:
        return this.#exception(entry);
      case 1:
        code = bytes[at];
        break;
      case 2:
        code = bytes[at] | (bytes[at + 1] << 8);
        break;
      case 3:
        code = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
        break;
      case 4:
        return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    }
    if (code < this.#missing - 1) return code;
    return code === this.#missing ? NONE : this.#exception(entry);
  }

  #exception(entry: number): number {
    const entries = this.#entries;
    const at = firstFrom(entries, entry, this.#cursor);
    this.#cursor = at;
    return at < entries.length && entries[at] === entry ? this.#values[at] | 0 : NONE;
  }
}

function isWidth(width: number): width is Width {
  return width === 0 || width === 1 || width === 2 || width === 3 || width === 4;
}
