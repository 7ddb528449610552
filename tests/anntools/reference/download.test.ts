/** A server on this machine that does what servers do: breaks off, lies, changes the file, is busy, drips. */
import { afterAll, afterEach, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket, TCPSocketListener } from 'bun';

import type { DownloadOptions } from '../../../anntools/reference/download.ts';
import { download } from '../../../anntools/reference/download.ts';

const folder = mkdtempSync(join(tmpdir(), 'download-'));
const path = join(folder, 'file.gz');
afterAll(() => rmSync(folder, { recursive: true }));

const content = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) & 255));

/** What the server has seen, and what to do with the nth request. */
interface Server {
  url: string;
  requests: { range: string; ifRange: string }[];
  stop: () => void;
}

let server: Server | undefined;
afterEach(() => {
  server?.stop();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});

type Answer = (request: { from: number; socket: Socket<unknown>; ifRange: string }) => void | Promise<void>;

/** Serves answers in turn, the last one for ever, over a bare socket so that it can lie. */
function serve(...answers: Answer[]): Server {
  const requests: Server['requests'] = [];
  const listener: TCPSocketListener<unknown> = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      data(socket, data) {
        const text = data.toString();
        const range = /range: (bytes=\d+-)/i.exec(text)?.[1] ?? '';
        const ifRange = /if-range: (.*)\r/i.exec(text)?.[1] ?? '';
        requests.push({ range, ifRange });
        const answer = answers[Math.min(requests.length, answers.length) - 1];
        void answer?.({ from: Number(/\d+/.exec(range)?.[0] ?? 0), socket, ifRange });
      },
    },
  });
  server = { url: `http://127.0.0.1:${listener.port}/file.gz`, requests, stop: () => listener.stop(true) };
  return server;
}

function head(status: string, headers: Record<string, string | number>): string {
  return `HTTP/1.1 ${status}\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}Connection: close\r\n\r\n`;
}

interface Part {
  bytes?: Buffer;
  etag?: string;
  /** Ends the connection after so many bytes. */
  breakAt?: number;
  /** What Content-Length claims, instead of the truth. */
  claim?: number;
}

/** An honest server's answer, or one that breaks off or lies. */
function part({ bytes = content, etag = '"one"', breakAt = Number.POSITIVE_INFINITY, claim }: Part = {}): Answer {
  return ({ from, socket, ifRange }) => {
    const start = ifRange === etag ? from : 0;
    const body = bytes.subarray(start);
    const length = { ETag: etag, 'Content-Length': claim ?? body.length };
    const partial = { ...length, 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    send(socket, start > 0 ? head('206 Partial Content', partial) : head('200 OK', length), body.subarray(0, breakAt));
  };
}

function refuse(status: string, headers: Record<string, string> = {}): Answer {
  return ({ socket }) => send(socket, head(status, { ...headers, 'Content-Length': 0 }), Buffer.alloc(0));
}

/** The pause lets the bytes be taken before the connection ends: what is still in flight when it breaks is lost. */
async function send(socket: Socket<unknown>, start: string, body: Buffer): Promise<void> {
  socket.write(start);
  socket.write(body);
  await Bun.sleep(80);
  socket.end();
}

const waits: number[] = [];

function get(options: Partial<DownloadOptions> = {}): Promise<void> {
  waits.length = 0;
  return download(server?.url ?? '', path, {
    fetch,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...options,
  });
}

test('an honest server: one request, and none when the file is there', async () => {
  const { requests } = serve(part());
  const seen: number[] = [];
  await get({ onBytes: (done, total) => seen.push(done, total) });
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(readdirSync(folder)).toEqual(['file.gz']);
  expect(seen.slice(-2)).toEqual([content.length, content.length]);
  await get();
  expect(requests).toHaveLength(1);
});

test('a connection that breaks off again and again goes on where it was, for the same version only', async () => {
  const { requests } = serve(part({ breakAt: 20_000 }), part({ breakAt: 10_000 }), part({ breakAt: 1 }), part());
  await get();
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(requests.map(({ range }) => range)).toEqual(['', 'bytes=20000-', 'bytes=30000-', 'bytes=30001-']);
  expect(requests.slice(1).every(({ ifRange }) => ifRange === '"one"')).toBe(true);
});

test('what has arrived is still there for the next run', async () => {
  serve(part({ breakAt: 20_000 }), refuse('404 Not Found'));
  await expect(get()).rejects.toThrow(/404 \(not found\)/);
  server?.stop();
  const { requests, url } = serve(part());
  // Another port is another address: only the same one is continued.
  await get();
  expect(requests[0]?.range).toBe('');
  expect(url).not.toBe('');
  expect(readFileSync(path).equals(content)).toBe(true);
});

test('the same address after a restart of the program is continued', async () => {
  const { requests } = serve(part({ breakAt: 20_000 }), refuse('403 Forbidden'), part());
  await expect(get()).rejects.toThrow(/403/);
  await get();
  expect(requests.map(({ range }) => range)).toEqual(['', 'bytes=20000-', 'bytes=20000-']);
  expect(readFileSync(path).equals(content)).toBe(true);
});

test('a file that changed in between is fetched anew', async () => {
  const newer = Buffer.from(content).reverse();
  const { requests } = serve(part({ breakAt: 20_000 }), part({ bytes: newer, etag: '"two"' }));
  await get();
  expect(requests.map(({ range }) => range)).toEqual(['', 'bytes=20000-']);
  expect(readFileSync(path).equals(newer)).toBe(true);
});

test('a server that answers with another version though it was asked not to is not believed', async () => {
  const newer = Buffer.from(content).reverse();
  const careless: Answer = ({ from, socket }) => {
    const range = `bytes ${from}-${newer.length - 1}/${newer.length}`;
    const headers = { ETag: '"two"', 'Content-Length': newer.length - from, 'Content-Range': range };
    send(socket, head('206 Partial Content', headers), newer.subarray(from));
  };
  serve(part({ breakAt: 20_000 }), careless, part({ bytes: newer, etag: '"two"' }));
  await get();
  expect(readFileSync(path).equals(newer)).toBe(true);
});

test.each<[string, Answer]>([
  ['a weak ETag', part({ etag: 'W/"one"', breakAt: 20_000 })],
  [
    'no mark of its version',
    ({ socket }) => send(socket, head('200 OK', { 'Content-Length': content.length }), content.subarray(0, 20_000)),
  ],
])('a part with %s is not continued', async (_, first) => {
  const { requests } = serve(first, part());
  await get();
  expect(requests.map(({ range }) => range)).toEqual(['', '']);
  expect(readFileSync(path).equals(content)).toBe(true);
});

test('a server that knows no ranges sends everything again', async () => {
  const whole: Answer = ({ socket }) =>
    send(socket, head('200 OK', { ETag: '"one"', 'Content-Length': content.length }), content);
  serve(part({ breakAt: 20_000 }), whole);
  await get();
  expect(readFileSync(path).equals(content)).toBe(true);
});

test('more promised than sent is a broken connection', async () => {
  serve(part({ claim: content.length + 999 }), part({ breakAt: 0 }));
  await expect(get({ attempts: 2 })).rejects.toThrow(/file\.gz: .*2 attempts brought nothing more/);
});

test('a busy server is asked again, later and later, or when it says', async () => {
  serve(refuse('500 Oops'), refuse('503 Busy'), refuse('429 Slow', { 'Retry-After': '7' }), part());
  await get();
  expect(waits).toEqual([1000, 2000, 7000]);
  expect(readFileSync(path).equals(content)).toBe(true);
});

test('a server that never answers well is given up with its reason', async () => {
  serve(refuse('500 Oops'));
  await expect(get({ attempts: 3 })).rejects.toThrow(/answered 500; 3 attempts/);
  serve(refuse('503 Busy', { 'Retry-After': '86400' }));
  await expect(get()).rejects.toThrow(/come back in 86400 s/);
});

test('no server at all', async () => {
  serve(part()).stop();
  await expect(get({ attempts: 1 })).rejects.toThrow(/cannot download/);
});

test('a slow drip arrives; silence is a broken connection', async () => {
  const drip: Answer = async ({ socket }) => {
    socket.write(head('200 OK', { ETag: '"one"', 'Content-Length': 5 }));
    for (const letter of 'slow!') {
      await Bun.sleep(40);
      socket.write(letter);
    }
    socket.end();
  };
  serve(drip);
  await get({ stallMs: 150 });
  expect(readFileSync(path, 'utf8')).toBe('slow!');
  rmSync(path);
  const silent: Answer = ({ socket }) => void socket.write(head('200 OK', { ETag: '"one"', 'Content-Length': 5 }));
  serve(silent, part({ bytes: Buffer.from('loud!') }));
  await get({ stallMs: 50 });
  expect(readFileSync(path, 'utf8')).toBe('loud!');
});

test('a download that is stopped keeps what it has', async () => {
  const stop = new AbortController();
  const endless: Answer = ({ socket }) => {
    socket.write(head('200 OK', { ETag: '"one"', 'Content-Length': 1000 }));
    socket.write('some bytes');
  };
  serve(endless);
  const onBytes = (done: number): void => {
    if (done > 0) stop.abort(new Error('stopped'));
  };
  await expect(get({ signal: stop.signal, onBytes })).rejects.toThrow('stopped');
  expect(existsSync(path)).toBe(false);
  expect(readFileSync(`${path}.part`, 'utf8')).toBe('some bytes');
});
