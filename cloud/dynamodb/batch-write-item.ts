/**
 * BatchWriteItem: up to 25 puts and deletes. Here they are all made or none; AWS makes each for itself, and may leave
 * some as UnprocessedItems, so a program must not rely on it.
 */
import type { JsonObject } from '../wire/json.ts';
import { isJsonObject, objectMember } from '../wire/json.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { serialization, validation } from './errors.ts';
import { checkName, readObject, tableNameOf, violation } from './request.ts';
import type { Write } from './write.ts';
import { checkDistinct, perform, readDelete, readPut } from './write.ts';

const writesMax = 25;

export function batchWriteItem(engine: Engine, input: JsonObject): JsonObject {
  const capacity = new ConsumedCapacity(input);
  const writes = readWrites(input);
  const bound = writes.map((write) => write.bind(engine.tables.get(write.tableName)));
  checkDistinct(bound, 'Provided list of item keys contains duplicates');
  engine.items.transaction(() => {
    for (const write of bound) capacity.write(write.table, perform(engine, write).size);
  });
  return { UnprocessedItems: {}, ...capacity.list() };
}

function readWrites(input: JsonObject): Write[] {
  const given = Object.entries(readObject(input, 'RequestItems'));
  if (given.length === 0) throw violation({}, 'requestItems', 'have length greater than or equal to 1');
  const writes = given.flatMap(([name, requests]) => {
    const tableName = checkName(tableNameOf(name), 'requestItems');
    if (!Array.isArray(requests)) throw serialization('Start of list expected');
    if (requests.length === 0) {
      throw violation(
        { [name]: requests },
        'requestItems',
        'satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]',
      );
    }
    return requests.map((request) => readRequest(tableName, request));
  });
  if (writes.length > writesMax) throw validation('Too many items requested for the BatchWriteItem call');
  return writes;
}

function readRequest(TableName: string, request: unknown): Write {
  const put = isJsonObject(request) ? objectMember(request, 'PutRequest') : undefined;
  const remove = isJsonObject(request) ? objectMember(request, 'DeleteRequest') : undefined;
  if (put && !remove) return readPut({ TableName, Item: put.Item });
  if (remove && !put) return readDelete({ TableName, Key: remove.Key });
  throw validation(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}
