/**
 * The distinct values of a track, numbered from one as they come: kept as bytes and found by a hash of them, since a
 * track has hundreds of thousands, and a string of each took most of the time of reading it.
 */
import { ByteBuffer } from '../bytes/buffer.ts';
import { infoText } from '../lookup/known-format.ts';

const FIRST_SLOTS = 1 << 10;

/** Bytes that stand in an INFO value as they are: all of ASCII but white space, controls and `%,;=`. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 32 && byte < 127 && !'%,;='.includes(String.fromCharCode(byte)) ? 1 : 0,
);

export class LabelPool {
  /** The values as they were read, one behind the other; value i ends at #ends[i]. */
  readonly #texts = new ByteBuffer(1 << 12);
  #ends = new Uint32Array(FIRST_SLOTS);
  #count = 0;
  /** Numbers of values by their hash, 0 in an empty slot; a power of two of them, at most half full. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #hashes = new Int32Array(FIRST_SLOTS);
  #arePlain = true;

  /** The number of the value bytes[start, end); 0 for nothing and for `.`. */
  numberOf(bytes: Uint8Array, start: number, end: number): number {
    if (end === start || (end === start + 1 && bytes[start] === 46)) return 0;
    let hash = 0x811c9dc5 | 0;
    let plain = 1;
    for (let i = start; i < end; i++) {
      const byte = bytes[i];
      plain &= PLAIN[byte];
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.#slots[slot];
      if (this.#hashes[number] === hash && this.#is(number, bytes, start, end)) return number;
    }
    if (plain === 0) this.#arePlain = false;
    return this.#add(slot, hash, bytes, start, end);
  }

  /** The number of a value that is a string. */
  numberOfText(text: string): number {
    const bytes = Buffer.from(text);
    return this.numberOf(bytes, 0, bytes.length);
  }

  /** The values, escaped for INFO, in memory that threads share: value i is bytes [ends[i − 1], ends[i]). */
  finish(): { bytes: Uint8Array; ends: Uint32Array } {
    const ends = new Uint32Array(new SharedArrayBuffer((this.#count + 1) * 4));
    const texts = this.#arePlain ? this.#texts.view() : this.#escaped();
    ends.set(this.#ends.subarray(0, this.#count + 1));
    const bytes = new Uint8Array(new SharedArrayBuffer(texts.length));
    bytes.set(texts);
    return { bytes, ends };
  }

  #is(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#ends[number - 1];
    if (this.#ends[number] - at !== end - start) return false;
    const texts = this.#texts.bytes;
    for (let i = start; i < end; i++) if (texts[at++] !== bytes[i]) return false;
    return true;
  }

  #add(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const number = ++this.#count;
    if (number === this.#ends.length) {
      this.#ends = grown(this.#ends, new Uint32Array(number * 2));
      this.#hashes = grown(this.#hashes, new Int32Array(number * 2));
    }
    this.#texts.append(bytes, start, end);
    this.#ends[number] = this.#texts.length;
    this.#hashes[number] = hash;
    this.#slots[slot] = number;
    if (number * 2 > this.#slots.length) this.#spread();
    return number;
  }

  /** Puts the numbers into twice as many slots. */
  #spread(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 1; number <= this.#count; number++) {
      let slot = this.#hashes[number] & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.#slots = slots;
  }

  /** The values with what INFO cannot hold escaped; their ends follow. */
  #escaped(): Buffer {
    const escaped = new ByteBuffer(this.#texts.length * 2);
    let from = 0;
    for (let number = 1; number <= this.#count; number++) {
      const to = this.#ends[number];
      const text = Buffer.from(infoText(this.#texts.bytes.toString('utf8', from, to)));
      escaped.append(text);
      this.#ends[number] = escaped.length;
      from = to;
    }
    return escaped.view();
  }
}

function grown<Numbers extends Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
  from: Numbers,
  to: Numbers,
): Numbers {
  to.set(from);
  return to;
}
