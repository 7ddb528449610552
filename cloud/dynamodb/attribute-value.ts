/**
 * Attribute values: read from a request and checked once, compared, measured. They keep the shape of AWS's JSON
 * (`{"S":"x"}`, `{"L":[…]}`), in which they are also stored, so that an answer needs no conversion. Binaries stay
 * base64, numbers are in normal form.
 */
import { isJsonObject } from '../wire/json.ts';
import { invalidParameter, serialization, validation } from './errors.ts';
import { compareNumbers, normalizeNumber, numberSize } from './number.ts';

/** A value as AWS's JSON says it: exactly one member, named by its type. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] }
  | { L: AttributeValue[] }
  | { M: AttributeMap };

/** Attributes by name: an item, a key, or the inside of a map. Read and write it with `getMember` and `setMember`. */
export interface AttributeMap {
  [name: string]: AttributeValue;
}

/** A whole item. */
export type Item = AttributeMap;

/** The names of the types. */
export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/** Developer Guide, "Constraints": an item with its attribute names has at most 400 KB. */
export const itemSizeMax = 400 * 1024;

/** Developer Guide, "Constraints": at most 32 levels, of which the attribute itself is one. */
const depthMax = 31;

/** A member by name; `undefined` also for names every JavaScript object has (`constructor`). */
export function getMember(map: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Sets a member; `__proto__` is a name like any other. */
export function setMember(map: AttributeMap, name: string, value: AttributeValue): void {
  if (name !== '__proto__') map[name] = value;
  else Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The type of a value. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw new Error('an attribute value without a type');
}

/** Reads an item or a key. Throws SerializationException or ValidationException. */
export function readAttributeMap(json: unknown, depth = 0): AttributeMap {
  if (!isJsonObject(json)) throw wrongType(json, 'java.util.Map<java.lang.String, AttributeValue>');
  const map: AttributeMap = {};
  for (const name of Object.keys(json)) setMember(map, name, readAttributeValue(json[name], depth));
  return map;
}

/** Reads one value. Throws SerializationException or ValidationException. */
export function readAttributeValue(json: unknown, depth = 0): AttributeValue {
  if (!isJsonObject(json)) throw wrongType(json, 'com.amazonaws.dynamodb.v20120810.AttributeValue');
  if (depth > depthMax) {
    throw validation(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  }
  const types = Object.keys(json).filter((type) => json[type] !== null);
  const [type] = types;
  if (type === undefined || !Object.hasOwn(readers, type)) {
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  const value = readers[type as AttributeType](json[type], depth);
  if (types.length > 1) {
    throw validation(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return value;
}

const readers: Record<AttributeType, (json: unknown, depth: number) => AttributeValue> = {
  S: (json) => ({ S: readString(json) }),
  N: (json) => ({ N: normalizeNumber(readString(json)) }),
  B: (json) => ({ B: readBinary(json) }),
  BOOL: (json) => ({ BOOL: readBoolean(json) }),
  // False is accepted and means the same, on AWS since June 2026.
  NULL: (json) => {
    readBoolean(json);
    return { NULL: true };
  },
  SS: (json) => ({ SS: readSet(json, readString, 'An string set  may not be empty') }),
  NS: (json) => ({
    NS: readSet(json, (each) => normalizeNumber(readString(each)), 'An number set  may not be empty'),
  }),
  BS: (json) => ({ BS: readSet(json, readBinary, 'Binary sets should not be empty') }),
  L: (json, depth) => ({ L: readList(json).map((each) => readAttributeValue(each, depth + 1)) }),
  M: (json, depth) => ({ M: readAttributeMap(json, depth + 1) }),
};

function readString(json: unknown): string {
  if (typeof json === 'string') return json;
  throw wrongType(json, 'String');
}

function readBoolean(json: unknown): boolean {
  if (typeof json === 'boolean') return json;
  throw wrongType(json, 'Boolean');
}

function readBinary(json: unknown): string {
  const text = readString(json);
  if (text.length % 4 !== 0) {
    throw serialization(`Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`);
  }
  if (Buffer.from(text, 'base64').toString('base64') !== text) {
    throw serialization('Invalid last non-pad Base64 character dectected');
  }
  return text;
}

function readList(json: unknown): unknown[] {
  if (Array.isArray(json)) return json;
  throw wrongType(json, 'List');
}

function readSet(json: unknown, read: (each: unknown) => string, emptyMessage: string): string[] {
  const elements = readList(json).map(read);
  if (elements.length === 0) throw invalidParameter(emptyMessage);
  if (new Set(elements).size < elements.length) {
    throw invalidParameter(`Input collection [${elements.join(', ')}] contains duplicates.`);
  }
  return elements;
}

function wrongType(json: unknown, wanted: string): Error {
  switch (typeof json) {
    case 'number':
      return serialization(
        `${Number.isInteger(json) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE'} cannot be converted to ${wanted}`,
      );
    case 'boolean':
      return serialization(`${json ? 'TRUE_VALUE' : 'FALSE_VALUE'} cannot be converted to ${wanted}`);
    case 'string':
      return serialization(`STRING_VALUE cannot be converted to ${wanted}`);
    default:
      return serialization(
        Array.isArray(json)
          ? `Unrecognized collection type ${wanted}`
          : 'Start of structure or map found where not expected',
      );
  }
}

/** Whether two values are the same: types too, numbers as numbers, sets in any order. */
export function valuesEqual(a: AttributeValue, b: AttributeValue): boolean {
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && a.B === b.B;
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('SS' in a) return 'SS' in b && setsEqual(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && setsEqual(a.NS, b.NS);
  if ('BS' in a) return 'BS' in b && setsEqual(a.BS, b.BS);
  if ('L' in a) return 'L' in b && listsEqual(a.L, b.L);
  return 'M' in b && mapsEqual(a.M, b.M);
}

function setsEqual(a: string[], b: string[]): boolean {
  const members = new Set(a);
  return a.length === b.length && b.every((each) => members.has(each));
}

function listsEqual(a: AttributeValue[], b: AttributeValue[]): boolean {
  return (
    a.length === b.length &&
    a.every((value, i) => {
      const other = b[i];
      return other !== undefined && valuesEqual(value, other);
    })
  );
}

function mapsEqual(a: AttributeMap, b: AttributeMap): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const mine = getMember(a, name);
      const other = getMember(b, name);
      return mine !== undefined && other !== undefined && valuesEqual(mine, other);
    })
  );
}

/**
 * The order of two strings (by UTF-8 bytes), numbers or binaries: negative, zero or positive. `undefined` when the
 * types differ or have no order.
 */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('S' in a && 'S' in b) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if ('N' in a && 'N' in b) return compareNumbers(a.N, b.N);
  if ('B' in a && 'B' in b) return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
  return undefined;
}

/** The bytes AWS counts for an item: names and values (Developer Guide, "DynamoDB item sizes and formats"). */
export function itemSize(item: AttributeMap): number {
  let size = 0;
  for (const name of Object.keys(item)) {
    const value = getMember(item, name);
    if (value) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return binaryLength(value.B);
  if ('SS' in value) return sum(value.SS, (each) => Buffer.byteLength(each));
  if ('NS' in value) return sum(value.NS, numberSize);
  if ('BS' in value) return sum(value.BS, binaryLength);
  if ('L' in value) return 3 + sum(value.L, (each) => 1 + valueSize(each));
  if ('M' in value) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

/** How many bytes a base64 text stands for. */
export function binaryLength(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
}

function sum<T>(all: readonly T[], measure: (each: T) => number): number {
  return all.reduce((total, each) => total + measure(each), 0);
}
