/**
 * One page of a Query or a Scan: items in the order of keys until the range ends, Limit items have been looked at, or
 * 1 MB has been read; what a filter leaves out counts too. As on AWS, a page that ends at its limit says where it
 * ended even when nothing follows.
 */
import type { JsonObject } from '../wire/json.ts';
import { stringMember } from '../wire/json.ts';
import type { AttributeMap, Item } from './attribute-value.ts';
import { getMember, itemSize, readAttributeMap, typeOf } from './attribute-value.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { invalidParameter, validation } from './errors.ts';
import { parseCondition } from './expression/condition.ts';
import { holds } from './expression/evaluate.ts';
import { parseProjection, pick, projectPaths } from './expression/projection.ts';
import { Substitutions } from './expression/substitutions.ts';
import type { Condition, Path } from './expression/syntax.ts';
import type { KeyRange } from './key-encoding.ts';
import { concat, encodeKey } from './key-encoding.ts';
import { readConsistent, readIndexName, readInteger, readTableName, readWord } from './request.ts';
import type { Index, Table } from './schema.ts';
import { indexNamed, keyMismatch, positionAttributes, project } from './schema.ts';

const pageSizeMax = 1024 * 1024;

/** What Query and Scan have in common. */
export interface PageRequest {
  table: Table;
  index: Index | undefined;
  consistent: boolean;
  limit: number | undefined;
  /** Only counts are asked for. */
  countOnly: boolean;
  /** Attributes an index does not hold are fetched from the table. */
  wholeItems: boolean;
  filter: Condition | undefined;
  projection: Path[] | undefined;
  /** KeyConditionExpression, of a Query. */
  keyCondition: Condition | undefined;
  start: { key: AttributeMap; position: Uint8Array } | undefined;
  capacity: ConsumedCapacity;
}

/** Reads the common members. `expressions` are the names of those the operation has. */
export function readPageRequest(engine: Engine, input: JsonObject, expressions: readonly string[]): PageRequest {
  const tableName = readTableName(input);
  const indexName = readIndexName(input);
  const limit = readInteger(input, 'Limit', 1, 2 ** 31 - 1);
  const consistent = readConsistent(input);
  const capacity = new ConsumedCapacity(input);
  const startKey = readStartKey(input);
  const substitutions = new Substitutions(input, expressions);
  const keyCondition = readCondition(input, 'KeyConditionExpression', substitutions);
  const filter = readCondition(input, 'FilterExpression', substitutions);
  const text = stringMember(input, 'ProjectionExpression');
  const projection = text === undefined ? undefined : parseProjection(text, substitutions);
  substitutions.checkAllUsed();
  const table = engine.tables.get(tableName);
  const index = indexName === undefined ? undefined : indexNamed(table, indexName);
  if (index?.kind === 'global' && consistent) {
    throw validation('Consistent reads are not supported on global secondary indexes');
  }
  return {
    table,
    index,
    consistent,
    limit,
    filter,
    projection,
    keyCondition,
    capacity,
    start: startKey && { key: startKey, position: positionOf(table, index, startKey) },
    ...readSelect(input, table, index, projection),
  };
}

/** Reads one page and answers it. */
export function answerPage(engine: Engine, request: PageRequest, range: KeyRange, forward: boolean): JsonObject {
  const { table, index, filter, projection, limit = Infinity } = request;
  const items: Item[] = [];
  let count = 0;
  let scanned = 0;
  let size = 0;
  let last: Item | undefined;
  for (const read of engine.items.read(table, index, pageRange(request, range, forward), forward, limit)) {
    const visible = index && !request.wholeItems ? project(table, index, read.item) : read.item;
    size += visible === read.item ? read.size : itemSize(visible);
    scanned++;
    if (!filter || holds(filter, visible)) {
      count++;
      if (!request.countOnly) items.push(projection ? projectPaths(visible, projection) : visible);
    }
    if (scanned >= limit || size >= pageSizeMax) {
      last = read.item;
      break;
    }
  }
  request.capacity.read(table, size, request.consistent);
  const names = positionAttributes(table, index).map(({ name }) => name);
  return {
    ...(request.countOnly ? {} : { Items: items }),
    Count: count,
    ScannedCount: scanned,
    ...(last ? { LastEvaluatedKey: pick(last, names) } : {}),
    ...request.capacity.one(),
  };
}

/** What is left of a range after the start key. */
function pageRange({ start }: PageRequest, { from, to }: KeyRange, forward: boolean): KeyRange {
  if (!start) return { from, to };
  return forward ? { from: concat(start.position, Uint8Array.of(0)), to } : { from, to: start.position };
}

function readCondition(input: JsonObject, member: string, substitutions: Substitutions): Condition | undefined {
  const text = stringMember(input, member);
  return text === undefined ? undefined : parseCondition(text, member, substitutions);
}

const selects = ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'] as const;

function readSelect(
  input: JsonObject,
  table: Table,
  index: Index | undefined,
  projection: Path[] | undefined,
): Pick<PageRequest, 'countOnly' | 'wholeItems'> {
  const given = stringMember(input, 'Select') !== undefined;
  const select = readWord(input, 'Select', selects, 'ALL_ATTRIBUTES');
  if (select === 'SPECIFIC_ATTRIBUTES' && !projection) {
    throw invalidParameter(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (given && projection && select !== 'SPECIFIC_ATTRIBUTES') {
    throw validation(`Cannot specify the ProjectionExpression when choosing to get ${select}`);
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && !index) {
    throw invalidParameter('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (!index || index.projection.type === 'ALL') return { countOnly: select === 'COUNT', wholeItems: false };
  const wantsAll = given && select === 'ALL_ATTRIBUTES';
  const beyond = attributesBeyond(table, index, projection ?? []);
  if (index.kind === 'global') {
    if (wantsAll) {
      throw invalidParameter(
        `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} ` +
          'because its projection type is not ALL',
      );
    }
    if (beyond.length > 0) {
      throw invalidParameter(`Global secondary index ${index.name} does not project [${beyond.join(', ')}]`);
    }
  }
  return { countOnly: select === 'COUNT', wholeItems: wantsAll || beyond.length > 0 };
}

/** Attributes that are asked for, but that the index does not hold. */
function attributesBeyond(table: Table, index: Index, paths: readonly Path[]): string[] {
  const held = new Set(positionAttributes(table, index).map(({ name }) => name));
  if (index.projection.type === 'INCLUDE') for (const name of index.projection.nonKeyAttributes) held.add(name);
  return paths.map(([name]) => name).filter((name) => !held.has(name));
}

function readStartKey(input: JsonObject): AttributeMap | undefined {
  const given = input.ExclusiveStartKey;
  return given === undefined || given === null ? undefined : readAttributeMap(given);
}

/** Where a start key stands. It must hold the attributes of the position, in their types, and no others. */
function positionOf(table: Table, index: Index | undefined, key: AttributeMap): Uint8Array {
  const attributes = positionAttributes(table, index);
  const fits =
    Object.keys(key).length === attributes.length &&
    attributes.every(({ name, type }) => {
      const value = getMember(key, name);
      return value && typeOf(value) === type;
    });
  if (!fits) {
    const why = index ? '' : `: ${keyMismatch().message}`;
    throw validation(`The provided starting key is invalid${why}`);
  }
  const tableKey = encodeKey(table.key, key);
  return index ? concat(encodeKey(index.key, key), tableKey) : tableKey;
}
