/** An expression as words, strings and signs, each with its place. */
import { expressionError } from './expression-error.ts';

export interface Token {
  kind: 'word' | 'string' | 'sign' | 'end';
  /** What is meant: a string without its quotes, an operator in its usual spelling. */
  text: string;
  /** Offsets in the expression. */
  start: number;
  end: number;
}

const SPACE = /\s+/y;
/** A name or a bare value, with a sample in brackets. */
const WORD = /-?[\w.*][\w.:*+/%@-]*(?:\[[^\]]*\])?/y;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;
const SIGN = /==|!=|<=|>=|!~|&&|\|\||[=<>~!(),]/y;

/** Other spellings of operators. */
const SAME: Record<string, string> = { '=': '==', '&&': 'and', '||': 'or', '!': 'not' };

/** @throws InputError BAD_OPTION that points at the character that is none of the language. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(expression)?.[0];
  };
  for (;;) {
    at += match(SPACE)?.length ?? 0;
    if (at >= expression.length) break;
    const start = at;
    const string = match(STRING);
    const word = string === undefined ? match(WORD) : undefined;
    const sign = string === undefined && word === undefined ? match(SIGN) : undefined;
    const text = string ?? word ?? sign;
    if (text === undefined) {
      const quote = /^["']/.test(expression.slice(at));
      if (quote) throw expressionError(expression, at, 'a quote that does not close');
      throw expressionError(expression, at, `'${expression[at]}' means nothing here`, 'put text in quotes');
    }
    at += text.length;
    if (string !== undefined) tokens.push({ kind: 'string', text: unquoted(string), start, end: at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, start, end: at });
    else tokens.push({ kind: 'sign', text: SAME[text] ?? text, start, end: at });
  }
  tokens.push({ kind: 'end', text: '', start: expression.length, end: expression.length });
  return tokens;
}

/** A backslash before a quote or a backslash says the character itself; others stay, for patterns. */
function unquoted(string: string): string {
  return string.slice(1, -1).replace(/\\(["'\\])/g, '$1');
}
