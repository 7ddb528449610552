/**
 * Filter policies: which messages a subscription wants, by attributes or by the JSON of the body. Each property of the
 * policy must match, by any of its rules, any of the values the message has there (Developer Guide, "Subscription filter
 * policies").
 */
import type { MessageAttributes } from '../service.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';
import { invalidParameter } from './state.ts';

export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

const KEYS_MAX = 5;

/** Checks a policy as SetSubscriptionAttributes does. Throws InvalidParameter. */
export function checkFilterPolicy(text: string, scope: FilterPolicyScope): void {
  const policy = parse(text);
  if (!isJsonObject(policy)) throw invalid('failed to parse JSON.');
  if (Object.keys(policy).length > KEYS_MAX) throw invalid('Filter policy can not have more than 5 keys');
  checkProperties(policy, scope);
}

/** Whether a message passes a (checked) policy. */
export function passesFilter(
  text: string,
  scope: FilterPolicyScope,
  message: { body: string; attributes: MessageAttributes },
): boolean {
  const policy = parse(text);
  if (!isJsonObject(policy)) return true;
  const properties = scope === 'MessageBody' ? parse(message.body) : attributeValues(message.attributes);
  return isJsonObject(properties) && matches(policy, properties);
}

/** Attributes as the JSON they stand for; binary ones cannot be filtered by. */
function attributeValues(attributes: MessageAttributes): JsonObject {
  const values = Object.entries(attributes).flatMap(([name, { DataType, StringValue = '' }]): [string, unknown][] => {
    if (DataType === 'String.Array') return [[name, parse(StringValue)]];
    if (DataType.startsWith('Number')) return [[name, Number(StringValue)]];
    return DataType.startsWith('String') ? [[name, StringValue]] : [];
  });
  return Object.fromEntries(values);
}

function matches(policy: JsonObject, properties: JsonObject): boolean {
  return Object.entries(policy).every(([key, rules]) => {
    if (key === '$or' && Array.isArray(rules))
      return rules.some((each) => isJsonObject(each) && matches(each, properties));
    const values = Object.hasOwn(properties, key) ? [properties[key]].flat(Infinity) : [];
    if (Array.isArray(rules)) return rules.some((rule) => matchesRule(rule, values));
    return isJsonObject(rules) && values.some((value) => isJsonObject(value) && matches(rules, value));
  });
}

/** Whether any value satisfies one rule; none when the message has no such property. */
function matchesRule(rule: unknown, values: readonly unknown[]): boolean {
  if (!isJsonObject(rule)) return values.includes(rule);
  const [operator, operand] = Object.entries(rule)[0] ?? [];
  if (operator === 'exists') return operand === values.length > 0;
  const holds = operator === undefined ? undefined : OPERATORS[operator];
  return holds !== undefined && values.some((value) => holds(value, operand));
}

const OPERATORS: Record<string, (value: unknown, operand: unknown) => boolean> = {
  prefix: (value, operand) => typeof value === 'string' && value.startsWith(String(operand)),
  suffix: (value, operand) => typeof value === 'string' && value.endsWith(String(operand)),
  'equals-ignore-case': (value, operand) =>
    typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase(),
  'anything-but': (value, operand) => ![operand].flat().some((rule) => matchesRule(rule, [value])),
  numeric: (value, operand) => typeof value === 'number' && Array.isArray(operand) && inRange(value, operand),
};

/** `['>=', 0, '<', 10]`. */
function inRange(value: number, conditions: readonly unknown[]): boolean {
  for (let i = 0; i < conditions.length; i += 2) {
    const bound = Number(conditions[i + 1]);
    if (!COMPARISONS[String(conditions[i])]?.(value, bound)) return false;
  }
  return true;
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function checkProperties(policy: JsonObject, scope: FilterPolicyScope): void {
  for (const [key, rules] of Object.entries(policy)) {
    if (key === '$or' && Array.isArray(rules)) {
      for (const each of rules) if (isJsonObject(each)) checkProperties(each, scope);
    } else if (Array.isArray(rules)) {
      if (rules.length === 0) throw invalid('Empty arrays are not allowed');
      for (const rule of rules) checkRule(rule);
    } else if (!isJsonObject(rules)) {
      throw invalid(`"${key}" must be an object or an array`);
    } else if (scope === 'MessageAttributes') {
      throw invalid('Filter policy scope MessageAttributes does not support nested filter policy');
    } else {
      checkProperties(rules, scope);
    }
  }
}

function checkRule(rule: unknown): void {
  if (Array.isArray(rule)) throw invalid('Match value must be String, number, true, false, or null');
  if (!isJsonObject(rule)) return;
  const [operator = '', operand] = Object.entries(rule)[0] ?? [];
  if (Object.keys(rule).length !== 1) throw invalid('Only one key allowed in match expression');
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw invalid('exists match pattern must be either true or false.');
  } else if (operator === 'anything-but') {
    for (const each of [operand].flat()) checkRule(each);
  } else if (operator === 'numeric') {
    const good =
      Array.isArray(operand) &&
      operand.length > 0 &&
      operand.every((each, i) => (i % 2 === 0 ? String(each) in COMPARISONS : typeof each === 'number')) &&
      operand.length % 2 === 0;
    if (!good) throw invalid('Value of numeric must be a list of comparisons and numbers');
  } else if (!Object.hasOwn(OPERATORS, operator)) {
    throw invalid(`Unrecognized match type ${operator}`);
  } else if (typeof operand !== 'string') {
    throw invalid(`${operator} match pattern must be a string`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(reason: string): ReturnType<typeof invalidParameter> {
  return invalidParameter('FilterPolicy:', reason);
}
