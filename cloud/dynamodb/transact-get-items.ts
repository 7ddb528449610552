/** TransactGetItems: up to 100 items as they were at one moment. */
import type { JsonObject } from '../wire/json.ts';
import { isJsonObject } from '../wire/json.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { serialization } from './errors.ts';
import { find, readProjection } from './read.ts';
import { readList, readMap, readObject, readTableName } from './request.ts';

const getsMax = 100;

export function transactGetItems(engine: Engine, input: JsonObject): JsonObject {
  const capacity = new ConsumedCapacity(input);
  const gets = readList(input, 'TransactItems', 1, getsMax).map((json) => {
    if (!isJsonObject(json)) throw serialization('Start of structure or map found where not expected');
    const get = readObject(json, 'Get');
    return { tableName: readTableName(get), key: readMap(get, 'Key'), projection: readProjection(get) };
  });
  const responses = gets.map(({ tableName, key, projection }) => {
    const table = engine.tables.get(tableName);
    const { item, size } = find(engine, table, key, projection);
    capacity.read(table, size, true);
    return item ? { Item: item } : {};
  });
  capacity.double();
  return { Responses: responses, ...capacity.list() };
}
