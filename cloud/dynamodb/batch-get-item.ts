/** BatchGetItem: up to 100 items of any tables, 16 MB at most; what is over comes back as UnprocessedKeys. */
import type { JsonObject } from '../wire/json.ts';
import { isJsonObject } from '../wire/json.ts';
import type { Item } from './attribute-value.ts';
import { readAttributeMap } from './attribute-value.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { serialization, validation } from './errors.ts';
import { encodeKey } from './key-encoding.ts';
import { find, readProjection } from './read.ts';
import { checkName, readConsistent, readList, readObject, refuseLegacy, tableNameOf } from './request.ts';
import type { Table } from './schema.ts';
import { checkKey } from './schema.ts';

const keysMax = 100;
const answerSizeMax = 16 * 1024 * 1024;

export function batchGetItem(engine: Engine, input: JsonObject): JsonObject {
  const capacity = new ConsumedCapacity(input);
  const requests = readRequests(engine, input);
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, JsonObject> = {};
  let answerSize = 0;
  for (const { name, table, request, keys, projection } of requests) {
    const found: Item[] = [];
    const left: unknown[] = [];
    for (const { key, json } of keys) {
      const { item, size } = find(engine, table, key, projection);
      if (answerSize + size > answerSizeMax) {
        left.push(json);
        continue;
      }
      answerSize += size;
      capacity.read(table, size, readConsistent(request));
      if (item) found.push(item);
    }
    responses[name] = found;
    if (left.length > 0) unprocessed[name] = { ...request, Keys: left };
  }
  return { Responses: responses, UnprocessedKeys: unprocessed, ...capacity.list() };
}

function readRequests(engine: Engine, input: JsonObject) {
  const given = Object.entries(readObject(input, 'RequestItems'));
  if (given.length === 0) throw validation('The requestItems parameter is required for BatchGetItem');
  const requests = given.map(([name, request]) => {
    if (!isJsonObject(request)) throw serialization('Start of structure or map found where not expected');
    refuseLegacy('BatchGetItem', request);
    const keys = readList(request, 'Keys', 1, keysMax).map((json) => ({ key: readAttributeMap(json), json }));
    return { name, request, keys, projection: readProjection(request) };
  });
  if (requests.reduce((total, { keys }) => total + keys.length, 0) > keysMax) {
    throw validation('Too many items requested for the BatchGetItem call');
  }
  return requests.map((request) => {
    const table = engine.tables.get(checkName(tableNameOf(request.name), 'requestItems'));
    checkDistinctKeys(table, request.keys);
    return { ...request, table };
  });
}

function checkDistinctKeys(table: Table, keys: { key: Item }[]): void {
  const seen = new Set<string>();
  for (const { key } of keys) {
    checkKey(table.key, key);
    seen.add(Buffer.from(encodeKey(table.key, key)).toString('latin1'));
  }
  if (seen.size < keys.length) throw validation('Provided list of item keys contains duplicates');
}
