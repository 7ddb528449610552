/** ListTables. */
import type { JsonObject } from '../wire/json.ts';
import { stringMember } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { readInteger } from './request.ts';

export function listTables({ tables }: Engine, input: JsonObject): JsonObject {
  const limit = readInteger(input, 'Limit', 1, 100) ?? 100;
  const start = stringMember(input, 'ExclusiveStartTableName');
  const names = tables.names().filter((name) => start === undefined || name > start);
  const page = names.slice(0, limit);
  return { TableNames: page, ...(names.length > limit ? { LastEvaluatedTableName: page.at(-1) } : {}) };
}
