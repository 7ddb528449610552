/**
 * BatchWriteItem: up to 25 puts and deletes. Here they are all made or none; AWS makes each for itself, and may leave
 * some as UnprocessedItems, so a program must not rely on it.
 */
import type { JsonObject } from '../wire/json.ts';
import { isJsonObject, objectMember } from '../wire/json.ts';
import type { Item } from './attribute-value.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { serialization, validation } from './errors.ts';
import { pick } from './expression/projection.ts';
import { checkName, readObject, tableNameOf, violation } from './request.ts';
import { checkKey, keyAttributes } from './schema.ts';
import type { BoundWrite, Write } from './write.ts';
import { checkDistinct, perform, readDelete, readPut } from './write.ts';

const writesMax = 25;

export function batchWriteItem(engine: Engine, input: JsonObject): JsonObject {
  const capacity = new ConsumedCapacity(input);
  const bound = readWrites(input).map((write) => bind(engine, write));
  checkDistinct(bound, 'Provided list of item keys contains duplicates');
  engine.items.transaction(() => {
    for (const write of bound) capacity.write(write.table, perform(engine, write).size);
  });
  return { UnprocessedItems: {}, ...capacity.list() };
}

/** In a batch the keys of items are told of as those of deletes are. */
function bind({ tables }: Engine, write: Write & { item?: Item }): BoundWrite {
  const table = tables.get(write.tableName);
  if (write.item) {
    const names = keyAttributes(table.key).map(({ name }) => name);
    checkKey(table.key, pick(write.item, names));
  }
  return write.bind(table);
}

function readWrites(input: JsonObject): (Write & { item?: Item })[] {
  const given = Object.entries(readObject(input, 'RequestItems'));
  if (given.length === 0) throw validation('The requestItems parameter is required for BatchWriteItem');
  const writes = given.flatMap(([name, requests]) => {
    const tableName = checkName(tableNameOf(name), 'requestItems');
    if (!Array.isArray(requests)) throw serialization('Start of list expected');
    if (requests.length === 0 || requests.length > writesMax) {
      throw violation(
        { [name]: requests },
        'requestItems',
        'satisfy constraint: [Member must have length less than or equal to 25, ' +
          'Member must have length greater than or equal to 1]',
        'Map value must',
      );
    }
    return requests.map((request) => readRequest(tableName, request));
  });
  if (writes.length > writesMax) throw validation('Too many items requested for the BatchWriteItem call');
  return writes;
}

function readRequest(TableName: string, request: unknown): Write & { item?: Item } {
  const put = isJsonObject(request) ? objectMember(request, 'PutRequest') : undefined;
  const remove = isJsonObject(request) ? objectMember(request, 'DeleteRequest') : undefined;
  if (put && !remove) return readPut({ TableName, Item: put.Item });
  if (remove && !put) return readDelete({ TableName, Key: remove.Key });
  throw validation(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}
