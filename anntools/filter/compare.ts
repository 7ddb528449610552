/** Comparing a field's values with what the expression names: as numbers, as text, by severity, or as genotypes. */
import { IMPACTS, TERMS } from '../consequence/terms.ts';
import { didYouMean, expressionError } from './expression-error.ts';
import type { Source } from './fields.ts';
import type { Expression, Literal, Operator } from './parse.ts';

/** Whether one value is what is asked; undefined when it cannot be told. */
export type ValueTest = (value: string) => boolean | undefined;

type Comparison = Extract<Expression, { kind: 'compare' }>;

/** Kinds of genotypes that can be named. */
const GENOTYPES = ['hom_ref', 'het', 'hom_alt'];

/** The operator that is meant by a contrary one: `a != b` is `not (a == b)`. */
export function isContrary(operator: Operator): boolean {
  return operator === '!=' || operator === '!~';
}

/** The test of a comparison; of a contrary one that of the operator it denies. @throws InputError BAD_OPTION */
export function comparison(expression: string, source: Source, { operator, value, start }: Comparison): ValueTest {
  if (source.flag)
    throw expressionError(
      expression,
      start,
      `${source.name} is a Flag and has no value`,
      `say "${source.name}" or "not ${source.name}"`,
    );
  if (operator === '~' || operator === '!~') return pattern(expression, value);
  if (operator === '==' || operator === '!=') return equality(expression, source, value);
  if (source.order === 'consequence') return severity(expression, value, operator);
  if (source.order === 'impact') return impact(expression, value, operator);
  return magnitude(expression, source, value, operator, start);
}

/** The test of `in (…)`. */
export function membership(expression: string, source: Source, values: readonly Literal[]): ValueTest {
  const tests = values.map((value) => equality(expression, source, value));
  return (value) => {
    const answers = tests.map((test) => test(value));
    return answers.includes(true) || (answers.includes(false) ? false : undefined);
  };
}

function pattern(expression: string, { text, start }: Literal): ValueTest {
  let regex: RegExp;
  try {
    regex = new RegExp(asBytes(text));
  } catch (cause) {
    throw expressionError(
      expression,
      start,
      `this is no pattern (${cause instanceof Error ? cause.message : String(cause)})`,
      'put a backslash before . * + ? ( ) [ ] that are meant as they are',
    );
  }
  return (value) => regex.test(value);
}

function equality(expression: string, source: Source, literal: Literal): ValueTest {
  const { text, start, quoted } = literal;
  if (source.order === 'genotype') return genotype(expression, literal);
  if (source.order === 'consequence') {
    const rank = rankNamed(expression, literal);
    return (value) => terms(value).some((term) => term === text || rankOfTerm(term) === rank);
  }
  if (source.order === 'impact') {
    const wanted = impactNamed(expression, literal);
    return (value) => value === IMPACTS[wanted];
  }
  const number = Number(text);
  const isNumber = text.trim() !== '' && !Number.isNaN(number);
  if (source.numeric === true) {
    if (!isNumber) throw expressionError(expression, start, `${source.name} is a number, and ${text} is none`);
    return (value) => numberTest(value, (one) => one === number);
  }
  const wanted = asBytes(text);
  // VEP joins several values of a column by &.
  const joined = source.kind === 'csq';
  return (value) =>
    value === wanted ||
    (joined && value.includes('&') && value.split('&').includes(wanted)) ||
    (isNumber && !quoted && value !== '' && Number(value) === number);
}

function magnitude(
  expression: string,
  source: Source,
  { text, start }: Literal,
  operator: Operator,
  at: number,
): ValueTest {
  const number = Number(text);
  if (source.numeric === false || source.order === 'genotype')
    throw expressionError(expression, at, `${source.name} is text and has no order`, 'compare it by ==, != or ~');
  if (text.trim() === '' || Number.isNaN(number))
    throw expressionError(expression, start, `${operator} needs a number, and ${text} is none`);
  const test = ordered(operator);
  return (value) => numberTest(value, (one) => test(one, number));
}

/** `>=` is "at least as severe": severity grows as the rank falls. */
function severity(expression: string, literal: Literal, operator: Operator): ValueTest {
  const rank = rankNamed(expression, literal);
  const test = ordered(operator);
  return (value) => {
    const worst = Math.min(
      ...terms(value)
        .map(rankOfTerm)
        .filter((one) => one > 0),
    );
    return worst === Infinity ? undefined : test(rank, worst);
  };
}

function impact(expression: string, literal: Literal, operator: Operator): ValueTest {
  const wanted = impactNamed(expression, literal);
  const test = ordered(operator);
  return (value) => {
    const index = IMPACTS.findIndex((one) => one === value);
    return index < 0 ? undefined : test(wanted, index);
  };
}

function genotype(expression: string, { text, start }: Literal): ValueTest {
  if (GENOTYPES.includes(text)) return (value) => genotypeKind(value) === text;
  if (!/^[\d./|]+$/.test(text))
    throw expressionError(expression, start, `${text} is no genotype`, `it is ${GENOTYPES.join(', ')}, or as in 0/1`);
  const wanted = text.replaceAll('|', '/');
  return (value) => value.replaceAll('|', '/') === wanted;
}

/** Undefined when an allele is missing. */
function genotypeKind(value: string): string | undefined {
  const alleles = value.replace(/^[/|]/, '').split(/[/|]/);
  if (alleles.includes('.')) return undefined;
  if (new Set(alleles).size > 1) return 'het';
  return alleles[0] === '0' ? 'hom_ref' : 'hom_alt';
}

function ordered(operator: Operator): (a: number, b: number) => boolean {
  switch (operator) {
    case '<':
      return (a, b) => a < b;
    case '<=':
      return (a, b) => a <= b;
    case '>':
      return (a, b) => a > b;
    default:
      return (a, b) => a >= b;
  }
}

function numberTest(value: string, test: (number: number) => boolean): boolean | undefined {
  const number = Number(value);
  return Number.isNaN(number) || value.trim() === '' ? undefined : test(number);
}

function rankNamed(expression: string, { text, start }: Literal): number {
  const rank = rankOfTerm(text);
  if (rank > 0) return rank;
  throw expressionError(
    expression,
    start,
    `${text} is no consequence`,
    didYouMean(
      text,
      TERMS.map(({ name }) => name),
    ),
  );
}

function impactNamed(expression: string, { text, start }: Literal): number {
  const index = IMPACTS.findIndex((one) => one === text.toUpperCase());
  if (index >= 0) return index;
  throw expressionError(expression, start, `${text} is no impact`, `it is ${IMPACTS.toReversed().join(', ')}`);
}

const RANKS = new Map(
  TERMS.flatMap(
    ({ name, rank }) =>
      [
        [name, rank],
        [name.replace(/_variant$/, ''), rank],
      ] as const,
  ),
);

/** 0 for what is no term; bcftools csq leaves `_variant` out, and marks with a star what comes after a stop. */
function rankOfTerm(term: string): number {
  return RANKS.get(term.startsWith('*') ? term.slice(1) : term) ?? 0;
}

function terms(value: string): string[] {
  return value.split('&');
}

/** Values are read as latin1, so what is compared with them is its bytes of UTF-8 as latin1. */
function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
