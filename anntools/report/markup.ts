/**
 * Markup for the report: text becomes harmless where it is put in, not where it comes from, so that nothing a file
 * carries (names, sources, examples) can become markup.
 */

/** A piece of markup that is whole and safe. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | readonly Markup[];

/** Markup with text in it: `` html`<p>${text}</p>` ``. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(pieces.reduce((before, piece, i) => before + textOf(parts[i - 1] ?? '') + piece));
}

export const NOTHING = new Markup('');

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escaped(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, which HTML forbids, become the sign for something that cannot be shown. */
function escaped(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      const forbidden = code < 32 ? !'\t\n'.includes(character) : (code >= 127 && code < 160) || isLoneSurrogate(code);
      return forbidden ? '\ufffd' : (ENTITIES[character] ?? character);
    })
    .join('');
}

function isLoneSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
