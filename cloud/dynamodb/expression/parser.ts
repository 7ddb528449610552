/**
 * What all four grammars share: paths, operands, functions, and how errors are told. Like AWS, a parser reads the
 * whole expression first, so a syntax error goes before every other; of the others AWS tells only the gravest,
 * wherever it stands, so they are noted on the way and the first in rank is thrown at the end.
 */
import type { AttributeType } from '../attribute-value.ts';
import { typeOf } from '../attribute-value.ts';
import { TokenReader } from './lexer.ts';
import { isReserved } from './reserved-words.ts';
import type { Substitutions } from './substitutions.ts';
import type { FunctionName, Operand, Path } from './syntax.ts';
import { operandCounts, pathsEqual, pathText } from './syntax.ts';

/** What can be wrong with an expression whose syntax is right, gravest first. */
const problems = [
  'parentheses',
  'unknownFunction',
  'misusedFunction',
  'reserved',
  'section',
  'undefinedName',
  'undefinedValue',
  'overlap',
  'conflict',
  'operandCount',
  'distinct',
  'operandType',
] as const;

type Problem = (typeof problems)[number];

/** Reads paths and operands. A grammar extends it. */
export abstract class ExpressionParser {
  protected readonly tokens: TokenReader;
  readonly #substitutions: Substitutions;
  readonly #keywords: readonly string[];
  readonly #noted = new Map<Problem, string>();

  /** `keywords` are the words of the grammar, which cannot be names even before a reader thinks of reserved words. */
  constructor(text: string, parameter: string, substitutions: Substitutions, keywords: readonly string[]) {
    this.tokens = new TokenReader(text, parameter);
    this.#substitutions = substitutions;
    this.#keywords = keywords;
  }

  /** Notes a problem; of several of one rank the first is told. */
  protected note(problem: Problem, reason: string): void {
    if (!this.#noted.has(problem)) this.#noted.set(problem, reason);
  }

  /** Everything must have been read and nothing noted. */
  protected finish(): void {
    this.tokens.expectEnd();
    for (const problem of problems) {
      const reason = this.#noted.get(problem);
      if (reason !== undefined) throw this.tokens.invalid(reason);
    }
  }

  /** `a.#b[3]` */
  protected path(): Path {
    return this.#pathFrom(this.#attributeName());
  }

  /** A path, a `:value`, or a function of operands. */
  protected operand(): Operand {
    if (this.tokens.current.kind === 'value') return this.value();
    if (this.tokens.current.kind !== 'word') return { kind: 'path', path: this.path() };
    const word = this.#word();
    if (this.tokens.takeSymbol('(')) return this.#call(word);
    this.#checkReserved(word);
    return { kind: 'path', path: this.#pathFrom(word) };
  }

  /** A `:value`. */
  protected value(): Operand {
    const placeholder = this.tokens.take('value');
    if (placeholder === undefined) throw this.tokens.syntaxError();
    const value = this.#substitutions.value(placeholder);
    if (!value) {
      this.note(
        'undefinedValue',
        `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    }
    return { kind: 'value', value: value ?? { NULL: true } };
  }

  /** One operand of a function or a comparison; parentheses may be put around it. */
  protected operandInParentheses(): Operand {
    if (!this.tokens.takeSymbol('(')) return this.operand();
    const operand = this.operandInParentheses();
    this.tokens.expectSymbol(')');
    return operand;
  }

  /** Operands up to the closing parenthesis. */
  protected operandsToParenthesis(): Operand[] {
    const operands = [];
    do operands.push(this.operandInParentheses());
    while (this.tokens.takeSymbol(','));
    this.tokens.expectSymbol(')');
    return operands;
  }

  /** Two operands that must not be the same path. */
  protected checkDistinct(operator: string, left: Operand, right: Operand): void {
    if (left.kind !== 'path' || right.kind !== 'path' || !pathsEqual(left.path, right.path)) return;
    this.note(
      'distinct',
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        `operator: ${operator}, first operand: ${pathText(left.path)}`,
    );
  }

  /** A literal operand must have one of these types; what an attribute holds is seen later. */
  protected checkType(operator: string, operand: Operand | undefined, allowed: readonly AttributeType[]): void {
    if (operand?.kind !== 'value' || allowed.includes(typeOf(operand.value))) return;
    this.note(
      'operandType',
      'Incorrect operand type for operator or function; ' +
        `operator or function: ${operator}, operand type: ${typeOf(operand.value)}`,
    );
  }

  /** A function's operand must be a path. */
  protected checkIsPath(name: string, operand: Operand | undefined): void {
    if (operand?.kind === 'path') return;
    this.note('operandType', `Operator or function requires a document path; operator or function: ${name}`);
  }

  /** A function that is known, but may not stand here. */
  protected noteMisuse(name: string): void {
    this.note('misusedFunction', `The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  #call(name: string): Operand {
    const operands = this.operandsToParenthesis();
    if (!isFunctionName(name)) {
      this.note('unknownFunction', `Invalid function name; function: ${name}`);
      return { kind: 'call', name: 'size', operands };
    }
    if (operands.length !== operandCounts[name]) {
      this.note(
        'operandCount',
        'Incorrect number of operands for operator or function; ' +
          `operator or function: ${name}, number of operands: ${operands.length}`,
      );
    }
    return { kind: 'call', name, operands };
  }

  #pathFrom(head: string): Path {
    const rest: (string | number)[] = [];
    for (;;) {
      if (this.tokens.takeSymbol('.')) rest.push(this.#attributeName());
      else if (this.tokens.takeSymbol('[')) rest.push(this.#listIndex());
      else return [head, ...rest];
    }
  }

  #attributeName(): string {
    if (this.tokens.current.kind === 'name') return this.#substitutedName();
    const word = this.#word();
    this.#checkReserved(word);
    return word;
  }

  #substitutedName(): string {
    const placeholder = this.tokens.take('name') ?? '';
    const name = this.#substitutions.name(placeholder);
    if (name === undefined) {
      this.note(
        'undefinedName',
        `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    return name ?? placeholder;
  }

  #listIndex(): number {
    const digits = this.tokens.take('number');
    if (digits === undefined) throw this.tokens.syntaxError();
    this.tokens.expectSymbol(']');
    return Number(digits);
  }

  #word(): string {
    const word = this.tokens.atKeyword(...this.#keywords) ? undefined : this.tokens.take('word');
    if (word === undefined) throw this.tokens.syntaxError();
    return word;
  }

  #checkReserved(word: string): void {
    if (isReserved(word)) {
      this.note('reserved', `Attribute name is a reserved keyword; reserved keyword: ${word}`);
    }
  }
}

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(operandCounts, name);
}
