/**
 * The little XML that clients send, read strictly: elements, attributes skipped, text, entities, CDATA. A document
 * type is refused, so there is nothing to expand.
 */

/** An element: its text, or its children in order. */
export interface XmlElement {
  /** Without its namespace prefix. */
  name: string;
  children: readonly XmlElement[];
  /** All text directly in it, with entities resolved. */
  text: string;
}

/** Deeper nesting is no document of AWS's. */
const DEPTH_MAX = 64;

/** Reads a document; returns its root. Throws SyntaxError saying what is wrong and where. */
export function readXml(document: string): XmlElement {
  const open: { name: string; qualified: string; children: XmlElement[]; text: string }[] = [
    { name: '', qualified: '', children: [], text: '' },
  ];
  TOKEN.lastIndex = 0;
  let at = 0;
  for (let token = TOKEN.exec(document); token; token = TOKEN.exec(document)) {
    at = TOKEN.lastIndex;
    const innermost = open.at(-1);
    if (!innermost) break;
    const { text, cdata, close, start, empty } = token.groups ?? {};
    if (text !== undefined) innermost.text += resolveEntities(text, at);
    else if (cdata !== undefined) innermost.text += cdata;
    else if (start !== undefined) {
      const element = { name: localName(start), qualified: start, children: [], text: '' };
      if (empty === '/') innermost.children.push(element);
      else if (open.push(element) > DEPTH_MAX) throw new SyntaxError(`Elements are nested deeper than ${DEPTH_MAX}.`);
    } else if (close !== undefined) {
      if (open.length === 1 || close !== innermost.qualified) {
        throw new SyntaxError(`</${close}> before character ${at} closes no open element.`);
      }
      open.pop();
      open.at(-1)?.children.push(innermost);
    }
  }
  const [outside] = open;
  const [root, second] = outside?.children ?? [];
  if (at !== document.length || open.length !== 1 || !root || second || outside?.text.trim() !== '') {
    throw new SyntaxError(`The document is not well-formed XML at character ${at}.`);
  }
  return root;
}

/** The first child of that name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name);
}

/** All children of that name. */
export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((each) => each.name === name);
}

/** The text of the first child of that name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text;
}

/** One piece of a document after another; sticky, so that nothing is skipped. A leading BOM is no content. */
const TOKEN =
  /^\uFEFF|<\?[^]*?\?>|<!--[^]*?-->|<!\[CDATA\[(?<cdata>[^]*?)\]\]>|<\/(?<close>[\w:.-]+)\s*>|<(?<start>[\w:.-]+)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?<empty>\/?)>|(?<text>[^<]+)/gy;

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function resolveEntities(text: string, at: number): string {
  return text.replace(/&([^;]*;?)/g, (whole, reference: string) => {
    const name = reference.slice(0, -1);
    const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? [];
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES.get(name);
    if (character === undefined || !reference.endsWith(';')) {
      throw new SyntaxError(`${whole} before character ${at} is no entity.`);
    }
    return character;
  });
}

function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(':') + 1);
}
