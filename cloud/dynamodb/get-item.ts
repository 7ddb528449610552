/** GetItem. Every read here is consistent. */
import type { JsonObject } from '../wire/json.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { find, readProjection } from './read.ts';
import { readConsistent, readMap, readTableName, refuseLegacy } from './request.ts';

export function getItem(engine: Engine, input: JsonObject): JsonObject {
  refuseLegacy('GetItem', input);
  const name = readTableName(input);
  const key = readMap(input, 'Key');
  const projection = readProjection(input);
  const capacity = new ConsumedCapacity(input);
  const table = engine.tables.get(name);
  const { item, size } = find(engine, table, key, projection);
  capacity.read(table, size, readConsistent(input));
  return { ...(item ? { Item: item } : {}), ...capacity.one() };
}
