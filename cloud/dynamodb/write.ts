/**
 * One conditional change of one item, the same whether it comes alone, in a batch or in a transaction. It is made in
 * three steps that a transaction takes for all its writes together: read from the request, bound to the table (its
 * keys checked), performed.
 */
import type { JsonObject } from '../wire/json.ts';
import { stringMember } from '../wire/json.ts';
import type { Item } from './attribute-value.ts';
import { itemSize, itemSizeMax } from './attribute-value.ts';
import type { Engine } from './engine.ts';
import { conditionFailed, invalidParameter, validation } from './errors.ts';
import { parseCondition } from './expression/condition.ts';
import { holds } from './expression/evaluate.ts';
import { Substitutions } from './expression/substitutions.ts';
import type { Condition } from './expression/syntax.ts';
import type { Action } from './expression/update.ts';
import { applyUpdate, onlyRemoves, parseUpdate, topLevelNames } from './expression/update.ts';
import type { StoredItem } from './items.ts';
import { encodeKey } from './key-encoding.ts';
import { readMap, readTableName, readWord } from './request.ts';
import type { Table } from './schema.ts';
import { checkItem, checkKey, checkUpdatedItem, keyAttributes } from './schema.ts';

/** A write as a request says it; its expressions are sound. */
export interface Write {
  tableName: string;
  /** What comes of it in its table. Throws ValidationException when key or item do not suit the table. */
  bind(table: Table): BoundWrite;
}

/** A write that knows its item. */
export interface BoundWrite {
  table: Table;
  key: Uint8Array;
  condition?: Condition;
  /** Whether a failed condition tells what lies there. */
  tellOld: boolean;
  /** What shall lie there: another item, nothing, or – the very same object – what lies there already. */
  next(old: StoredItem | undefined): Item | undefined;
}

/** What a write did. */
export interface Written {
  old?: Item;
  new?: Item;
  /** The greater of both, in bytes. */
  size: number;
}

/** A Put: the item takes the place of whatever has its key. */
export function readPut(input: JsonObject): Write & { item: Item } {
  const tableName = readTableName(input);
  const item = readMap(input, 'Item');
  if (itemSize(item) > itemSizeMax) throw validation('Item size has exceeded the maximum allowed size');
  const conditional = readConditional(input, ['ConditionExpression']);
  return {
    tableName,
    item,
    bind(table) {
      checkItem(table, item);
      return { table, key: encodeKey(table.key, item), ...conditional, next: () => item };
    },
  };
}

/** A Delete. */
export function readDelete(input: JsonObject): Write {
  return readKeyed(input, ['ConditionExpression'], () => undefined);
}

/** A ConditionCheck of a transaction: changes nothing. */
export function readConditionCheck(input: JsonObject): Write {
  if (stringMember(input, 'ConditionExpression') === undefined) {
    throw validation('The ConditionExpression must be specified in a ConditionCheck.');
  }
  return readKeyed(input, ['ConditionExpression'], (old) => old?.item);
}

/** An Update, and its actions, for an answer that shows what they changed. */
export function readUpdate(input: JsonObject): Write & { actions: Action[] } {
  const tableName = readTableName(input);
  const key = readMap(input, 'Key');
  const expression = stringMember(input, 'UpdateExpression');
  let actions: Action[] = [];
  const conditional = readConditional(input, ['UpdateExpression', 'ConditionExpression'], (substitutions) => {
    if (expression !== undefined) actions = parseUpdate(expression, substitutions);
  });
  return {
    tableName,
    actions,
    bind(table) {
      checkKey(table.key, key);
      checkKeysUntouched(table, actions);
      return {
        table,
        key: encodeKey(table.key, key),
        ...conditional,
        next: (old) => updated(table, key, actions, old),
      };
    },
  };
}

/** Makes the change, or throws and leaves all as it was. For use inside a transaction of the store. */
export function perform({ items }: Engine, write: BoundWrite): Written {
  const old = items.get(write.table, write.key);
  if (!conditionHolds(write, old)) throw conditionFailed(write.tellOld ? old?.item : undefined);
  return change(items, write, old);
}

/** Whether the condition, if there is one, is true of what lies there. */
export function conditionHolds({ condition }: BoundWrite, old: StoredItem | undefined): boolean {
  return !condition || holds(condition, old?.item ?? {});
}

/** Makes the change without asking the condition again. */
export function change(items: Engine['items'], write: BoundWrite, old: StoredItem | undefined): Written {
  const next = write.next(old);
  const size = next ? itemSize(next) : 0;
  if (next !== old?.item) {
    if (next) items.put(write.table, write.key, next, size, old);
    else if (old) items.delete(write.table, old);
  }
  return {
    ...(old ? { old: old.item } : {}),
    ...(next ? { new: next } : {}),
    size: Math.max(old?.size ?? 0, size),
  };
}

/** No two writes of one request may be about the same item. */
export function checkDistinct(writes: readonly BoundWrite[], message: string): void {
  const seen = new Set(writes.map(({ table, key }) => `${table.id}:${Buffer.from(key).toString('latin1')}`));
  if (seen.size < writes.length) throw validation(message);
}

function readKeyed(input: JsonObject, expressions: string[], next: BoundWrite['next']): Write {
  const tableName = readTableName(input);
  const key = readMap(input, 'Key');
  const conditional = readConditional(input, expressions);
  return {
    tableName,
    bind(table) {
      checkKey(table.key, key);
      return { table, key: encodeKey(table.key, key), ...conditional, next };
    },
  };
}

/** The condition and what to tell when it fails; `others` reads the other expressions, which share placeholders. */
function readConditional(
  input: JsonObject,
  expressions: string[],
  others: (substitutions: Substitutions) => void = () => {},
): Pick<BoundWrite, 'condition' | 'tellOld'> {
  const tellOld = readWord(input, 'ReturnValuesOnConditionCheckFailure', ['ALL_OLD', 'NONE'], 'NONE') === 'ALL_OLD';
  const substitutions = new Substitutions(input, expressions);
  others(substitutions);
  const text = stringMember(input, 'ConditionExpression');
  const condition = text === undefined ? undefined : parseCondition(text, 'ConditionExpression', substitutions);
  substitutions.checkAllUsed();
  return condition ? { condition, tellOld } : { tellOld };
}

function checkKeysUntouched(table: Table, actions: Action[]): void {
  const touched = topLevelNames(actions);
  for (const { name } of keyAttributes(table.key)) {
    if (touched.has(name)) {
      throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
}

function updated(table: Table, key: Item, actions: Action[], old: StoredItem | undefined): Item | undefined {
  // An update that only takes away makes nothing of nothing, whatever its paths; observed of AWS by ScyllaDB's
  // test/alternator/test_returnvalues.py and test_update_expression.py.
  if (!old && actions.length > 0 && onlyRemoves(actions)) return undefined;
  const item = old ? (JSON.parse(old.json) as Item) : { ...key };
  applyUpdate(actions, item);
  checkUpdatedItem(table, item);
  if (itemSize(item) > itemSizeMax) {
    throw validation('Item size to update has exceeded the maximum allowed size');
  }
  return item;
}
