/** Text as it arrives, cut into lines in bounded memory; and whether its bytes are text at all. */
import { isAscii, isUtf8 } from 'node:buffer';
import { InputError } from '../errors.ts';
import type { Reporter } from './problem.ts';

const NEWLINE = 10;
const RETURN = 13;

/** A line longer than this is not held in memory. */
const LINE_LENGTH_MAX = 1 << 26;

/** Whole lines of text: bytes[start, end), with or without the newline of the last. Valid until the next. */
export interface Window {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/** Cuts chunks so that every window ends with a line. @throws InputError TOO_LARGE for a line of more than 64 MB. */
export async function* windows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Window> {
  let held = new Uint8Array(1 << 16);
  let length = 0;
  const hold = (part: Uint8Array): void => {
    if (length + part.length > held.length) {
      if (length + part.length > LINE_LENGTH_MAX)
        throw new InputError('TOO_LARGE', 'a line is longer than 64 MB: this is no VCF that can be judged');
      const larger = new Uint8Array(Math.max(held.length * 2, length + part.length));
      larger.set(held.subarray(0, length));
      held = larger;
    }
    held.set(part, length);
    length += part.length;
  };
  for await (const chunk of chunks) {
    let start = 0;
    if (length > 0) {
      const newline = chunk.indexOf(NEWLINE);
      start = newline < 0 ? chunk.length : newline + 1;
      hold(chunk.subarray(0, start));
      if (newline < 0) continue;
      yield { bytes: held, start: 0, end: length };
      length = 0;
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > start) yield { bytes: chunk, start, end };
    if (Math.max(start, end) < chunk.length) hold(chunk.subarray(Math.max(start, end)));
  }
  if (length > 0) yield { bytes: held, start: 0, end: length };
}

/** Whether each byte of the window may stand in a VCF: only then need no line be looked at by `checkText`. */
export function isPlain({ bytes, start, end }: Window): boolean {
  const part = bytes.subarray(start, end);
  if (!isAscii(part) && !isUtf8(part)) return false;
  for (let at = start; at < end; at++) {
    if (bytes[at] < 32 && isControl(bytes, at, end)) return false;
  }
  return true;
}

/** Says which bytes of the line bytes[start, end), without its end, are no text (4.3 section 1.2). */
export function checkText(bytes: Uint8Array, start: number, end: number, strict: boolean, reporter: Reporter): void {
  const say = (strict ? reporter.error : reporter.warning).bind(reporter, 'line', 'text');
  const part = bytes.subarray(start, end);
  if (!isUtf8(part)) say('is not UTF-8');
  const control = part.findIndex((byte, at) => byte < 32 && (byte === RETURN || isControl(part, at, part.length)));
  if (control >= 0)
    say(
      `has the control character U+${part[control].toString(16).toUpperCase().padStart(4, '0')} at its byte ${control + 1}`,
    );
}

/** Tab, newline, and a carriage return before one. */
function isControl(bytes: Uint8Array, at: number, end: number): boolean {
  const byte = bytes[at];
  if (byte === RETURN) return at + 1 < end && bytes[at + 1] !== NEWLINE;
  return byte < 9 || byte > NEWLINE;
}
