/** Choice rules of JSONPath states: the comparison operators and And, Or, Not (Amazon States Language, "Choice State"). */
import { runtimeFailure, type Json } from './failure.ts';
import { parsePath, query, type Roots } from './jsonpath.ts';

/** A rule: `Variable` and one comparison, or one combination of rules. */
export type ChoiceRule = { [name: string]: Json };

type Comparison = (left: Json, right: Json) => boolean;

const both =
  <T extends Json>(is: (value: Json) => value is T, holds: (left: T, right: T) => boolean): Comparison =>
  (left, right) =>
    is(left) && is(right) && holds(left, right);

const isString = (value: Json): value is string => typeof value === 'string';
const isNumber = (value: Json): value is number => typeof value === 'number';
const isBoolean = (value: Json): value is boolean => typeof value === 'boolean';

/** RFC 3339, with the capital T and Z the language asks for. */
export const isTimestamp = (value: Json): value is string =>
  isString(value) &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value));

/** Comparisons with a value; each also has a form ending in `Path`, but for StringMatches. */
const COMPARISONS: Record<string, Comparison> = {
  BooleanEquals: both(isBoolean, (left, right) => left === right),
  StringEquals: both(isString, (left, right) => left === right),
  StringLessThan: both(isString, (left, right) => left < right),
  StringLessThanEquals: both(isString, (left, right) => left <= right),
  StringGreaterThan: both(isString, (left, right) => left > right),
  StringGreaterThanEquals: both(isString, (left, right) => left >= right),
  NumericEquals: both(isNumber, (left, right) => left === right),
  NumericLessThan: both(isNumber, (left, right) => left < right),
  NumericLessThanEquals: both(isNumber, (left, right) => left <= right),
  NumericGreaterThan: both(isNumber, (left, right) => left > right),
  NumericGreaterThanEquals: both(isNumber, (left, right) => left >= right),
  TimestampEquals: both(isTimestamp, (left, right) => Date.parse(left) === Date.parse(right)),
  TimestampLessThan: both(isTimestamp, (left, right) => Date.parse(left) < Date.parse(right)),
  TimestampLessThanEquals: both(isTimestamp, (left, right) => Date.parse(left) <= Date.parse(right)),
  TimestampGreaterThan: both(isTimestamp, (left, right) => Date.parse(left) > Date.parse(right)),
  TimestampGreaterThanEquals: both(isTimestamp, (left, right) => Date.parse(left) >= Date.parse(right)),
};

/** Questions about the type of a value. */
const TYPES: Record<string, (value: Json) => boolean> = {
  IsNull: (value) => value === null,
  IsString: isString,
  IsNumeric: isNumber,
  IsBoolean: isBoolean,
  IsTimestamp: isTimestamp,
};

const isOperator = (name: string) =>
  Object.hasOwn(COMPARISONS, name) || Object.hasOwn(TYPES, name) || ['IsPresent', 'StringMatches'].includes(name);

/** The comparison operators a rule uses. */
export function comparisonsIn(rule: ChoiceRule): string[] {
  return Object.keys(rule).filter((name) => isOperator(name) || Object.hasOwn(COMPARISONS, name.replace(/Path$/, '')));
}

/** Whether a (checked) rule holds. Throws States.Runtime when it looks at what is not there. */
export function holds(rule: ChoiceRule, roots: Roots): boolean {
  if ('And' in rule) return rules(rule['And']).every((each) => holds(each, roots));
  if ('Or' in rule) return rules(rule['Or']).some((each) => holds(each, roots));
  if ('Not' in rule) return !holds(rule['Not'] as ChoiceRule, roots);
  const path = String(rule['Variable']);
  const value = query(parsePath(path), roots);
  const operator = comparisonsIn(rule)[0] ?? '';
  const operand = rule[operator] ?? null;
  if (operator === 'IsPresent') return (value !== undefined) === operand;
  if (value === undefined) throw invalid(path);
  if (operator === 'StringMatches') return isString(value) && wildcard(String(operand)).test(value);
  const type = TYPES[operator];
  if (type) return type(value) === operand;
  const literal = COMPARISONS[operator];
  if (literal) return literal(value, operand);
  const other = query(parsePath(String(operand)), roots);
  if (other === undefined) throw invalid(String(operand));
  return COMPARISONS[operator.replace(/Path$/, '')]?.(value, other) ?? false;
}

function rules(value: Json | undefined): ChoiceRule[] {
  return value as ChoiceRule[];
}

/** `*` matches anything, `\*` and `\\` are themselves. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([^])|\*|[^]/g, (token, escaped: string | undefined) =>
    token === '*' ? '[^]*' : RegExp.escape(escaped ?? token),
  );
  return new RegExp(`^${source}$`);
}

function invalid(path: string): ReturnType<typeof runtimeFailure> {
  return runtimeFailure(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
}
