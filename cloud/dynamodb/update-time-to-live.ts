/** UpdateTimeToLive. In force at once; AWS takes up to an hour. */
import type { JsonObject } from '../wire/json.ts';
import { booleanMember, stringMember } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { validation } from './errors.ts';
import { readObject, readTableName, violation } from './request.ts';
import type { Table } from './schema.ts';

export function updateTimeToLive({ tables, items }: Engine, input: JsonObject): JsonObject {
  const table = tables.named(readTableName(input));
  const specification = readObject(input, 'TimeToLiveSpecification');
  const attribute = stringMember(specification, 'AttributeName');
  const enabled = booleanMember(specification, 'Enabled');
  if (!attribute) throw violation(attribute, 'timeToLiveSpecification.attributeName', 'not be null');
  if (enabled === undefined) throw violation(undefined, 'timeToLiveSpecification.enabled', 'not be null');
  checkChange(table.timeToLiveAttribute, attribute, enabled);
  tables.change(table, () => {
    const { timeToLiveAttribute: _old, ...rest } = table;
    const changed: Table = enabled ? { ...rest, timeToLiveAttribute: attribute } : rest;
    items.resetExpiry(changed);
    return changed;
  });
  return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
}

function checkChange(current: string | undefined, attribute: string, enabled: boolean): void {
  if (!enabled && current === undefined) throw validation('TimeToLive is already disabled');
  if (current !== undefined && current !== attribute) {
    throw validation(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
  }
  if (enabled && current !== undefined) throw validation('TimeToLive is already enabled');
}
