/** Reading single items by key, as GetItem, BatchGetItem and TransactGetItems do. */
import type { JsonObject } from '../wire/json.ts';
import { stringMember } from '../wire/json.ts';
import type { AttributeMap, Item } from './attribute-value.ts';
import type { Engine } from './engine.ts';
import { parseProjection, projectPaths } from './expression/projection.ts';
import { Substitutions } from './expression/substitutions.ts';
import type { Path } from './expression/syntax.ts';
import { encodeKey } from './key-encoding.ts';
import type { Table } from './schema.ts';
import { checkKey } from './schema.ts';

/** An item found, as the answer shows it. */
export interface Found {
  item?: Item;
  /** Bytes of the whole item; 0 when there is none. */
  size: number;
}

/** ProjectionExpression of a request that has no other expression. */
export function readProjection(input: JsonObject): Path[] | undefined {
  const substitutions = new Substitutions(input, ['ProjectionExpression']);
  const text = stringMember(input, 'ProjectionExpression');
  const paths = text === undefined ? undefined : parseProjection(text, substitutions);
  substitutions.checkAllUsed();
  return paths;
}

/** Throws ValidationException when the key is not the table's. */
export function find({ items }: Engine, table: Table, key: AttributeMap, projection: Path[] | undefined): Found {
  checkKey(table.key, key);
  const stored = items.get(table, encodeKey(table.key, key));
  if (!stored) return { size: 0 };
  return {
    item: projection ? projectPaths(stored.item, projection) : stored.item,
    size: stored.size,
  };
}
