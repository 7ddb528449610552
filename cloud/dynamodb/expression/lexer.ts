/** An expression as tokens. Whitespace is kept, since AWS shows it when it tells where a syntax error is. */
import { validation } from '../errors.ts';

type TokenKind = 'word' | 'name' | 'value' | 'number' | 'symbol' | 'space' | 'illegal' | 'end';

interface Token {
  kind: TokenKind;
  text: string;
}

const patterns: readonly [TokenKind, RegExp][] = [
  ['space', /[ \t\r\n]+/y],
  ['word', /[a-zA-Z]\w*/y],
  ['name', /#\w+/y],
  ['value', /:\w+/y],
  ['number', /\d+/y],
  ['symbol', /<>|<=|>=|[=<>()[\],.+-]/y],
  ['illegal', /[^]/y],
];

/** Reads tokens one after the other. */
export class TokenReader {
  readonly #tokens: Token[];
  #at = 0;

  /** `parameter` is the request's member the expression came in, e.g. `ConditionExpression`; errors name it. */
  constructor(
    text: string,
    readonly parameter: string,
  ) {
    if (text === '') throw this.invalid('The expression can not be empty;');
    // Developer Guide, "Expression parameters": at most 4 KB.
    const size = Buffer.byteLength(text);
    if (size > 4096) {
      throw this.invalid(`Expression size has exceeded the maximum allowed size; expression size: ${size}`);
    }
    this.#tokens = tokenize(text);
    this.#skipSpace();
  }

  get current(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '<EOF>' };
  }

  /** Takes the current token if it is of this kind. */
  take(kind: TokenKind): string | undefined {
    const { current } = this;
    if (current.kind !== kind) return undefined;
    this.#at++;
    this.#skipSpace();
    return current.text;
  }

  /** Takes the current token if it is one of these symbols. */
  takeSymbol(...symbols: string[]): string | undefined {
    return this.current.kind === 'symbol' && symbols.includes(this.current.text) ? this.take('symbol') : undefined;
  }

  /** Takes the current token if it is one of these words, in upper or lower case; answers in upper case. */
  takeKeyword(...keywords: string[]): string | undefined {
    return this.atKeyword(...keywords) ? this.take('word')?.toUpperCase() : undefined;
  }

  /** Whether the current token is one of these words, in upper or lower case. */
  atKeyword(...keywords: string[]): boolean {
    return this.current.kind === 'word' && keywords.includes(this.current.text.toUpperCase());
  }

  /** Takes this symbol or fails. */
  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.syntaxError();
  }

  /** Fails unless everything has been read. */
  expectEnd(): void {
    if (this.current.kind !== 'end') throw this.syntaxError();
  }

  /** The current token is not what may stand here. It is shown with its neighbours and the space between them. */
  syntaxError(): Error {
    const near = this.#tokens.slice(this.#neighbour(-1), this.#neighbour(1) + 1).map(({ text }) => text);
    return this.invalid(`Syntax error; token: "${this.current.text}", near: "${near.join('').trim()}"`);
  }

  /** The expression is not allowed, for this reason. */
  invalid(reason: string): Error {
    return validation(`Invalid ${this.parameter}: ${reason}`);
  }

  /** Where the token before or after the current one is, space apart. */
  #neighbour(step: -1 | 1): number {
    const next = this.#at + step;
    return Math.max(0, this.#tokens[next]?.kind === 'space' ? next + step : next);
  }

  #skipSpace(): void {
    while (this.#tokens[this.#at]?.kind === 'space') this.#at++;
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      tokens.push({ kind, text: found });
      at += found.length;
      break;
    }
  }
  return tokens;
}
