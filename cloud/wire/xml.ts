/** The little XML that AWS speaks: elements in elements, lists as repeated elements, hardly an attribute. */

/** What an element holds: text, elements by name, or a list that repeats the element. Nothing leaves it out. */
export type XmlValue =
  string | number | boolean | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue };

/** A whole document. The namespace becomes the root's `xmlns`. */
export function xmlDocument(root: string, value: XmlValue, namespace?: string): string {
  const xmlns = namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${xmlContent(value)}</${root}>`;
}

/** Text as the content of an element or of a quoted attribute; what XML 1.0 cannot say becomes U+FFFD. */
export function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const sayable = text.toWellFormed().replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, '\uFFFD');
  return sayable.replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

function xmlContent(value: XmlValue): string {
  if (typeof value !== 'object') return escapeXml(String(value ?? ''));
  return Object.entries(value)
    .map(([name, inner]) => xmlElements(name, inner))
    .join('');
}

function xmlElements(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((each: XmlValue) => xmlElements(name, each)).join('');
  return `<${name}>${xmlContent(value)}</${name}>`;
}
