/** `##KEY=<a=b,c="d, e",f=[g, h]>` taken apart, and what is wrong where it cannot be. */

export interface HeaderField {
  key: string;
  /** Without its quotes, escapes undone. */
  value: string;
  quoted: boolean;
}

/** The fields, or a reason why there are none. Values in square brackets are META's (4.3 section 1.4.8). */
export function parseHeaderFields(value: string): HeaderField[] | string {
  if (!value.startsWith('<')) return 'is not of the form <key=value,…>';
  if (!value.endsWith('>') || value.length < 3) return 'does not end in > after its fields';
  const fields: HeaderField[] = [];
  const end = value.length - 1;
  for (let at = 1; at < end;) {
    const [, key] = /^\s?([^=,"\s]+)=/.exec(value.slice(at, end)) ?? [];
    if (key === undefined) {
      return `has '${value.slice(at, Math.min(end, at + 20))}' where a key=value should begin; commas belong inside quotes`;
    }
    at = value.indexOf('=', at) + 1;
    const field = valueAt(value, at, end);
    if (typeof field === 'string') return `${field} (${key})`;
    fields.push({ key, value: field.value, quoted: field.quoted });
    at = field.end;
    if (at < end && value[at] !== ',') return `has text after the closing quote or bracket of ${key}`;
    at++;
  }
  return fields;
}

function valueAt(text: string, at: number, end: number): { value: string; quoted: boolean; end: number } | string {
  if (text[at] === '"') {
    let close = at + 1;
    while (close < end && text[close] !== '"') close += text[close] === '\\' ? 2 : 1;
    if (close >= end) return 'has a quote that does not close';
    return { value: text.slice(at + 1, close).replace(/\\(.)/g, '$1'), quoted: true, end: close + 1 };
  }
  if (text[at] === '[') {
    const close = text.indexOf(']', at);
    if (close < 0 || close >= end) return 'has a bracket that does not close';
    return { value: text.slice(at, close + 1), quoted: false, end: close + 1 };
  }
  const comma = text.indexOf(',', at);
  const stop = comma < 0 || comma > end ? end : comma;
  return { value: text.slice(at, stop), quoted: false, end: stop };
}
