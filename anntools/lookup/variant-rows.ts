/**
 * Variants in any order become variants in order, in bounded memory: rows are put into a bucket for each stretch of a
 * contig; when the buckets grow too large they are moved to a file; in the end each is taken back and sorted by
 * itself. A stretch has 2^20 bases, so that a bucket stays small however large the source is.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { ByteBuffer } from '../bytes/buffer.ts';
import { alleleKey, isLong, stretchOf } from './allele-key.ts';

/** Rows kept in memory, in bytes, before they are moved to a file. */
const MEMORY_MAX = 256 << 20;
const ROWS_FIRST = 64;
/** Numbers of a row before its columns: the key, and where its spelled allele starts (`SHORT` when the key says it all). */
const KEY = 0;
const SPELLED = 1;
export const COLUMNS = 2;
export const SHORT = 0xffffffff;
/** Sorting packs key and row into one double of 53 bits. */
const PACKED_MAX = 2 ** 21;

interface Moved {
  offset: number;
  words: number;
  textBytes: number;
}

interface Bucket {
  rows: Uint32Array;
  /** Numbers used of `rows`. */
  used: number;
  text: ByteBuffer | null;
  moved: Moved[];
}

/** The rows of one stretch in their order. Row i starts at `rows[order[i] * stride]`. */
export interface SortedStretch {
  stretch: number;
  rows: Uint32Array;
  order: Uint32Array;
  text: Uint8Array;
}

export class VariantRows {
  /** Numbers of a row. */
  readonly stride: number;
  readonly #contigs: Bucket[][] = [];
  readonly #path: string;
  readonly #memoryMax: number;
  #memory = 0;
  #file = -1;
  #fileSize = 0;

  /** @param path of the file that takes what memory does not; it is made when it is needed. */
  constructor(columns: number, path: string, memoryMax = MEMORY_MAX) {
    this.stride = COLUMNS + columns;
    this.#path = path;
    this.#memoryMax = memoryMax;
  }

  /** Adds a trimmed allele (as `alleleKey` takes it) with the numbers of its columns. */
  add(
    contig: number,
    offset: number,
    bytes: Uint8Array,
    refStart: number,
    refEnd: number,
    altStart: number,
    altEnd: number,
    codes: Uint32Array,
  ): void {
    const bucket = this.#bucket(contig, stretchOf(offset));
    const { stride } = this;
    if (bucket.used + stride > bucket.rows.length) this.#grow(bucket);
    const { rows, used } = bucket;
    const key = alleleKey(offset, bytes, refStart, refEnd, altStart, altEnd);
    rows[used + KEY] = key;
    rows[used + SPELLED] = isLong(key) ? this.#spell(bucket, bytes, refStart, refEnd, altStart, altEnd) : SHORT;
    for (let i = 0; i < codes.length; i++) rows[used + COLUMNS + i] = codes[i];
    bucket.used = used + stride;
    if (this.#memory > this.#memoryMax) this.#moveAll();
  }

  /** The stretches of a contig in order; each is let go when the next is asked for. */
  *stretches(contig: number): Generator<SortedStretch> {
    for (const [stretch, bucket] of (this.#contigs[contig] ?? []).entries()) {
      if (bucket === undefined) continue;
      const { rows, used, text } = this.#gather(bucket);
      delete this.#contigs[contig][stretch];
      yield { stretch, rows, order: orderOf(rows, used / this.stride, this.stride), text };
    }
  }

  close(): void {
    if (this.#file < 0) return;
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
    this.#file = -1;
  }

  #bucket(contig: number, stretch: number): Bucket {
    const buckets = (this.#contigs[contig] ??= []);
    return (buckets[stretch] ??= { rows: new Uint32Array(0), used: 0, text: null, moved: [] });
  }

  #grow(bucket: Bucket): void {
    const grown = new Uint32Array(Math.max(ROWS_FIRST * this.stride, bucket.rows.length * 2));
    grown.set(bucket.rows.subarray(0, bucket.used));
    this.#memory += grown.byteLength - bucket.rows.byteLength;
    bucket.rows = grown;
  }

  /** Keeps `REF>ALT` in upper case, ended by a zero; answers where it starts. */
  #spell(
    bucket: Bucket,
    bytes: Uint8Array,
    refStart: number,
    refEnd: number,
    altStart: number,
    altEnd: number,
  ): number {
    const text = (bucket.text ??= new ByteBuffer(1 << 10));
    const before = text.bytes.length;
    const start = text.length;
    for (let i = refStart; i < refEnd; i++) text.byte(bytes[i] & 0xdf);
    text.byte(GREATER);
    for (let i = altStart; i < altEnd; i++) text.byte(bytes[i] & 0xdf);
    text.byte(0);
    this.#memory += text.bytes.length - (start === 0 ? 0 : before);
    return start;
  }

  #moveAll(): void {
    if (this.#file < 0) this.#file = openSync(this.#path, 'wx+');
    for (const buckets of this.#contigs) for (const bucket of buckets ?? []) if (bucket?.used) this.#move(bucket);
    this.#memory = 0;
  }

  #move(bucket: Bucket): void {
    const { rows, used, text } = bucket;
    const moved = { offset: this.#fileSize, words: used, textBytes: text?.length ?? 0 };
    this.#append(new Uint8Array(rows.buffer, 0, used * 4));
    if (text) this.#append(text.view());
    bucket.moved.push(moved);
    bucket.rows = new Uint32Array(0);
    bucket.used = 0;
    bucket.text = null;
  }

  #append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#fileSize + done);
    }
    this.#fileSize += bytes.length;
  }

  /** All rows of a bucket in the order they arrived. */
  #gather(bucket: Bucket): { rows: Uint32Array; used: number; text: Uint8Array } {
    const { moved } = bucket;
    const ownText = bucket.text?.view() ?? new Uint8Array(0);
    if (moved.length === 0) return { rows: bucket.rows, used: bucket.used, text: ownText };
    const words = moved.reduce((sum, one) => sum + one.words, bucket.used);
    const textBytes = moved.reduce((sum, one) => sum + one.textBytes, ownText.length);
    const rows = new Uint32Array(words);
    const text = new Uint8Array(textBytes);
    let used = 0;
    let textUsed = 0;
    const shiftText = (from: number, to: number): void => {
      for (let at = from + SPELLED; at < to; at += this.stride) if (rows[at] !== SHORT) rows[at] += textUsed;
    };
    for (const part of moved) {
      this.#read(new Uint8Array(rows.buffer, used * 4, part.words * 4), part.offset);
      this.#read(text.subarray(textUsed, textUsed + part.textBytes), part.offset + part.words * 4);
      shiftText(used, used + part.words);
      used += part.words;
      textUsed += part.textBytes;
    }
    rows.set(bucket.rows.subarray(0, bucket.used), used);
    text.set(ownText, textUsed);
    shiftText(used, words);
    return { rows, used: words, text };
  }

  #read(bytes: Uint8Array, offset: number): void {
    for (let done = 0; done < bytes.length;) {
      const read = readSync(this.#file, bytes, done, bytes.length - done, offset + done);
      if (read === 0) throw new Error('the file of rows under way was cut');
      done += read;
    }
  }
}

const GREATER = 62;

/** Rows by key; those of one key in the order they arrived. */
function orderOf(rows: Uint32Array, count: number, stride: number): Uint32Array {
  const order = new Uint32Array(count);
  let sorted = true;
  for (let i = 0; i < count; i++) {
    order[i] = i;
    if (i > 0 && rows[i * stride] < rows[(i - 1) * stride]) sorted = false;
  }
  if (sorted) return order;
  if (count > PACKED_MAX) return order.sort((a, b) => rows[a * stride] - rows[b * stride] || a - b);
  const packed = new Float64Array(count);
  for (let i = 0; i < count; i++) packed[i] = rows[i * stride] * PACKED_MAX + i;
  packed.sort();
  for (let i = 0; i < count; i++) order[i] = packed[i] % PACKED_MAX;
  return order;
}
