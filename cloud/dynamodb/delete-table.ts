/** DeleteTable. The table is gone when the answer comes. */
import type { JsonObject } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { validation } from './errors.ts';
import { readTableName } from './request.ts';

export function deleteTable({ tables }: Engine, input: JsonObject): JsonObject {
  const table = tables.named(readTableName(input));
  if (table.deletionProtection) {
    throw validation(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    );
  }
  const description = tables.describe(table, 'DELETING');
  tables.delete(table);
  return { TableDescription: description };
}
