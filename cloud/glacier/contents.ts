/**
 * Bytes on disk and what they are called. A body arrives, is hashed on the way and checked before it gets a name; it
 * becomes part of a content, and the content goes with the last archive, upload or job that names it.
 */
import type { Bytes } from '../wire/body.ts';
import { invalidParameter } from './errors.ts';
import type { Glacier } from './glacier.ts';
import { transaction } from './glacier.ts';
import { TreeHash } from './tree-hash.ts';

/** A body that has arrived. */
export interface Received {
  /** Of the file. */
  name: string;
  size: number;
  treeHash: string;
}

/** What a client says of the bytes it sends. */
export interface Expected {
  treeHash: string;
  /** Where a body ends that is longer than it may be. */
  sizeMax: number;
}

/**
 * Streams bytes to disk. Throws InvalidParameterValueException, and keeps nothing, when they are not those expected.
 * That they are the bytes of x-amz-content-sha256 is checked by the stream itself.
 */
export async function receive({ bodies }: Glacier, source: Bytes, expected?: Expected): Promise<Received> {
  const treeHash = new TreeHash();
  let size = 0;
  const hashed = async function* () {
    for await (const chunk of source) {
      size += chunk.length;
      if (expected && size > expected.sizeMax) throw invalidParameter(`More than ${expected.sizeMax} bytes were sent.`);
      treeHash.update(chunk);
      yield chunk;
    }
  };
  let digest = '';
  const body = await bodies.receive(hashed(), [], () => {
    digest = treeHash.digest();
    if (expected) checkTreeHash(expected.treeHash, digest);
  });
  return { name: body.name, size, treeHash: digest };
}

/** Fails unless the hash that was sent is the data's. */
export function checkTreeHash(expected: string, actual: string): void {
  if (expected.toLowerCase() === actual) return;
  throw invalidParameter(`Checksum mismatch: x-amz-sha256-tree-hash is ${expected}, but the data's is ${actual}.`);
}

/** Makes a content of nothing yet. For use inside a transaction. */
export function createContent({ parts }: Glacier): number {
  return Number(parts.store.db.query('INSERT INTO glacier_contents DEFAULT VALUES').run().lastInsertRowid);
}

/** Adds a body to a content. For use inside a transaction. */
export function addBody({ parts }: Glacier, content: number, start: number, body: Received): void {
  parts.store.db
    .query('INSERT INTO glacier_bodies (name, content, start, size, tree_hash) VALUES (?, ?, ?, ?, ?)')
    .run(body.name, content, start, body.size, body.treeHash);
}

/** The bodies of a content in order. */
export function bodiesOf({ parts }: Glacier, content: number): (Received & { start: number })[] {
  return parts.store.db
    .query<Received & { start: number }, [number]>(
      'SELECT name, start, size, tree_hash AS treeHash FROM glacier_bodies WHERE content = ? ORDER BY start',
    )
    .all(content);
}

/** The bytes of a content from `start` to before `end`. */
export async function* readContent(
  glacier: Glacier,
  content: number,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  for (const body of bodiesOf(glacier, content)) {
    const from = Math.max(start, body.start);
    const to = Math.min(end, body.start + body.size);
    if (from < to) yield* glacier.bodies.read(body.name, from - body.start, to - body.start);
  }
}

/** The tree hash of some bytes of a content. */
export async function treeHashOf(glacier: Glacier, content: number, start: number, end: number): Promise<string> {
  const hash = new TreeHash();
  for await (const chunk of readContent(glacier, content, start, end)) hash.update(chunk);
  return hash.digest();
}

/**
 * Does some work in one transaction. The work calls `release` for each content that lost a name; one that nothing
 * names any more goes, and its files after the transaction.
 */
export function change<T>(glacier: Glacier, work: (release: (content: number) => void) => T): T {
  const names: string[] = [];
  const result = transaction(glacier, () =>
    work((content) => {
      if (!isNamed(glacier, content)) names.push(...forget(glacier, content));
    }),
  );
  glacier.bodies.discard(names);
  return result;
}

function isNamed({ parts }: Glacier, content: number): boolean {
  const row = parts.store.db
    .query<{ named: number }, { content: number }>(
      `SELECT EXISTS (SELECT 1 FROM glacier_archives WHERE content = $content)
           OR EXISTS (SELECT 1 FROM glacier_uploads WHERE content = $content)
           OR EXISTS (SELECT 1 FROM glacier_jobs WHERE content = $content) AS named`,
    )
    .get({ content });
  return row?.named === 1;
}

function forget({ parts: { store } }: Glacier, content: number): string[] {
  const gone = store.db
    .query<{ name: string }, [number]>('DELETE FROM glacier_bodies WHERE content = ? RETURNING name')
    .all(content);
  store.db.query('DELETE FROM glacier_contents WHERE id = ?').run(content);
  return gone.map(({ name }) => name);
}
