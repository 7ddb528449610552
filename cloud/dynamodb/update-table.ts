/** UpdateTable: adds and removes global secondary indexes, changes billing and deletion protection; at once. */
import type { JsonObject } from '../wire/json.ts';
import { booleanMember, objectListMember, objectMember, stringMember } from '../wire/json.ts';
import { readBilling, refuseStream } from './create-table.ts';
import type { Engine } from './engine.ts';
import { resourceNotFound, validation } from './errors.ts';
import { readTableName } from './request.ts';
import type { Index, KeyAttribute, Table } from './schema.ts';
import { keyAttributes } from './schema.ts';
import type { AttributeDefinitions } from './table-definition.ts';
import { checkIndexes, readAttributeDefinitions, readIndex, readThroughput } from './table-definition.ts';

export function updateTable({ tables, items }: Engine, input: JsonObject): JsonObject {
  const table = tables.named(readTableName(input));
  refuseStream(input);
  const updates = objectListMember(input, 'GlobalSecondaryIndexUpdates');
  const settings = changedSettings(table, input);
  if (updates.length === 0 && settings === table) {
    throw validation(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or ' +
        'SSESpecification or ReplicaUpdates is required',
    );
  }
  const definitions = allDefinitions(table, input);
  const changed = tables.change(table, () => {
    let next = settings;
    for (const update of updates) {
      const create = objectMember(update, 'Create');
      const remove = objectMember(update, 'Delete');
      const change = objectMember(update, 'Update');
      if (create) {
        const index = tables.withIndexId(readIndex(create, 'global', definitions));
        checkNewIndex(next, index);
        next = { ...next, indexes: [...next.indexes, index] };
        items.fillIndex(next, index);
      } else if (remove) {
        const index = globalIndex(next, remove);
        items.clearIndex(index);
        next = { ...next, indexes: next.indexes.filter((other) => other !== index) };
      } else if (change) {
        const index = globalIndex(next, change);
        const throughput = readThroughput(change);
        const changedIndex = throughput ? { ...index, throughput } : index;
        next = { ...next, indexes: next.indexes.map((other) => (other === index ? changedIndex : other)) };
      }
    }
    return next;
  });
  return { TableDescription: tables.describe(changed) };
}

function changedSettings(table: Table, input: JsonObject): Table {
  const protection = booleanMember(input, 'DeletionProtectionEnabled');
  let changed = protection === undefined ? table : { ...table, deletionProtection: protection };
  if (input.BillingMode !== undefined || input.ProvisionedThroughput !== undefined) {
    const { throughput: _old, ...rest } = changed;
    const throughput = readBilling(input);
    changed = throughput ? { ...rest, throughput } : rest;
  }
  return changed;
}

/** The attributes of the keys there are, and those the request defines. */
function allDefinitions(table: Table, input: JsonObject): AttributeDefinitions {
  const definitions = new Map<string, KeyAttribute>(readAttributeDefinitions(input));
  for (const { key } of [table, ...table.indexes]) {
    for (const attribute of keyAttributes(key)) definitions.set(attribute.name, attribute);
  }
  return definitions;
}

function checkNewIndex(table: Table, index: Index): void {
  if (table.indexes.some(({ name }) => name === index.name)) {
    throw validation('Attempting to create an index which already exists');
  }
  checkIndexes(table.key, [...table.indexes, index]);
}

function globalIndex(table: Table, update: JsonObject): Index {
  const name = stringMember(update, 'IndexName');
  const index = table.indexes.find((each) => each.kind === 'global' && each.name === name);
  if (!index) throw resourceNotFound();
  return index;
}
