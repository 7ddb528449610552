/** The bytes of a section while its neighbours are still being made: in memory, and in a file when they are many. */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { ContainerWriter } from '../bundle/container.ts';
import { ByteBuffer } from '../bytes/buffer.ts';

const MEMORY_MAX = 4 << 20;

export class SectionSpool {
  readonly #buffer = new ByteBuffer(1 << 12);
  readonly #path: string;
  #file = -1;
  #fileSize = 0;

  /** @param path of a file that is made when memory does not suffice, and removed by `close`. */
  constructor(path: string) {
    this.#path = path;
  }

  get size(): number {
    return this.#fileSize + this.#buffer.length;
  }

  write(numbers: Uint8Array | Uint32Array): void {
    this.#buffer.append(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    if (this.#buffer.length >= MEMORY_MAX) this.#moveToFile();
  }

  /** Makes it a section of `file`, each piece as `change` makes it; pieces end where numbers of four bytes do. */
  copyTo(
    file: ContainerWriter,
    name: string,
    width: number,
    change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
  ): void {
    file.begin(name, width);
    const chunk = Buffer.allocUnsafe(this.#fileSize > 0 ? MEMORY_MAX : 0);
    for (let at = 0; at < this.#fileSize;) {
      const read = readSync(this.#file, chunk, 0, Math.min(chunk.length, this.#fileSize - at), at);
      if (read === 0) throw new Error('a section under way was cut');
      file.write(change(chunk.subarray(0, read)));
      at += read;
    }
    file.write(change(this.#buffer.view()));
  }

  close(): void {
    if (this.#file < 0) return;
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
    this.#file = -1;
  }

  #moveToFile(): void {
    if (this.#file < 0) this.#file = openSync(this.#path, 'wx+');
    const bytes = this.#buffer.view();
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#fileSize + done);
    }
    this.#fileSize += bytes.length;
    this.#buffer.clear();
  }
}
