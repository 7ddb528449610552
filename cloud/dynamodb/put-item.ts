/** PutItem. */
import type { JsonObject } from '../wire/json.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { readReturnOld, refuseLegacy } from './request.ts';
import { perform, readPut } from './write.ts';

export function putItem(engine: Engine, input: JsonObject): JsonObject {
  refuseLegacy('PutItem', input);
  const returnOld = readReturnOld(input);
  const capacity = new ConsumedCapacity(input);
  const write = readPut(input);
  const bound = write.bind(engine.tables.get(write.tableName));
  const written = engine.items.transaction(() => perform(engine, bound));
  capacity.write(bound.table, written.size);
  return { ...(returnOld && written.old ? { Attributes: written.old } : {}), ...capacity.one() };
}
