/** Lines out of chunks of bytes, numbered from one, without `\n` or `\r\n`; a last line without newline counts. */
import { InputError } from '../errors.ts';

/** No line of an annotation file is longer; a file that has one is something else. */
const LINE_LENGTH_MAX = 1 << 26;

export type LineHandler = (bytes: Uint8Array, start: number, end: number, lineNumber: number) => void;

export class TextLines {
  #rest: Uint8Array = new Uint8Array(0);
  #lineNumber = 0;

  constructor(readonly handle: LineHandler) {}

  /** Hands over every line that ends in this chunk. The bytes are valid only during the call. */
  push(chunk: Uint8Array): void {
    let start = 0;
    let newline = chunk.indexOf(10);
    if (this.#rest.length > 0 && newline >= 0) {
      const line = Buffer.concat([this.#rest, chunk.subarray(0, newline)]);
      this.#rest = new Uint8Array(0);
      this.#line(line, 0, line.length);
      start = newline + 1;
      newline = chunk.indexOf(10, start);
    }
    while (newline >= 0) {
      this.#line(chunk, start, newline);
      start = newline + 1;
      newline = chunk.indexOf(10, start);
    }
    if (start < chunk.length) {
      this.#rest = Buffer.concat([this.#rest, chunk.subarray(start)]);
      if (this.#rest.length > LINE_LENGTH_MAX) {
        throw new InputError(
          'BAD_MODELS',
          `line ${this.#lineNumber + 1} is longer than 64 MB: this is no annotation file`,
          {
            line: this.#lineNumber + 1,
          },
        );
      }
    }
  }

  /** Hands over the last line if it has no newline. */
  end(): void {
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    if (rest.length > 0) this.#line(rest, 0, rest.length);
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    if (end > start && bytes[end - 1] === 13) end--;
    this.handle(bytes, start, end, ++this.#lineNumber);
  }
}
