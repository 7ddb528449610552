/**
 * The ninth column: GFF3's `key=value;key=value` with percent escapes, and GTF's `key "value"; key "value";`. Read
 * one key at a time, because a line has twenty and we need three.
 */

/** The value of `key` in a GFF3 attribute column, unescaped; empty when absent. */
export function gff3Attribute(text: string, key: string): string {
  const value = rawGff3Attribute(text, key);
  return value.includes('%') ? unescapeGff3(value) : value;
}

/** The comma-separated values of `key`, each unescaped. */
export function gff3Attributes(text: string, key: string): string[] {
  const value = rawGff3Attribute(text, key);
  return value === '' ? [] : value.split(',').map(unescapeGff3);
}

function rawGff3Attribute(text: string, key: string): string {
  let at = 0;
  for (;;) {
    at = text.indexOf(key, at);
    if (at < 0) return '';
    const after = at + key.length;
    if (text.charCodeAt(after) === 61 && isBoundary(text, at)) {
      const end = text.indexOf(';', after);
      return text.slice(after + 1, end < 0 ? text.length : end).trim();
    }
    at = after;
  }
}

/** Percent escapes as UTF-8; a stray `%` stays. GFF3 1.26: "tab, newline, ;, =, &, and comma must be escaped". */
export function unescapeGff3(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escaped) =>
    Buffer.from(escaped.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** The value of `key` in a GTF attribute column; empty when absent. */
export function gtfAttribute(text: string, key: string): string {
  return nextGtfAttribute(text, key, 0)?.value ?? '';
}

/** Every value of a key that may repeat (`tag`, `db_xref`). */
export function gtfAttributes(text: string, key: string): string[] {
  const values: string[] = [];
  for (let found = nextGtfAttribute(text, key, 0); found; found = nextGtfAttribute(text, key, found.end))
    values.push(found.value);
  return values;
}

function nextGtfAttribute(text: string, key: string, from: number): { value: string; end: number } | undefined {
  let at = from;
  for (;;) {
    at = text.indexOf(key, at);
    if (at < 0) return undefined;
    const after = at + key.length;
    const code = text.charCodeAt(after);
    if ((code === 32 || code === 9) && isBoundary(text, at)) {
      const quoted = text.charCodeAt(after + 1) === 34;
      const start = quoted ? after + 2 : after + 1;
      const end = text.indexOf(quoted ? '"' : ';', start);
      return { value: text.slice(start, end < 0 ? text.length : end).trim(), end: end < 0 ? text.length : end };
    }
    at = after;
  }
}

/** Whether a key can begin here: at the start, or after `;` and white space. */
function isBoundary(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) before--;
  return before < 0 || text.charCodeAt(before) === 59;
}
