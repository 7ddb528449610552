/** Reads small languages (paths, intrinsic calls) from the left; what does not fit is a SyntaxError with its place. */
import type { Json } from './failure.ts';

export class Scanner {
  /** Offset of the next character. */
  at = 0;

  constructor(readonly text: string) {}

  /** Whether `token` comes next. */
  peek(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  /** Takes `token`, if it comes next. */
  take(token: string): boolean {
    if (!this.peek(token)) return false;
    this.at += token.length;
    return true;
  }

  /** Takes `token`, if it comes next but for spaces. */
  takeSpaced(token: string): boolean {
    this.skipSpace();
    return this.take(token);
  }

  /** Takes what a sticky expression matches here. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  skipSpace(): void {
    this.match(/\s+/y);
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`"${token}"`);
  }

  expectEnd(): void {
    this.skipSpace();
    if (this.at < this.text.length) this.fail('the end');
  }

  /** Takes a string in single or double quotes, if one comes next; a backslash takes the next character as it is. */
  quoted(): string | undefined {
    const found = this.match(/'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/y);
    return found
      ?.slice(1, -1)
      .replace(/\\([^])/g, (pair, character: string) => (character === '{' || character === '}' ? pair : character));
  }

  /** Takes a string, number, true, false or null, if one comes next. */
  literal(): Json | undefined {
    const text = this.quoted();
    if (text !== undefined) return text;
    const word = this.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b/y);
    return word === undefined ? undefined : (JSON.parse(word) as Json);
  }

  fail(expected: string): never {
    throw new SyntaxError(`Expected ${expected} at character ${this.at + 1} of "${this.text}".`);
  }
}
