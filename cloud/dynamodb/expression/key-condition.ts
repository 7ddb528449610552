/**
 * KeyConditionExpression as what it asks of the keys: one hash value, and a range of range values. AWS reads it with
 * the grammar of all conditions and then refuses most of it, with sentences of its own.
 */
import type { AttributeValue } from '../attribute-value.ts';
import { typeOf } from '../attribute-value.ts';
import { invalidParameter, validation } from '../errors.ts';
import type { KeyRange } from '../key-encoding.ts';
import { beginningWith, concat, encodePrefix, encodeValue, partition } from '../key-encoding.ts';
import type { KeyAttribute, KeySchema } from '../schema.ts';
import { keyAttributes } from '../schema.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

interface KeyCondition {
  operator: Exclude<Comparator, '<>'> | 'between' | 'begins_with';
  values: AttributeValue[];
}

/** The keys a Query reads. */
export interface QueryRange {
  /** The keys with the hash value asked for. */
  partition: KeyRange;
  /** Those of them whose range value is asked for. */
  selected: KeyRange;
}

/** The keys a condition asks for. Throws ValidationException when it asks for anything but keys. */
export function queryRange(condition: Condition, schema: KeySchema): QueryRange {
  const conditions = new Map<string, KeyCondition>();
  collect(condition, conditions);
  checkSchema(conditions, schema);
  const [hash] = conditions.get(schema.hash.name)?.values ?? [];
  if (!hash) throw missedKey(schema.hash);
  const prefix = partition(hash);
  const onRange = schema.range && conditions.get(schema.range.name);
  const all = beginningWith(prefix);
  return { partition: all, selected: onRange ? rangeOf(prefix, all, onRange) : all };
}

function collect(condition: Condition, conditions: Map<string, KeyCondition>): void {
  switch (condition.kind) {
    case 'and':
      collect(condition.left, conditions);
      collect(condition.right, conditions);
      return;
    case 'or':
    case 'not':
    case 'in':
      throw validation(`Invalid operator used in KeyConditionExpression: ${condition.kind.toUpperCase()}`);
    case 'compare': {
      const { operator, left, right } = condition;
      if (operator === '<>') throw validation('Invalid operator used in KeyConditionExpression: <>');
      if (left.kind === 'path') return add(conditions, operator, left, [right]);
      return add(conditions, mirrored[operator], right, [left]);
    }
    case 'between':
      checkFirstOperand('BETWEEN', condition.operand);
      return add(conditions, 'between', condition.operand, [condition.low, condition.high]);
    case 'call': {
      const { name, operands } = condition;
      if (name !== 'begins_with') throw validation(`Invalid operator used in KeyConditionExpression: ${name}`);
      const [attribute, prefix] = operands;
      if (!attribute || !prefix) throw new Error('begins_with without its operands');
      checkFirstOperand(name, attribute);
      return add(conditions, name, attribute, [prefix]);
    }
  }
}

const mirrored = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function checkFirstOperand(operator: string, operand: Operand): void {
  if (operand.kind === 'path') return;
  throw validation(
    `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
  );
}

function add(
  conditions: Map<string, KeyCondition>,
  operator: KeyCondition['operator'],
  attribute: Operand,
  operands: Operand[],
): void {
  if (attribute.kind === 'call' || operands.some(({ kind }) => kind === 'call')) {
    throw validation('KeyConditionExpressions cannot contain nested operations');
  }
  if (attribute.kind !== 'path') {
    throw validation('Invalid condition in KeyConditionExpression: No key attribute specified');
  }
  if (attribute.path.length > 1) {
    throw validation('KeyConditionExpressions cannot have conditions on nested attributes');
  }
  const values = operands.map((operand) => {
    if (operand.kind === 'value') return operand.value;
    throw validation('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  });
  const [name] = attribute.path;
  if (conditions.has(name)) {
    throw validation('KeyConditionExpressions must only contain one condition per key');
  }
  conditions.set(name, { operator, values });
}

function checkSchema(conditions: Map<string, KeyCondition>, schema: KeySchema): void {
  if (conditions.size > 2) throw validation('Conditions can be of length 1 or 2 only');
  if (conditions.size === 2 && !schema.range) throw validation('Query key condition not supported');
  for (const attribute of keyAttributes(schema)) {
    const condition = conditions.get(attribute.name);
    if (!condition) {
      if (attribute === schema.hash || conditions.size === 2) throw missedKey(attribute);
      continue;
    }
    if (condition.values.some((value) => typeOf(value) !== attribute.type)) {
      throw invalidParameter('Condition parameter type does not match schema type');
    }
    if (attribute === schema.hash && condition.operator !== '=') {
      throw validation('Query key condition not supported');
    }
    if (condition.values.some((value) => isEmptyKey(value, condition))) {
      throw validation(
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ' +
          `empty ${attribute.type === 'B' ? 'binary' : 'string'} value. Key: ${attribute.name}`,
      );
    }
  }
}

/** Everything begins with nothing; but no key is equal to nothing. */
function isEmptyKey(value: AttributeValue, { operator }: KeyCondition): boolean {
  return operator !== 'begins_with' && (('S' in value && value.S === '') || ('B' in value && value.B === ''));
}

function missedKey({ name }: KeyAttribute): Error {
  return validation(`Query condition missed key schema element: ${name}`);
}

function rangeOf(prefix: Uint8Array, all: KeyRange, { operator, values }: KeyCondition): KeyRange {
  const [first, second] = values;
  if (!first) throw new Error('a condition without a value');
  if (operator === 'begins_with') return beginningWith(concat(prefix, encodePrefix(first)));
  const { from, to } = beginningWith(concat(prefix, encodeValue(first)));
  switch (operator) {
    case '=':
      return { from, to };
    case '<':
      return { from: all.from, to: from };
    case '<=':
      return { from: all.from, to };
    case '>':
      return { from: to, to: all.to };
    case '>=':
      return { from, to: all.to };
    case 'between':
      return { from, to: beginningWith(concat(prefix, encodeValue(second ?? first))).to };
  }
}
