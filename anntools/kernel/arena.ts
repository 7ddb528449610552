/** The kernel's memory as its host sees it: views that never move, and room that is handed out from below. */
import { ARENA, MEMORY_SIZE } from './assembly/layout.ts';

/** The kernel copies 16 bytes at a time, so it may read so far beyond a piece. */
const SLACK = 16;

export class Arena {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly words: Int32Array;
  /** Set when somebody asked for more than there was. */
  isFull = false;
  #next = ARENA;
  #kept = ARENA;

  constructor(memory: ArrayBuffer) {
    this.bytes = Buffer.from(memory);
    this.words = new Int32Array(memory);
  }

  /** The word at an address, and setting one. */
  word(at: number): number {
    return this.words[at >> 2];
  }

  setWord(at: number, value: number): void {
    this.words[at >> 2] = value;
  }

  /** Room for `size` bytes, at a multiple of four; -1 when there is none. */
  room(size: number): number {
    const at = this.#next;
    const next = (at + size + SLACK + 3) & ~3;
    if (next > MEMORY_SIZE) {
      this.isFull = true;
      return -1;
    }
    this.#next = next;
    return at;
  }

  /** Copies bytes; answers where they are, -1 without room. */
  keep(source: Uint8Array): number {
    const at = this.room(source.length);
    if (at >= 0) this.bytes.set(source, at);
    return at;
  }

  /** Copies a text with its length before it, a word; answers where they are, -1 without room. */
  keepText(text: Uint8Array): number {
    const at = this.room(4 + text.length);
    if (at < 0) return -1;
    this.words[at >> 2] = text.length;
    this.bytes.set(text, at + 4);
    return at;
  }

  /** Bytes that are left. */
  get left(): number {
    return MEMORY_SIZE - this.#next;
  }

  /** Copies words; answers where they are, -1 without room. */
  keepWords(source: ArrayLike<number>): number {
    const at = this.room(source.length * 4);
    if (at >= 0) this.words.set(source, at >> 2);
    return at;
  }

  /** What has been handed out stays; what is handed out from now on goes with the next `clear`. */
  settle(): void {
    this.#kept = this.#next;
  }

  clear(): void {
    this.#next = this.#kept;
    this.isFull = false;
  }
}
