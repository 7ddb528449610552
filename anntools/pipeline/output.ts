/**
 * Where a result goes: a file that appears under its name only when it is whole, or a stream such as standard output.
 * What is written is hashed on the way.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { InputError } from '../errors.ts';

/** A stream that takes bytes and says when it wants more. */
export interface ByteSink {
  /** The bytes are the sink's until the promise is settled, no longer: their memory is used again. */
  write(bytes: Uint8Array): Promise<void>;
}

export interface Output {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written the result. */
  commit(): Promise<void>;
  /** Leaves nothing behind. Does nothing after `commit`. */
  abandon(): Promise<void>;
  readonly length: number;
  readonly sha256: () => string;
}

/** @throws InputError UNREADABLE when the file cannot be made. */
export async function openOutput(target: string | ByteSink): Promise<Output> {
  return typeof target === 'string' ? OutputFile.open(target) : new OutputStream(target);
}

abstract class HashedOutput implements Output {
  length = 0;
  private readonly hash = new Bun.CryptoHasher('sha256');

  async write(bytes: Uint8Array): Promise<void> {
    this.hash.update(bytes);
    this.length += bytes.length;
    await this.put(bytes);
  }

  sha256(): string {
    return this.hash.digest('hex');
  }

  protected abstract put(bytes: Uint8Array): Promise<void>;
  abstract commit(): Promise<void>;
  abstract abandon(): Promise<void>;
}

class OutputStream extends HashedOutput {
  constructor(private readonly sink: ByteSink) {
    super();
  }

  protected put(bytes: Uint8Array): Promise<void> {
    return this.sink.write(bytes);
  }

  async commit(): Promise<void> {}

  async abandon(): Promise<void> {}
}

class OutputFile extends HashedOutput {
  private state: 'open' | 'done' = 'open';

  private constructor(
    private readonly path: string,
    private readonly partial: string,
    private readonly file: FileHandle,
  ) {
    super();
  }

  static async open(path: string): Promise<OutputFile> {
    const partial = `${path}.${randomUUID().slice(0, 8)}.partial`;
    const file = await open(partial, 'wx').catch((cause: Error) => {
      throw new InputError('UNREADABLE', `cannot write ${path}: ${cause.message}`);
    });
    return new OutputFile(path, partial, file);
  }

  protected async put(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += (await this.file.write(bytes, done, bytes.length - done)).bytesWritten;
    }
  }

  async commit(): Promise<void> {
    await this.file.close();
    await rename(this.partial, this.path);
    this.state = 'done';
  }

  async abandon(): Promise<void> {
    if (this.state === 'done') return;
    this.state = 'done';
    await this.file.close().catch(() => {});
    await rm(this.partial, { force: true });
  }
}
