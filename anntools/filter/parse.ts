/** The grammar of filter expressions (GRAMMAR.md), by recursive descent. Names mean nothing yet: see `fields.ts`. */
import { expressionError } from './expression-error.ts';
import { type Token, tokensOf } from './tokens.ts';

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~';
export type Quantifier = 'any' | 'all' | 'pick';

export interface FieldName {
  /** As it is written, without the sample. */
  name: string;
  /** What stands in brackets behind it. */
  sample?: string;
  start: number;
}

export interface Literal {
  text: string;
  quoted: boolean;
  start: number;
}

export type Expression =
  | { kind: 'and' | 'or'; parts: Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'rows'; quantifier: Quantifier; part: Expression; start: number }
  | { kind: 'compare'; field: FieldName; operator: Operator; value: Literal; start: number }
  | { kind: 'in'; field: FieldName; values: Literal[] }
  | { kind: 'missing'; field: FieldName }
  | { kind: 'there'; field: FieldName };

const OPERATORS: ReadonlySet<string> = new Set<Operator>(['==', '!=', '<', '<=', '>', '>=', '~', '!~']);
const QUANTIFIERS: ReadonlySet<string> = new Set<Quantifier>(['any', 'all', 'pick']);
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'missing']);

/** Parentheses and nots inside each other. */
const DEPTH_MAX = 200;

/** @throws InputError BAD_OPTION that points at the character. */
export function parseExpression(expression: string): Expression {
  return new Parser(expression).parse();
}

class Parser {
  private readonly tokens: Token[];
  private at = 0;
  private depth = 0;

  constructor(private readonly expression: string) {
    this.tokens = tokensOf(expression);
  }

  parse(): Expression {
    if (this.tokens.length === 1) throw this.error('nothing is asked', 'for example: QUAL >= 30 and FILTER == PASS');
    const whole = this.or();
    if (this.token.text === ')') throw this.error('this parenthesis was not opened');
    if (this.token.kind !== 'end')
      throw this.error(`${this.shown()} after a whole expression`, 'join two with and or or');
    return whole;
  }

  private or(): Expression {
    const parts = [this.and()];
    while (this.take('or')) parts.push(this.and());
    return parts.length === 1 ? parts[0] : { kind: 'or', parts };
  }

  private and(): Expression {
    const parts = [this.not()];
    while (this.take('and')) parts.push(this.not());
    return parts.length === 1 ? parts[0] : { kind: 'and', parts };
  }

  private not(): Expression {
    if (++this.depth > DEPTH_MAX) throw this.error('too many parentheses inside each other');
    const part: Expression = this.take('not') ? { kind: 'not', part: this.not() } : this.primary();
    this.depth--;
    return part;
  }

  private primary(): Expression {
    const { start } = this.token;
    if (this.take('(')) return this.closed(this.or(), start);
    const quantifier = this.token.text.toLowerCase();
    if (this.token.kind === 'word' && QUANTIFIERS.has(quantifier) && this.tokens[this.at + 1].text === '(') {
      this.at += 2;
      return { kind: 'rows', quantifier: quantifier as Quantifier, part: this.closed(this.or(), start), start };
    }
    return this.test();
  }

  private closed(inner: Expression, opened: number): Expression {
    if (this.take(')')) return inner;
    if (this.token.kind === 'end') throw expressionError(this.expression, opened, 'this parenthesis does not close');
    throw this.error(`${this.shown()} where and, or or ) should stand`);
  }

  private test(): Expression {
    const field = this.field();
    const { start } = this.token;
    const operator =
      this.token.kind === 'sign' && OPERATORS.has(this.token.text) ? (this.token.text as Operator) : undefined;
    if (operator) {
      this.at++;
      return { kind: 'compare', field, operator, value: this.value(), start };
    }
    if (this.take('is')) {
      const not = this.take('not');
      if (!this.take('missing')) throw this.error(`${this.shown()} after is`, 'say "is missing" or "is not missing"');
      return negated({ kind: 'missing', field }, not);
    }
    const not = this.isWord('not') && this.tokens[this.at + 1].text.toLowerCase() === 'in' && this.take('not');
    if (this.take('in')) return negated(this.list(field), not);
    return { kind: 'there', field };
  }

  private list(field: FieldName): Expression {
    const { start } = this.token;
    if (!this.take('(')) throw this.error(`${this.shown()} after in`, 'a list stands in parentheses: in (a, b)');
    const values = [this.value()];
    while (this.take(',')) values.push(this.value());
    if (!this.take(')')) {
      if (this.token.kind === 'end') throw expressionError(this.expression, start, 'this list does not close');
      throw this.error(`${this.shown()} in a list`, 'values are separated by commas');
    }
    return { kind: 'in', field, values };
  }

  private field(): FieldName {
    const { kind, text, start } = this.token;
    if (kind === 'string') throw this.error('a text where a field should stand', 'fields are not quoted');
    if (kind !== 'word' || KEYWORDS.has(text.toLowerCase()))
      throw this.error(`${this.shown()} where a field should stand`);
    this.at++;
    const [, name = text, sample] = /^(.*?)\[(.*)\]$/.exec(text) ?? [];
    return sample === undefined ? { name, start } : { name, sample, start };
  }

  private value(): Literal {
    const { kind, text, start } = this.token;
    if (kind === 'string') {
      this.at++;
      return { text, quoted: true, start };
    }
    if (kind !== 'word' || KEYWORDS.has(text.toLowerCase()))
      throw this.error(`${this.shown()} where a value should stand`, 'put text in quotes');
    if (text === '.') throw this.error('. stands for nothing', 'say "is missing"');
    this.at++;
    return { text, quoted: false, start };
  }

  private get token(): Token {
    return this.tokens[this.at];
  }

  private isWord(word: string): boolean {
    return this.token.kind !== 'string' && this.token.text.toLowerCase() === word;
  }

  private take(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.at++;
    return true;
  }

  private shown(): string {
    return this.token.kind === 'end' ? 'the end' : `'${this.expression.slice(this.token.start, this.token.end)}'`;
  }

  private error(problem: string, hint?: string): Error {
    return expressionError(this.expression, this.token.start, problem, hint);
  }
}

function negated(part: Expression, not: boolean): Expression {
  return not ? { kind: 'not', part } : part;
}
