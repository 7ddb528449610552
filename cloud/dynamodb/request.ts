/**
 * Members of DynamoDB requests, read once at the border and held to the limits of the API reference. AWS tells up to
 * ten broken limits in one sentence; here the first one is told, in the same words.
 */
import { notImplemented } from '../errors.ts';
import type { JsonObject } from '../wire/json.ts';
import { booleanMember, numberMember, objectMember, stringMember } from '../wire/json.ts';
import type { AttributeMap } from './attribute-value.ts';
import { readAttributeMap } from './attribute-value.ts';
import { validation } from './errors.ts';

/** A member's value breaks a limit of the API reference; `at` is the member's name in camelCase. */
export function violation(value: unknown, at: string, rule: string, subject = 'Member must'): Error {
  const shown = value === undefined || value === null ? 'null' : `'${showValue(value)}'`;
  return validation(
    `1 validation error detected: Value ${shown} at '${at}' failed to satisfy constraint: ${subject} ${rule}`,
  );
}

/** TableName, which may be the table's ARN. */
export function readTableName(input: JsonObject, member = 'TableName'): string {
  const given = stringMember(input, member);
  const at = camelCase(member);
  if (given === undefined) throw violation(undefined, at, 'not be null');
  return checkName(tableNameOf(given), at);
}

/** A table's name, given by name or ARN. */
export function tableNameOf(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:aws:dynamodb:[\w-]+:\d+:table\//, '');
}

/** A name of a table or an index: 3 to 255 letters, digits, `_`, `-`, `.`. */
export function checkName(name: string, at: string): string {
  if (!/^[\w.-]+$/.test(name)) throw violation(name, at, 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  if (name.length < 3) throw violation(name, at, 'have length greater than or equal to 3');
  if (name.length > 255) throw violation(name, at, 'have length less than or equal to 255');
  return name;
}

/** IndexName, if it is there. */
export function readIndexName(input: JsonObject): string | undefined {
  const name = stringMember(input, 'IndexName');
  return name === undefined ? undefined : checkName(name, 'indexName');
}

/** An item or a key that must be there. */
export function readMap(input: JsonObject, member: string): AttributeMap {
  if (input[member] === undefined || input[member] === null) {
    throw violation(undefined, camelCase(member), 'not be null');
  }
  return readAttributeMap(input[member]);
}

/** A member that is one of a few words, and what it means when it is absent. `at` is its place in the request. */
export function readWord<T extends string>(
  input: JsonObject,
  member: string,
  words: readonly T[],
  absent: T,
  at = camelCase(member),
): T {
  const given = stringMember(input, member);
  if (given === undefined) return absent;
  const word = words.find((each) => each === given);
  if (word === undefined) throw violation(given, at, `satisfy enum value set: [${words.join(', ')}]`);
  return word;
}

/** ReturnValues, in AWS's order. */
export const returnValues = ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'] as const;

/** A whole number within limits, if it is there. */
export function readInteger(input: JsonObject, member: string, min: number, max: number): number | undefined {
  const given = numberMember(input, member);
  if (given === undefined) return undefined;
  const at = camelCase(member);
  if (given < min) throw violation(given, at, `have value greater than or equal to ${min}`);
  if (given > max) throw violation(given, at, `have value less than or equal to ${max}`);
  return Math.floor(given);
}

/** A list of objects with a least and a greatest length. */
export function readList(input: JsonObject, member: string, min: number, max: number): unknown[] {
  const given = input[member];
  const at = camelCase(member);
  if (given === undefined || given === null) throw violation(undefined, at, 'not be null');
  if (!Array.isArray(given)) throw violation(given, at, 'be a list');
  if (given.length < min) throw violation(given, at, `have length greater than or equal to ${min}`);
  if (given.length > max) throw violation(given, at, `have length less than or equal to ${max}`);
  return given;
}

/** A structure that must be there. */
export function readObject(input: JsonObject, member: string): JsonObject {
  const given = objectMember(input, member);
  if (!given) throw violation(undefined, camelCase(member), 'not be null');
  return given;
}

/** ConsistentRead. */
export function readConsistent(input: JsonObject): boolean {
  return booleanMember(input, 'ConsistentRead') ?? false;
}

/** ReturnValues of PutItem and DeleteItem: whether the answer shows what lay there. */
export function readReturnOld(input: JsonObject): boolean {
  const wanted = readWord(input, 'ReturnValues', returnValues, 'NONE');
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD') throw validation('ReturnValues can only be ALL_OLD or NONE');
  return wanted === 'ALL_OLD';
}

/** The parameters expressions replaced in 2014 are not carried; ignoring one would do something else than was asked. */
export function refuseLegacy(operation: string, input: JsonObject): void {
  for (const member of legacyMembers) {
    if (input[member] !== undefined && input[member] !== null) {
      throw notImplemented('DynamoDB', `${operation} with the legacy parameter ${member}`);
    }
  }
}

const legacyMembers = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

function camelCase(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}

function showValue(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
