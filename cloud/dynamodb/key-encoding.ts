/**
 * Keys as bytes that sort as DynamoDB sorts them, so that a plain index of SQLite (memcmp) does all the ordering.
 *
 *     table key   place (4 bytes) · hash value · [range value]
 *     index key   place (4 bytes) · hash value · [range value] · table key
 *
 * The place is a hash of the hash value: partitions lie in no useful order, as on AWS, and a parallel scan's segments
 * are equal parts of the places. Each value says itself where it ends, and no value's bytes begin another's, so a
 * value is found by prefix: strings (by UTF-8) and binaries have 0 written as 0 255 and end with a 0; numbers are
 * described at `encodeNumber`.
 */
import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { getMember } from './attribute-value.ts';
import { encodeNumber } from './number.ts';
import type { KeySchema } from './schema.ts';

/** Keys k with `from` ≤ k < `to`. */
export interface KeyRange {
  from: Uint8Array;
  to: Uint8Array;
}

/** Places are 31 bits, so that the end of the last one can be written in 4 bytes. */
const places = 2 ** 31;

/** The key of an item, or of the key alone. Every key attribute must be there, in its type. */
export function encodeKey(schema: KeySchema, attributes: AttributeMap): Uint8Array {
  const hash = keyValue(attributes, schema.hash.name);
  if (!schema.range) return partition(hash);
  return concat(partition(hash), encodeValue(keyValue(attributes, schema.range.name)));
}

/** The bytes every key of one hash value begins with. */
export function partition(hash: AttributeValue): Uint8Array {
  const value = encodeValue(hash);
  const key = new Uint8Array(4 + value.length);
  new DataView(key.buffer).setUint32(0, Bun.hash.xxHash32(value) >>> 1);
  key.set(value, 4);
  return key;
}

/** One value, order kept. */
export function encodeValue(value: AttributeValue): Uint8Array {
  return 'N' in value ? encodeNumber(value.N) : concat(encodePrefix(value), Uint8Array.of(0));
}

/** The bytes that every string or binary beginning with this one begins with. */
export function encodePrefix(value: AttributeValue): Uint8Array {
  const bytes = 'S' in value ? Buffer.from(value.S) : 'B' in value ? Buffer.from(value.B, 'base64') : undefined;
  if (!bytes) throw new Error('only strings and binaries have prefixes');
  if (!bytes.includes(0)) return bytes;
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === 0 ? [0, 255] : [byte])));
}

/** The least key that does not begin with these bytes and lies after all that do. */
export function after(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 255) length--;
  if (length === 0) throw new Error('no key lies after these bytes');
  const next = prefix.slice(0, length);
  next[length - 1] = (prefix[length - 1] ?? 0) + 1;
  return next;
}

/** All keys beginning with these bytes. */
export function beginningWith(prefix: Uint8Array): KeyRange {
  return { from: prefix, to: after(prefix) };
}

/** The keys of one segment of a scan; the only segment of one is everything. */
export function segmentRange(segment: number, totalSegments: number): KeyRange {
  return { from: place((places / totalSegments) * segment), to: place((places / totalSegments) * (segment + 1)) };
}

/** Bytes one after the other. */
export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

function place(start: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, Math.floor(start));
  return bytes;
}

function keyValue(attributes: AttributeMap, name: string): AttributeValue {
  const value = getMember(attributes, name);
  if (!value) throw new Error(`the key attribute ${name} is missing`);
  return value;
}
