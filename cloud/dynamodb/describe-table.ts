/** DescribeTable. */
import type { JsonObject } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { readTableName } from './request.ts';

export function describeTable({ tables }: Engine, input: JsonObject): JsonObject {
  return { Table: tables.describe(tables.named(readTableName(input))) };
}
