/**
 * Fetches one large file so that a broken line costs minutes, not the download. What has arrived is kept beside the
 * place of the file with the server's mark of its version; the next attempt asks for the rest, and only if that
 * version is still served (RFC 9110, sections 13.1.5 If-Range and 14 Range).
 */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { InputError } from '../errors.ts';

/** `fetch`, as the engine is given it. `decompress: false` (Bun) keeps .gz files as they are. */
export type Fetch = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal; decompress: false },
) => Promise<Response>;

export interface DownloadOptions {
  fetch: Fetch;
  /** Waits; handed in so that tests need not. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  onBytes?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /** Attempts in a row that bring no byte, before giving up. */
  attempts?: number;
  /** A connection that brings nothing for so long is given up and tried again. */
  stallMs?: number;
}

const ATTEMPTS = 6;
const STALL_MS = 60_000;
const WAIT_FIRST_MS = 1000;
const WAIT_MAX_MS = 60_000;
/** "Retry-After" beyond this is treated as refusal. */
const WAIT_ASKED_MAX_MS = 600_000;

/** The version of a file that has partly arrived. */
interface Mark {
  url: string;
  /** A strong ETag or a Last-Modified date: what If-Range takes. */
  validator: string;
  /** Size of the whole; 0 when the server did not say. */
  total: number;
}

/**
 * Fetches `url` into `path`. A file that is there already is not fetched again.
 * @throws InputError DOWNLOAD_FAILED when the server refuses, or does not bring the file in many attempts; what has
 * arrived stays for the next time.
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  if (existsSync(path)) return;
  const partial = new PartialFile(path);
  const { attempts = ATTEMPTS, sleep, signal } = options;
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    const before = partial.size;
    const outcome = await attempt(url, partial, options);
    if (outcome === 'complete') return partial.finish();
    failures = partial.size > before ? 1 : failures + 1;
    if (failures > attempts) throw failed(url, `${outcome.reason}; ${attempts} attempts brought nothing more`);
    await sleep(outcome.waitMs ?? Math.min(WAIT_FIRST_MS * 2 ** (failures - 1), WAIT_MAX_MS), signal);
  }
}

/** Removes what has arrived of a file, and the file. */
export function discard(path: string): void {
  new PartialFile(path).restart();
  rmSync(path, { force: true });
}

/** One request's end: all is there, or why not and how long to wait before asking again. */
type Outcome = 'complete' | { reason: string; waitMs?: number };

async function attempt(url: string, partial: PartialFile, options: DownloadOptions): Promise<Outcome> {
  const stalled = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stalled.signal]) : stalled.signal;
  const watch = new StallWatch(stalled, options.stallMs ?? STALL_MS);
  try {
    const response = await options.fetch(url, { headers: partial.requestHeaders(url), signal, decompress: false });
    const refusal = refusalOf(url, response);
    if (refusal) return refusal;
    return await receive(url, response, partial, options, watch);
  } catch (cause) {
    if (cause instanceof InputError || options.signal?.aborted) throw cause;
    return { reason: stalled.signal.aborted ? 'the server sent nothing for a while' : reasonOf(cause) };
  } finally {
    watch.stop();
  }
}

/** What to do about an answer that brings no bytes. @throws InputError when asking again cannot help. */
function refusalOf(url: string, { status, headers }: Response): Outcome | undefined {
  if (status === 200 || status === 206 || status === 416) return undefined;
  const reason = `the server answered ${status}`;
  if (status < 500 && status !== 429 && status !== 408)
    throw failed(url, `${reason}${status === 404 ? ' (not found)' : ''}`);
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (seconds * 1000 > WAIT_ASKED_MAX_MS) throw failed(url, `${reason} and asks to come back in ${seconds} s`);
  return seconds >= 0 ? { reason, waitMs: seconds * 1000 } : { reason };
}

async function receive(
  url: string,
  response: Response,
  partial: PartialFile,
  { onBytes }: DownloadOptions,
  watch: StallWatch,
): Promise<Outcome> {
  const total = partial.agree(url, response);
  if (total === 'restart') {
    await response.body?.cancel();
    partial.restart();
    return { reason: 'the file on the server changed', waitMs: 0 };
  }
  if (response.status !== 416 && response.body) {
    const file = await open(partial.path, 'a');
    try {
      onBytes?.(partial.size, total);
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        watch.alive();
        await file.appendFile(chunk);
        onBytes?.(partial.size, total);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }
  if (total === 0 || partial.size === total) return 'complete';
  if (partial.size < total) return { reason: `the connection broke off at ${partial.size} of ${total} bytes` };
  const { size } = partial;
  partial.restart();
  return { reason: `the server sent ${size} bytes of a file of ${total}` };
}

/** The bytes that have arrived (`<path>.part`) and the mark of their version (`<path>.part.json`). */
class PartialFile {
  readonly path: string;
  readonly #markPath: string;
  #mark: Mark | undefined;

  constructor(readonly target: string) {
    this.path = `${target}.part`;
    this.#markPath = `${target}.part.json`;
    this.#mark = readMark(this.#markPath);
  }

  get size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Asks for the rest of what is there, or for everything. */
  requestHeaders(url: string): Record<string, string> {
    // Bytes whose version is not known cannot be continued.
    if (this.#mark?.url !== url || this.#mark.validator === '') this.restart();
    const { size } = this;
    const identity = { 'accept-encoding': 'identity' };
    return size > 0 && this.#mark
      ? { ...identity, range: `bytes=${size}-`, 'if-range': this.#mark.validator }
      : identity;
  }

  /** Makes the file ready for the body of this response. Answers the size of the whole file, 0 if unknown. */
  agree(url: string, response: Response): number | 'restart' {
    const { status, headers } = response;
    if (status === 416) return this.#mark && this.size === this.#mark.total ? this.#mark.total : 'restart';
    const validator = validatorOf(headers);
    if (status === 200) {
      this.restart();
      const total = Number(headers.get('content-length') ?? 0);
      this.#mark = { url, validator, total };
      writeFileSync(this.#markPath, JSON.stringify(this.#mark));
      return total;
    }
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
    const changed = validator !== '' && validator !== this.#mark?.validator;
    if (Number(first) !== this.size || changed || this.#mark === undefined) return 'restart';
    const whole = total === '*' ? this.#mark.total : Number(total);
    return this.#mark.total > 0 && whole !== this.#mark.total ? 'restart' : whole;
  }

  restart(): void {
    rmSync(this.path, { force: true });
    rmSync(this.#markPath, { force: true });
    this.#mark = undefined;
  }

  async finish(): Promise<void> {
    await rename(this.path, this.target);
    rmSync(this.#markPath, { force: true });
  }
}

function readMark(path: string): Mark | undefined {
  try {
    const { url, validator, total } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Mark>;
    return typeof url === 'string' && typeof validator === 'string' && typeof total === 'number'
      ? { url, validator, total }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Weak ETags do not promise equal bytes, so they may not be used in If-Range (RFC 9110, section 13.1.5). */
function validatorOf(headers: Headers): string {
  const tag = headers.get('etag') ?? '';
  return tag !== '' && !tag.startsWith('W/') ? tag : (headers.get('last-modified') ?? '');
}

/** Gives a connection up when nothing arrives for too long. */
class StallWatch {
  readonly #timer: Timer;

  constructor(stalled: AbortController, stallMs: number) {
    this.#timer = setTimeout(() => stalled.abort(), stallMs);
  }

  alive(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function failed(url: string, reason: string): InputError {
  return new InputError('DOWNLOAD_FAILED', `cannot download ${url}: ${reason}`);
}
