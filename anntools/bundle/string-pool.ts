/** Many strings in one run of bytes: written once, read in place without making a string. */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { StringPool } from './reference.ts';

const PIPE = 124;

/** Packs the strings in their order, UTF-8. */
export function packStrings(strings: readonly string[]): StringPool {
  const offsets = new Uint32Array(strings.length + 1);
  let total = 0;
  strings.forEach((text, i) => {
    total += Buffer.byteLength(text);
    offsets[i + 1] = total;
  });
  const bytes = Buffer.allocUnsafe(total);
  strings.forEach((text, i) => bytes.write(text, offsets[i]));
  return { bytes, offsets };
}

/** String `index` of the pool, for messages and cold paths. */
export function stringAt({ bytes, offsets }: StringPool, index: number): string {
  return Buffer.prototype.utf8Slice.call(bytes, offsets[index], offsets[index + 1]);
}

/** Index of the string in the pool; -1 when it is not there. Looks at one after another. */
export function indexIn({ bytes, offsets }: StringPool, text: string): number {
  for (let i = 0; i + 1 < offsets.length; i++) {
    if (Buffer.prototype.utf8Slice.call(bytes, offsets[i], offsets[i + 1]) === text) return i;
  }
  return -1;
}

/** Appends one of the fields of string `index` that `|` separates, from 0; answers whether it has any text. */
export function appendField({ bytes, offsets }: StringPool, index: number, field: number, out: ByteBuffer): boolean {
  let from = offsets[index];
  const end = offsets[index + 1];
  for (; field > 0; field--) {
    while (from < end && bytes[from] !== PIPE) from++;
    from++;
  }
  let to = from;
  while (to < end && bytes[to] !== PIPE) to++;
  if (from < to) out.append(bytes, from, to);
  return from < to;
}

/** Words that repeat, each kept once and known by its index. */
export class WordList {
  readonly all: string[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(word: string): number {
    let index = this.#indexes.get(word);
    if (index === undefined) {
      index = this.all.length;
      this.all.push(word);
      this.#indexes.set(word, index);
    }
    return index;
  }
}
