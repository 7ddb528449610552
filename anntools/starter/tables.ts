/** The tables of the npm package ideogram: gzipped, tab-separated, with comment lines that explain codes. */
import { gunzipSync } from 'node:zlib';

/** Rows of a table without its comments, split at tabs. */
export function* rowsOf(gzipped: Uint8Array): Generator<string[]> {
  for (const line of linesOf(gzipped)) if (line !== '' && !line.startsWith('#')) yield line.split('\t');
}

/** The comment lines of a table. */
export function* commentsOf(gzipped: Uint8Array): Generator<string> {
  for (const line of linesOf(gzipped)) if (line.startsWith('#')) yield line;
}

/** The lines of a table, comments and all. */
export function* linesOf(gzipped: Uint8Array): Generator<string> {
  const text = gunzipSync(gzipped).toString('utf8');
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    yield text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    at = end + 1;
  }
}
