/** The members of CreateTable and UpdateTable that say what keys and indexes there are, read and held to AWS's rules. */
import type { JsonObject } from '../wire/json.ts';
import {
  isJsonObject,
  numberMember,
  objectListMember,
  objectMember,
  stringListMember,
  stringMember,
} from '../wire/json.ts';
import { invalidParameter, validation } from './errors.ts';
import { checkName, readList, readObject, readWord, violation } from './request.ts';
import type { Index, KeyAttribute, KeySchema, Throughput } from './schema.ts';
import { keyAttributes } from './schema.ts';

/** The types of the attributes that keys may name. */
export type AttributeDefinitions = ReadonlyMap<string, KeyAttribute>;

/** AttributeDefinitions. */
export function readAttributeDefinitions(input: JsonObject): AttributeDefinitions {
  const definitions = new Map<string, KeyAttribute>();
  for (const [i, each] of objectListMember(input, 'AttributeDefinitions').entries()) {
    const at = `attributeDefinitions.${i + 1}.member`;
    const name = stringMember(each, 'AttributeName');
    if (name === undefined) throw violation(undefined, `${at}.attributeName`, 'not be null');
    definitions.set(name, { name, type: readWord(each, 'AttributeType', ['B', 'N', 'S'], 'S', `${at}.attributeType`) });
  }
  return definitions;
}

/** KeySchema of a table or an index. */
export function readKeySchema(input: JsonObject, definitions: AttributeDefinitions): KeySchema {
  const elements = readList(input, 'KeySchema', 1, 2).filter(isJsonObject);
  const kinds = elements.map((element, i) =>
    readWord(element, 'KeyType', ['HASH', 'RANGE'], 'HASH', `keySchema.${i + 1}.member.keyType`),
  );
  const names = elements.map((element) => stringMember(element, 'AttributeName') ?? '');
  if (names.length > definitions.size) {
    throw validation('Invalid KeySchema: Some index key attribute have no definition');
  }
  if (names.some((name) => !definitions.has(name))) {
    throw invalidParameter(
      'Some index key attributes are not defined in AttributeDefinitions. ' +
        `Keys: [${names.join(', ')}], AttributeDefinitions: [${[...definitions.keys()].join(', ')}]`,
    );
  }
  if (names[0] === names[1]) {
    throw validation('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (kinds[0] !== 'HASH') {
    throw validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (kinds.length > 1 && kinds[1] !== 'RANGE') {
    throw validation('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  const [hash, range] = names.map((name) => definitions.get(name));
  if (!hash) throw new Error('a key schema without a hash key');
  return range ? { hash, range } : { hash };
}

/** One member of GlobalSecondaryIndexes or LocalSecondaryIndexes, or a new index of UpdateTable. */
export function readIndex(
  input: JsonObject,
  kind: Index['kind'],
  definitions: AttributeDefinitions,
): Omit<Index, 'id'> {
  const name = stringMember(input, 'IndexName');
  if (name === undefined) throw violation(undefined, 'indexName', 'not be null');
  const throughput = readThroughput(input);
  return {
    name: checkName(name, 'indexName'),
    kind,
    key: readKeySchema(input, definitions),
    projection: readProjection(input),
    ...(throughput ? { throughput } : {}),
  };
}

/** ProvisionedThroughput, if it is there. */
export function readThroughput(input: JsonObject): Throughput | undefined {
  const given = objectMember(input, 'ProvisionedThroughput');
  if (!given) return undefined;
  return {
    ReadCapacityUnits: readUnits(given, 'ReadCapacityUnits'),
    WriteCapacityUnits: readUnits(given, 'WriteCapacityUnits'),
  };
}

/** Indexes of one table: no two of one name, not too many, local ones on the table's own hash key. */
export function checkIndexes(key: KeySchema, indexes: readonly Omit<Index, 'id'>[]): void {
  const names = new Set<string>();
  for (const index of indexes) {
    if (names.has(index.name)) throw invalidParameter(`Duplicate index name: ${index.name}`);
    names.add(index.name);
    if (index.kind === 'local') checkLocalIndex(key, index);
  }
  // Developer Guide, "Quotas": 20 global and 5 local indexes.
  if (indexes.filter(({ kind }) => kind === 'global').length > 20) {
    throw invalidParameter('GlobalSecondaryIndex count exceeds the per-table limit of 20');
  }
  if (indexes.filter(({ kind }) => kind === 'local').length > 5) {
    throw invalidParameter('Number of LocalSecondaryIndexes exceeds per-table limit of 5');
  }
}

/** Every attribute that is defined must be in some key. */
export function checkAllDefinitionsUsed(
  definitions: AttributeDefinitions,
  key: KeySchema,
  indexes: readonly { key: KeySchema }[],
): void {
  const used = new Set([{ key }, ...indexes].flatMap(({ key }) => keyAttributes(key).map(({ name }) => name)));
  if (used.size === definitions.size) return;
  if (indexes.length === 0) {
    throw invalidParameter(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  throw invalidParameter(
    'Some AttributeDefinitions are not used. ' +
      `AttributeDefinitions: [${[...definitions.keys()].join(', ')}], keys used: [${[...used].join(', ')}]`,
  );
}

function checkLocalIndex(key: KeySchema, index: Omit<Index, 'id'>): void {
  if (!key.range) {
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  if (!index.key.range) {
    throw invalidParameter(`Index KeySchema does not have a range key for index: ${index.name}`);
  }
  if (index.key.hash.name !== key.hash.name) {
    throw invalidParameter(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index.name}. ` +
        `index hash key: ${index.key.hash.name}, table hash key: ${key.hash.name}`,
    );
  }
}

function readProjection(input: JsonObject): Index['projection'] {
  const given = readObject(input, 'Projection');
  if (given.ProjectionType === undefined) throw invalidParameter('Unknown ProjectionType: null');
  const type = readWord(given, 'ProjectionType', ['ALL', 'INCLUDE', 'KEYS_ONLY'], 'ALL');
  const nonKeyAttributes = stringListMember(given, 'NonKeyAttributes');
  if (type === 'INCLUDE') {
    if (nonKeyAttributes.length > 0) return { type, nonKeyAttributes };
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
  if (nonKeyAttributes.length > 0) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  return { type };
}

function readUnits(given: JsonObject, member: 'ReadCapacityUnits' | 'WriteCapacityUnits'): number {
  const units = numberMember(given, member);
  const at = `provisionedThroughput.${member.charAt(0).toLowerCase()}${member.slice(1)}`;
  if (units === undefined) throw violation(undefined, at, 'not be null');
  if (units < 1) throw violation(units, at, 'have value greater than or equal to 1');
  return units;
}
