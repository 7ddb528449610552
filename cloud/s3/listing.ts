/**
 * One page of a listing: keys in the order of their UTF-8 bytes, those that share a prefix up to the delimiter rolled
 * into one. What is hard is to skip a whole common prefix without reading its keys.
 */
import type { S3 } from './s3.ts';

/** A key, or a prefix that stands for all keys under it. */
export type Listed = { key: string } | { prefix: string };

export interface ListingQuery {
  bucket: string;
  prefix: string;
  /** '' does not roll up. */
  delimiter: string;
  /** Keys before this are not listed. */
  from: string;
  max: number;
}

export interface Page {
  listed: Listed[];
  /** Where the next page begins; undefined when this is the last. */
  next: string | undefined;
}

/** Reads a page. */
export function listPage({ db }: S3, { bucket, prefix, delimiter, from, max }: ListingQuery): Page {
  const keyFrom = db.query<{ key: string }, [string, string]>(
    'SELECT key FROM s3_objects WHERE bucket = ? AND key >= ? ORDER BY key',
  );
  const listed: Listed[] = [];
  let at = greater(from, prefix);
  if (max === 0) return { listed, next: undefined };
  for (;;) {
    let skipTo: string | undefined;
    for (const { key } of keyFrom.iterate(bucket, at)) {
      if (!key.startsWith(prefix)) return { listed, next: undefined };
      if (listed.length === max) return { listed, next: key };
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        listed.push({ key });
        continue;
      }
      const common = key.slice(0, end + delimiter.length);
      listed.push({ prefix: common });
      skipTo = afterPrefix(common);
      break;
    }
    if (skipTo === undefined) return { listed, next: undefined };
    at = skipTo;
  }
}

/** The least key after `key`. */
export function afterKey(key: string): string {
  return `${key}\0`;
}

/** The least string after all that begin with `prefix`; undefined when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const characters = [...prefix];
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const code = last.codePointAt(0) ?? 0;
    if (code === 0x10ffff) continue;
    // No character is a surrogate: after U+D7FF comes U+E000.
    return characters.join('') + String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1);
  }
  return undefined;
}

/** The greater of two strings by their UTF-8 bytes, as SQLite compares them; UTF-16 orders astral characters otherwise. */
function greater(a: string, b: string): string {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0 ? a : b;
}
