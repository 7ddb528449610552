/** UpdateItem. Makes the item when there is none, unless the update only takes away. */
import type { JsonObject } from '../wire/json.ts';
import type { Item } from './attribute-value.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { projectPaths } from './expression/projection.ts';
import type { Action } from './expression/update.ts';
import { readWord, refuseLegacy, returnValues } from './request.ts';
import type { Written } from './write.ts';
import { perform, readUpdate } from './write.ts';

export function updateItem(engine: Engine, input: JsonObject): JsonObject {
  refuseLegacy('UpdateItem', input);
  const wanted = readWord(input, 'ReturnValues', returnValues, 'NONE');
  const capacity = new ConsumedCapacity(input);
  const write = readUpdate(input);
  const bound = write.bind(engine.tables.get(write.tableName));
  const written = engine.items.transaction(() => perform(engine, bound));
  capacity.write(bound.table, written.size);
  const attributes = shown(wanted, written, write.actions);
  return { ...(attributes ? { Attributes: attributes } : {}), ...capacity.one() };
}

function shown(wanted: (typeof returnValues)[number], written: Written, actions: Action[]): Item | undefined {
  switch (wanted) {
    case 'NONE':
      return undefined;
    case 'ALL_OLD':
      return written.old;
    case 'ALL_NEW':
      return written.new;
    case 'UPDATED_OLD':
      return touched(written.old, actions);
    case 'UPDATED_NEW':
      return touched(written.new, actions);
  }
}

/** Only what lies at the paths of the update. */
function touched(item: Item | undefined, actions: Action[]): Item | undefined {
  if (!item) return undefined;
  const parts = projectPaths(
    item,
    actions.map(({ path }) => path),
  );
  return Object.keys(parts).length > 0 ? parts : undefined;
}
