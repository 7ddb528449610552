/** A file a bundle is made from, read once: inflated for its reader, counted and hashed as it is stored. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { inflate } from '../bgzf/reader.ts';
import { ByteSource, fileChunks } from '../bgzf/source.ts';
import { InputError } from '../errors.ts';

export class SourceFile {
  readonly #hash = createHash('sha256');
  #done = 0;

  constructor(
    readonly path: string,
    readonly onBytes: (done: number, total: number) => void,
    readonly signal?: AbortSignal,
  ) {}

  /** Hands the inflated bytes to a reader. @throws InputError with the file's name before its sentence. */
  async read<Result>(reader: (chunks: AsyncIterable<Uint8Array>) => Promise<Result>): Promise<Result> {
    const total = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
    const source = new ByteSource(fileChunks(this.path, this.signal), (chunk) => {
      this.#hash.update(chunk);
      this.#done += chunk.length;
      this.onBytes(this.#done, total);
    });
    try {
      const result = await reader(inflate(source));
      // A reader may stop early (a GFF3 at its FASTA section); the hash is of the whole file.
      for await (const _ of source.rest());
      return result;
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      throw ofAnyFile(cause, `${basename(this.path)}: `);
    } finally {
      await source.close();
    }
  }

  /** Of the file as it is stored; after `read`. */
  facts(): { name: string; bytes: number; sha256: string } {
    return { name: basename(this.path), bytes: this.#done, sha256: this.#hash.digest('hex') };
  }
}

/** What is wrong with a file that is no VCF: the reader of compressed files speaks of VCFs, which most of them are. */
export function ofAnyFile({ code, message, place }: InputError, before = ''): InputError {
  return new InputError(code, before + message.replace('the file is not a VCF but', 'the file is'), place);
}
