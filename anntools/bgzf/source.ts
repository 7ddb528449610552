/**
 * A stream of bytes that is read by saying how many are needed. The chunks a disk or a network hands over have
 * arbitrary sizes; here they become one moving window, so that nobody above depends on where they were cut.
 */
import { open } from 'node:fs/promises';
import { InputError } from '../errors.ts';

/** Bytes asked of the disk at once. */
const READ_SIZE = 1 << 19;

/** The bytes of a file in order. @throws InputError UNREADABLE when there is no such file or it may not be read. */
export async function* fileChunks(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const chunk = Buffer.allocUnsafeSlow(READ_SIZE);
      const { bytesRead } = await file.read(chunk, 0, READ_SIZE).catch((cause: NodeJS.ErrnoException) => {
        throw unreadable(path, cause);
      });
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: NodeJS.ErrnoException): InputError {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be read',
    EISDIR: 'it is a folder',
  };
  return new InputError('UNREADABLE', `cannot read ${path}: ${reasons[cause.code ?? ''] ?? cause.message}`);
}

/** A window over a stream: `bytes[start, end)` is what is at hand, `need` brings more, `skip` lets go. */
export class ByteSource {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Offset in the stream of `bytes[start]`. */
  offset = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private ended = false;

  /** @param onChunk sees every chunk once, in order: for hashes and progress. */
  constructor(
    chunks: AsyncIterable<Uint8Array>,
    private readonly onChunk: (chunk: Uint8Array) => void = () => {},
  ) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Bytes at hand. */
  get length(): number {
    return this.end - this.start;
  }

  /** Waits until `count` bytes are at hand; false when the stream ends before (what there is stays at hand). */
  async need(count: number): Promise<boolean> {
    while (this.length < count && !this.ended) {
      const next = await this.chunks.next();
      if (next.done) this.ended = true;
      else if (next.value.length > 0) this.take(next.value, count);
    }
    return this.length >= count;
  }

  /** Lets go of `count` bytes at hand. */
  skip(count: number): void {
    this.start += count;
    this.offset += count;
  }

  /** The rest of the stream, chunk by chunk. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while (await this.need(1)) {
      const chunk = this.bytes.subarray(this.start, this.end);
      this.skip(chunk.length);
      yield chunk;
    }
  }

  /** Closes the stream early. */
  async close(): Promise<void> {
    this.ended = true;
    await this.chunks.return?.();
  }

  private take(chunk: Uint8Array, wanted: number): void {
    this.onChunk(chunk);
    if (this.length === 0) {
      this.bytes = chunk;
      this.start = 0;
      this.end = chunk.length;
      return;
    }
    // The window is never written in place: views of it may still be in use.
    const joined = Buffer.allocUnsafeSlow(Math.max(this.length + chunk.length, Math.min(wanted, 4 * READ_SIZE)));
    joined.set(this.bytes.subarray(this.start, this.end));
    joined.set(chunk, this.length);
    this.end = this.length + chunk.length;
    this.start = 0;
    this.bytes = joined;
  }
}

/**
 * A stream whose beginning can be read twice: once to look at it, once for good. Every chunk is asked for once. Waiting
 * ends when the signal says so, also for a stream that never answers.
 */
export class Rewindable {
  private readonly kept: Uint8Array[] = [];
  private readonly chunks: AsyncIterator<Uint8Array>;
  private waiting = false;
  private last: Promise<IteratorResult<Uint8Array>> = Promise.resolve({ done: false, value: new Uint8Array(0) });

  constructor(
    chunks: AsyncIterable<Uint8Array>,
    private readonly signal?: AbortSignal,
  ) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** The stream from its beginning, for looking. Stopping early does not close it. */
  async *peek(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < this.kept.length || (await this.more()); i++) yield this.kept[i];
  }

  /** The stream from its beginning, for good. What was looked at is let go as it is read. */
  async *read(): AsyncGenerator<Uint8Array> {
    try {
      while (this.kept.length > 0 || (await this.more())) {
        const chunk = this.kept.shift();
        if (chunk !== undefined) yield chunk;
      }
    } finally {
      await this.close();
    }
  }

  /** Closes the stream; one that has not answered yet closes when it does, and is not waited for. */
  async close(): Promise<void> {
    const closed = this.chunks.return?.();
    closed?.catch(() => {});
    if (!this.waiting) await closed;
  }

  /** Brings one more chunk; requests wait for each other, since a look that was broken off may still be waiting. */
  private more(): Promise<boolean> {
    this.last = this.last.then(async ({ done }) => {
      if (done === true) return { done: true, value: undefined };
      this.waiting = true;
      const asked = this.chunks.next().finally(() => (this.waiting = false));
      const next = await unlessStopped(asked, this.signal);
      if (!next.done) this.kept.push(next.value);
      return next;
    });
    return this.last.then(({ done }) => done !== true);
  }
}

/** The promise, or the signal's reason. Not `Promise.race`, which would keep every result as long as the signal lives. */
function unlessStopped<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
