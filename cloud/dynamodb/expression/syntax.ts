/** What expressions mean, as trees: paths, operands and conditions. The same for all four kinds of expression. */
import type { AttributeValue } from '../attribute-value.ts';

/** A document path: an attribute, then names in maps and places (from 0) in lists. */
export type Path = readonly [string, ...(string | number)[]];

/** A function with its operands. Which functions may stand where is for the parser to say. */
export interface Call {
  kind: 'call';
  name: FunctionName;
  operands: Operand[];
}

/** Something that has a value. */
export type Operand = { kind: 'path'; path: Path } | { kind: 'value'; value: AttributeValue } | Call;

/** Something that is true or false. */
export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; condition: Condition }
  | { kind: 'compare'; operator: Comparator; left: Operand; right: Operand }
  | { kind: 'between'; operand: Operand; low: Operand; high: Operand }
  | { kind: 'in'; operand: Operand; candidates: Operand[] }
  | Call;

/** Comparators. */
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** The functions of condition expressions, then those of update expressions, with the operands each takes. */
export const operandCounts = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
  if_not_exists: 2,
  list_append: 2,
} as const;

/** A function there is. */
export type FunctionName = keyof typeof operandCounts;

/** A path as AWS's errors write it, e.g. `[a, [1], b]`. */
export function pathText(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

/** Whether two paths are the same. */
export function pathsEqual(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i]);
}
