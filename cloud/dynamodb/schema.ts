/**
 * What a table is: its keys, its indexes, its settings; and the rules items and keys are held to before anything is
 * stored. All checks throw AWS's sentences.
 */
import type { AttributeMap, AttributeValue, Item } from './attribute-value.ts';
import { binaryLength, getMember, typeOf } from './attribute-value.ts';
import { EmptyKeyError, invalidParameter, validation } from './errors.ts';

/** A key attribute and its type. */
export interface KeyAttribute {
  name: string;
  type: 'S' | 'N' | 'B';
}

/** The key of a table or an index. */
export interface KeySchema {
  hash: KeyAttribute;
  range?: KeyAttribute;
}

/** A global or local secondary index. */
export interface Index {
  id: number;
  name: string;
  kind: 'global' | 'local';
  key: KeySchema;
  projection: { type: 'ALL' | 'KEYS_ONLY' } | { type: 'INCLUDE'; nonKeyAttributes: string[] };
  throughput?: Throughput;
}

/** Provisioned throughput: kept and shown, never enforced. */
export interface Throughput {
  ReadCapacityUnits: number;
  WriteCapacityUnits: number;
}

/** A table as stored. */
export interface Table {
  id: number;
  /** AWS's TableId, a UUID. */
  tableId: string;
  name: string;
  createdAtMs: number;
  key: KeySchema;
  indexes: Index[];
  /** Absent for PAY_PER_REQUEST. */
  throughput?: Throughput;
  deletionProtection: boolean;
  /** The attribute that holds the time to live, when it is enabled. */
  timeToLiveAttribute?: string;
}

/** The attributes of a key, hash first. */
export function keyAttributes(key: KeySchema): KeyAttribute[] {
  return key.range ? [key.hash, key.range] : [key.hash];
}

/** The attributes that say where an item stands in a table or one of its indexes: index key, then table key. */
export function positionAttributes(table: Table, index?: Index): KeyAttribute[] {
  const own = keyAttributes(index?.key ?? table.key);
  if (!index) return own;
  return [...own, ...keyAttributes(table.key).filter(({ name }) => !own.some((other) => other.name === name))];
}

/** The index a request names. Throws ValidationException when the table has none of that name. */
export function indexNamed(table: Table, name: string): Index {
  const index = table.indexes.find((each) => each.name === name);
  if (!index) throw validation(`The table does not have the specified index: ${name}`);
  return index;
}

/** Whether an item is in an index: only items that have all its key attributes are. */
export function isIndexed(index: Index, item: Item): boolean {
  return keyAttributes(index.key).every(({ name }) => getMember(item, name) !== undefined);
}

/** What an index shows of an item. */
export function project(table: Table, index: Index, item: Item): Item {
  if (index.projection.type === 'ALL') return item;
  const visible = new Set(positionAttributes(table, index).map(({ name }) => name));
  if (index.projection.type === 'INCLUDE') for (const name of index.projection.nonKeyAttributes) visible.add(name);
  return Object.fromEntries(Object.entries(item).filter(([name]) => visible.has(name)));
}

/** Holds an item that is to be stored to the keys of its table and the table's indexes. */
export function checkItem(table: Table, item: Item): void {
  for (const attribute of keyAttributes(table.key)) {
    const value = getMember(item, attribute.name);
    if (!value) throw invalidParameter(`Missing the key ${attribute.name} in the item`);
    if (typeOf(value) !== attribute.type) {
      throw invalidParameter(
        `Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`,
      );
    }
    checkKeyValue(attribute, value, attribute === table.key.hash);
  }
  for (const index of byName(table.indexes)) checkIndexKey(index, item);
}

/** Holds an item that an update made to the table's indexes; its key an update cannot change. */
export function checkUpdatedItem(table: Table, item: Item): void {
  for (const index of byName(table.indexes)) {
    const empty = keyAttributes(index.key).find(({ name }) => isEmpty(getMember(item, name)));
    if (empty) {
      throw new EmptyKeyError(
        'The update expression attempted to update a secondary index key to a value that is not supported. ' +
          `The AttributeValue for a key attribute cannot contain an empty ${typeWord(empty)} value.`,
      );
    }
    checkIndexKey(index, item);
  }
}

/** AWS tells of the first by name. */
function byName(indexes: readonly Index[]): Index[] {
  return [...indexes].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Holds an item to the key of one index; an item without the key is simply not in the index. */
export function checkIndexKey(index: Index, item: Item): void {
  for (const attribute of keyAttributes(index.key)) {
    const value = getMember(item, attribute.name);
    if (!value) continue;
    if (typeOf(value) !== attribute.type) {
      throw invalidParameter(
        `Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${typeOf(value)} ` +
          `IndexName: ${index.name}`,
      );
    }
    if (isEmpty(value)) {
      throw new EmptyKeyError(
        'A value specified for a secondary index key is not supported. ' +
          `The AttributeValue for a key attribute cannot contain an empty ${typeWord(attribute)} value. ` +
          `IndexName: ${index.name}, IndexKey: ${attribute.name}`,
      );
    }
    checkKeySize(value, attribute === index.key.hash);
  }
}

/** Holds a key of a request to the schema: exactly its attributes, in their types. */
export function checkKey(schema: KeySchema, key: AttributeMap): void {
  const attributes = keyAttributes(schema);
  if (Object.keys(key).length !== attributes.length) throw keyMismatch();
  for (const attribute of attributes) {
    const value = getMember(key, attribute.name);
    if (!value || typeOf(value) !== attribute.type) throw keyMismatch();
    checkKeyValue(attribute, value, attribute === schema.hash);
  }
}

/** What AWS says of a key that is not the table's. */
export function keyMismatch(): Error {
  return validation('The provided key element does not match the schema');
}

function checkKeyValue(attribute: KeyAttribute, value: AttributeValue, isHash: boolean): void {
  if (isEmpty(value)) {
    throw new EmptyKeyError(
      `The AttributeValue for a key attribute cannot contain an empty ${typeWord(attribute)} value. ` +
        `Key: ${attribute.name}`,
    );
  }
  checkKeySize(value, isHash);
}

/** Developer Guide, "Constraints": a hash key has at most 2048 bytes, a range key 1024. */
function checkKeySize(value: AttributeValue, isHash: boolean): void {
  const size = 'S' in value ? Buffer.byteLength(value.S) : 'B' in value ? binaryLength(value.B) : 0;
  if (isHash && size > 2048) {
    // AWS's sentence lacks this space.
    throw invalidParameter('Size of hashkey has exceeded the maximum size limit of2048 bytes');
  }
  if (!isHash && size > 1024) {
    throw invalidParameter('Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
  }
}

function isEmpty(value: AttributeValue | undefined): boolean {
  return value !== undefined && (('S' in value && value.S === '') || ('B' in value && value.B === ''));
}

function typeWord({ type }: KeyAttribute): string {
  return type === 'B' ? 'binary' : 'string';
}
