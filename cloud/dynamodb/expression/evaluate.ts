/**
 * Conditions on an item: true or false. An attribute that is not there makes every comparison false but `<>`, which
 * it makes true; types that cannot be compared do the same. Nothing here can fail.
 */
import type { AttributeMap, AttributeValue } from '../attribute-value.ts';
import { binaryLength, compareValues, getMember, typeOf, valuesEqual } from '../attribute-value.ts';
import type { Call, Comparator, Condition, Operand, Path } from './syntax.ts';

/** Whether the condition holds for the item; one that is not there has no attributes. */
export function holds(condition: Condition, item: AttributeMap): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.condition, item);
    case 'compare':
      return compares(condition.operator, valueOf(condition.left, item), valueOf(condition.right, item));
    case 'between': {
      const value = valueOf(condition.operand, item);
      return (
        compares('>=', value, valueOf(condition.low, item)) && compares('<=', value, valueOf(condition.high, item))
      );
    }
    case 'in': {
      const value = valueOf(condition.operand, item);
      return condition.candidates.some((candidate) => compares('=', value, valueOf(candidate, item)));
    }
    case 'call':
      return callHolds(condition, item);
  }
}

/** What lies at a path of an item. */
export function lookup(item: AttributeMap, path: Path): AttributeValue | undefined {
  let value = getMember(item, path[0]);
  for (let i = 1; i < path.length && value; i++) {
    const step = path[i] ?? 0;
    if (typeof step === 'number') value = 'L' in value ? value.L[step] : undefined;
    else value = 'M' in value ? getMember(value.M, step) : undefined;
  }
  return value;
}

function valueOf(operand: Operand, item: AttributeMap): AttributeValue | undefined {
  switch (operand.kind) {
    case 'value':
      return operand.value;
    case 'path':
      return lookup(item, operand.path);
    case 'call':
      return sizeOf(operandOf(operand, 0, item));
  }
}

function compares(operator: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (!left || !right) return operator === '<>';
  if (operator === '=') return valuesEqual(left, right);
  if (operator === '<>') return !valuesEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function callHolds(call: Call, item: AttributeMap): boolean {
  const first = operandOf(call, 0, item);
  if (call.name === 'attribute_not_exists') return !first;
  if (call.name === 'attribute_exists') return first !== undefined;
  const second = operandOf(call, 1, item);
  if (!first || !second) return false;
  switch (call.name) {
    case 'attribute_type':
      return 'S' in second && typeOf(first) === second.S;
    case 'begins_with':
      return beginsWith(first, second);
    case 'contains':
      return contains(first, second);
    default:
      throw new Error(`${call.name} is not a condition`);
  }
}

function operandOf(call: Call, place: number, item: AttributeMap): AttributeValue | undefined {
  const operand = call.operands[place];
  return operand && valueOf(operand, item);
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value && 'S' in prefix) return value.S.startsWith(prefix.S);
  if ('B' in value && 'B' in prefix) {
    const bytes = Buffer.from(prefix.B, 'base64');
    return Buffer.from(value.B, 'base64').subarray(0, bytes.length).equals(bytes);
  }
  return false;
}

/** Part of a string or binary, or member of a set or list. */
function contains(value: AttributeValue, part: AttributeValue): boolean {
  if ('S' in value && 'S' in part) return value.S.includes(part.S);
  if ('B' in value && 'B' in part) return Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  if ('SS' in value && 'S' in part) return value.SS.includes(part.S);
  if ('NS' in value && 'N' in part) return value.NS.includes(part.N);
  if ('BS' in value && 'B' in part) return value.BS.includes(part.B);
  return 'L' in value && value.L.some((each) => valuesEqual(each, part));
}

/** size(): characters of a string, bytes of a binary, members of anything else; numbers and the like have none. */
function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  const size = value && countOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

function countOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return binaryLength(value.B);
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  return undefined;
}

/** The attributes a condition looks at. */
export function attributesRead(condition: Condition | Operand): Set<string> {
  switch (condition.kind) {
    case 'path':
      return new Set([condition.path[0]]);
    case 'value':
      return new Set();
    case 'not':
      return attributesRead(condition.condition);
    case 'between':
      return unionOf([condition.operand, condition.low, condition.high]);
    case 'in':
      return unionOf([condition.operand, ...condition.candidates]);
    case 'call':
      return unionOf(condition.operands);
    default:
      return unionOf([condition.left, condition.right]);
  }
}

function unionOf(parts: (Condition | Operand)[]): Set<string> {
  return new Set(parts.flatMap((part) => [...attributesRead(part)]));
}
