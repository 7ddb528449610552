/** The INFO column as bytes: finding a key in it, and copying it without some keys. No string is made. */
import type { ByteBuffer } from '../bytes/buffer.ts';

const SEMICOLON = 59;
const EQUALS = 61;
const DOT = 46;

/** The bytes of a key, for `infoValue` and `copyInfo`. */
export function infoKey(id: string): Uint8Array {
  return Buffer.from(id, 'latin1');
}

/**
 * Where the value of `key` starts in the INFO column bytes[start, end); -1 when the key is not there or has no value.
 * The value ends at `infoValueEnd`.
 */
export function infoValue(bytes: Uint8Array, start: number, end: number, key: Uint8Array): number {
  const { length } = key;
  for (let at = start; at < end;) {
    const after = at + length;
    if (after < end && bytes[after] === EQUALS && startsWith(bytes, at, key)) return after + 1;
    while (at < end && bytes[at] !== SEMICOLON) at++;
    at++;
  }
  return -1;
}

/** The end of the INFO value that starts at `at`. */
export function infoValueEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] !== SEMICOLON) at++;
  return at;
}

/**
 * Appends the INFO column bytes[start, end) to `out` without the given keys; an empty column (`.`) becomes nothing.
 * Answers whether anything was written.
 */
export function copyInfo(
  bytes: Uint8Array,
  start: number,
  end: number,
  without: readonly Uint8Array[],
  out: ByteBuffer,
): boolean {
  if (end <= start || (end === start + 1 && bytes[start] === DOT)) return false;
  if (without.length === 0) {
    out.append(bytes, start, end);
    return true;
  }
  const before = out.length;
  for (let at = start; at < end;) {
    const stop = infoValueEnd(bytes, at, end);
    if (stop > at && !without.some((key) => isEntryOf(bytes, at, stop, key))) {
      if (out.length > before) out.byte(SEMICOLON);
      out.append(bytes, at, stop);
    }
    at = stop + 1;
  }
  return out.length > before;
}

/** Whether bytes[start, end) is `key` or `key=…`. */
function isEntryOf(bytes: Uint8Array, start: number, end: number, key: Uint8Array): boolean {
  const after = start + key.length;
  return (after === end || (after < end && bytes[after] === EQUALS)) && startsWith(bytes, start, key);
}

function startsWith(bytes: Uint8Array, at: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false;
  return true;
}
