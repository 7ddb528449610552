/** Reads a text from left to right by patterns. */
import { InputError } from '../errors.ts';

export class Scanner {
  at = 0;

  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  /** The groups of the (sticky) pattern if the text goes on with it. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  /** Whether the text goes on with these letters; takes them. */
  has(letters: string): boolean {
    if (!this.text.startsWith(letters, this.at)) return false;
    this.at += letters.length;
    return true;
  }

  /** @throws InputError that names what was expected, and where. */
  fail(expected: string): never {
    const found = this.isAtEnd ? 'it ends' : `there is '${this.text.slice(this.at, this.at + 20)}'`;
    throw new InputError(
      'BAD_OPTION',
      `'${this.text.slice(0, 80)}' is no HGVS description: ${expected} is expected at letter ${this.at + 1}, where ${found}`,
    );
  }
}
