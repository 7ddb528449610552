/**
 * The items of all tables and the entries of all their indexes, in SQLite. An index entry is a key and the row of the
 * item; the key bytes (`key-encoding.ts`) make SQLite's own order DynamoDB's order. Every change of an item changes
 * its entries in the same transaction, so an index here is never behind its table, as it can be on AWS.
 */
import type { Database, Statement } from 'bun:sqlite';
import type { Item } from './attribute-value.ts';
import { getMember } from './attribute-value.ts';
import type { KeyRange } from './key-encoding.ts';
import { after, concat, encodeKey } from './key-encoding.ts';
import type { Index, Table } from './schema.ts';
import { checkIndexKey, isIndexed } from './schema.ts';

/** An item as it lies in its table. */
export interface StoredItem {
  id: number;
  key: Uint8Array;
  item: Item;
  /** The item's JSON, of which a second copy can be made. */
  json: string;
  /** Bytes, as AWS counts them. */
  size: number;
}

/** An item met while reading along a table or an index. */
interface ReadItem {
  /** Where it stands: the key in the table or the index. */
  position: Uint8Array;
  item: Item;
  /** Bytes, as AWS counts them. */
  size: number;
}

const schema = `
CREATE TABLE IF NOT EXISTS dynamodb_items (
  id INTEGER PRIMARY KEY,
  table_id INTEGER NOT NULL,
  key BLOB NOT NULL,
  item TEXT NOT NULL,
  size INTEGER NOT NULL,
  expires_at INTEGER, -- seconds since 1970, by the table's time to live
  UNIQUE (table_id, key)
) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_items_expiry ON dynamodb_items (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS dynamodb_index_entries (
  index_id INTEGER NOT NULL,
  key BLOB NOT NULL,
  item_id INTEGER NOT NULL,
  PRIMARY KEY (index_id, key)
) STRICT, WITHOUT ROWID;
`;

/** Rows are read this many at a time, so that a page can end at 1 MB without having read more than it shows. */
const rowsAtOnce = 64;

/** How long ago an item may have expired and still be deleted: older times are taken for mistakes, as on AWS. */
const expiryAgeMaxSeconds = 5 * 365 * 86_400;

type ItemRow = { id: number; key: Uint8Array; json: string; size: number };
type PositionRow = { position: Uint8Array; json: string; size: number };
type RangeBinding = [owner: number, from: Uint8Array, to: Uint8Array, limit: number];

/** All items. */
export class Items {
  /** Told of every time an item is stored that expires: seconds since 1970. */
  onExpiry: (atSeconds: number) => void = () => {};

  readonly #statements: ReturnType<typeof prepare>;
  readonly #immediate: (work: () => unknown) => unknown;

  constructor(db: Database) {
    db.run(schema);
    this.#statements = prepare(db);
    this.#immediate = db.transaction((work: () => unknown) => work()).immediate;
  }

  /** Runs the work in one write transaction; throwing undoes it. */
  transaction<T>(work: () => T): T {
    return this.#immediate(work) as T;
  }

  get(table: Table, key: Uint8Array): StoredItem | undefined {
    const row = this.#statements.get.get(table.id, key);
    return row ? parsed(row) : undefined;
  }

  /** Stores an item of `size` bytes in place of `old`, which is what `get` found under the same key. */
  put(table: Table, key: Uint8Array, item: Item, size: number, old: StoredItem | undefined): void {
    const json = JSON.stringify(item);
    const expiresAt = expiry(table, item);
    if (old) this.#statements.update.run(json, size, expiresAt, old.id);
    else this.#statements.insert.run(table.id, key, json, size, expiresAt);
    const id = old?.id ?? this.#lastId();
    for (const index of table.indexes) {
      const before = old && entryKey(index, old.item, key);
      const now = entryKey(index, item, key);
      if (before && now && Buffer.compare(before, now) === 0) continue;
      if (before) this.#statements.deleteEntry.run(index.id, before);
      if (now) this.#statements.insertEntry.run(index.id, now, id);
    }
    if (expiresAt !== null) this.onExpiry(expiresAt);
  }

  delete(table: Table, old: StoredItem): void {
    for (const index of table.indexes) {
      const entry = entryKey(index, old.item, old.key);
      if (entry) this.#statements.deleteEntry.run(index.id, entry);
    }
    this.#statements.delete.run(old.id);
  }

  /**
   * The items of a table, or of one of its indexes, whose keys are in the range, in the order of keys or against it.
   * `wanted` is how many the reader will take at most.
   */
  *read(
    table: Table,
    index: Index | undefined,
    range: KeyRange,
    forward: boolean,
    wanted: number,
  ): Generator<ReadItem> {
    const statements = index ? this.#statements.readIndex : this.#statements.readTable;
    const statement = forward ? statements.forward : statements.backward;
    const limit = Math.min(wanted, rowsAtOnce);
    let { from, to } = range;
    for (;;) {
      const rows = statement.all((index ?? table).id, from, to, limit);
      for (const { position, json, size } of rows) yield { position, item: JSON.parse(json) as Item, size };
      const last = rows.at(-1)?.position;
      if (!last || rows.length < limit) return;
      if (forward) from = after(last);
      else to = last;
    }
  }

  /** How many items a table or an index has, and their bytes. */
  count(table: Table, index?: Index): { items: number; bytes: number } {
    const row = index ? this.#statements.countIndex.get(index.id) : this.#statements.countTable.get(table.id);
    return row ?? { items: 0, bytes: 0 };
  }

  /** Fills a new index. Items whose attributes have the wrong types for it are left out, as on AWS. */
  fillIndex(table: Table, index: Index): void {
    for (const stored of this.#all(table)) {
      if (!isIndexed(index, stored.item)) continue;
      try {
        checkIndexKey(index, stored.item);
      } catch {
        continue;
      }
      const key = entryKey(index, stored.item, stored.key);
      if (key) this.#statements.insertEntry.run(index.id, key, stored.id);
    }
  }

  clearIndex(index: Index): void {
    this.#statements.clearIndex.run(index.id);
  }

  clearTable(table: Table): void {
    for (const index of table.indexes) this.clearIndex(index);
    this.#statements.clearTable.run(table.id);
  }

  /** Works out anew when the items of a table expire, after its time to live has changed. */
  resetExpiry(table: Table): void {
    for (const { id, item } of this.#all(table)) {
      const expiresAt = expiry(table, item);
      this.#statements.setExpiry.run(expiresAt, id);
      if (expiresAt !== null) this.onExpiry(expiresAt);
    }
  }

  /** Items that have expired by `nowSeconds`, a few at a time. */
  expired(nowSeconds: number): (StoredItem & { tableId: number })[] {
    return this.#statements.expired.all(nowSeconds - expiryAgeMaxSeconds, nowSeconds).map(parsed);
  }

  /** When the next item expires after `nowSeconds`. */
  nextExpiry(nowSeconds: number): number | undefined {
    return this.#statements.nextExpiry.get(nowSeconds)?.at ?? undefined;
  }

  *#all(table: Table): Generator<StoredItem> {
    let last = 0;
    for (;;) {
      const rows = this.#statements.all.all(table.id, last, rowsAtOnce);
      for (const row of rows) yield parsed(row);
      const end = rows.at(-1);
      if (!end) return;
      last = end.id;
    }
  }

  #lastId(): number {
    return this.#statements.lastId.get()?.id ?? 0;
  }
}

/** Prepared once: bun:sqlite's own cache holds 20 statements for the whole cloud. */
function prepare(db: Database) {
  const read = (
    select: string,
  ): { forward: Statement<PositionRow, RangeBinding>; backward: Statement<PositionRow, RangeBinding> } => ({
    forward: db.prepare(`${select} ORDER BY position LIMIT ?`),
    backward: db.prepare(`${select} ORDER BY position DESC LIMIT ?`),
  });
  return {
    get: db.prepare<ItemRow, [number, Uint8Array]>(
      'SELECT id, key, item AS json, size FROM dynamodb_items WHERE table_id = ? AND key = ?',
    ),
    insert: db.prepare<null, [number, Uint8Array, string, number, number | null]>(
      'INSERT INTO dynamodb_items (table_id, key, item, size, expires_at) VALUES (?, ?, ?, ?, ?)',
    ),
    lastId: db.prepare<{ id: number }, []>('SELECT last_insert_rowid() AS id'),
    update: db.prepare<null, [string, number, number | null, number]>(
      'UPDATE dynamodb_items SET item = ?, size = ?, expires_at = ? WHERE id = ?',
    ),
    delete: db.prepare<null, [number]>('DELETE FROM dynamodb_items WHERE id = ?'),
    insertEntry: db.prepare<null, [number, Uint8Array, number]>(
      'INSERT INTO dynamodb_index_entries (index_id, key, item_id) VALUES (?, ?, ?)',
    ),
    deleteEntry: db.prepare<null, [number, Uint8Array]>(
      'DELETE FROM dynamodb_index_entries WHERE index_id = ? AND key = ?',
    ),
    readTable: read(
      'SELECT key AS position, item AS json, size FROM dynamodb_items WHERE table_id = ? AND key >= ? AND key < ?',
    ),
    readIndex: read(
      'SELECT entry.key AS position, item AS json, size FROM dynamodb_index_entries AS entry ' +
        'CROSS JOIN dynamodb_items AS item ON item.id = entry.item_id ' +
        'WHERE entry.index_id = ? AND entry.key >= ? AND entry.key < ?',
    ),
    countTable: db.prepare<{ items: number; bytes: number }, [number]>(
      'SELECT count(*) AS items, coalesce(sum(size), 0) AS bytes FROM dynamodb_items WHERE table_id = ?',
    ),
    countIndex: db.prepare<{ items: number; bytes: number }, [number]>(
      'SELECT count(*) AS items, coalesce(sum(item.size), 0) AS bytes FROM dynamodb_index_entries AS entry ' +
        'CROSS JOIN dynamodb_items AS item ON item.id = entry.item_id WHERE entry.index_id = ?',
    ),
    clearIndex: db.prepare<null, [number]>('DELETE FROM dynamodb_index_entries WHERE index_id = ?'),
    clearTable: db.prepare<null, [number]>('DELETE FROM dynamodb_items WHERE table_id = ?'),
    all: db.prepare<ItemRow, [number, number, number]>(
      'SELECT id, key, item AS json, size FROM dynamodb_items WHERE table_id = ? AND id > ? ORDER BY id LIMIT ?',
    ),
    setExpiry: db.prepare<null, [number | null, number]>('UPDATE dynamodb_items SET expires_at = ? WHERE id = ?'),
    expired: db.prepare<ItemRow & { tableId: number }, [number, number]>(
      'SELECT id, table_id AS tableId, key, item AS json, size FROM dynamodb_items ' +
        `WHERE expires_at > ? AND expires_at <= ? LIMIT ${rowsAtOnce}`,
    ),
    nextExpiry: db.prepare<{ at: number | null }, [number]>(
      'SELECT min(expires_at) AS at FROM dynamodb_items WHERE expires_at > ?',
    ),
  };
}

function parsed<Row extends ItemRow>(row: Row): Row & { item: Item } {
  return { ...row, item: JSON.parse(row.json) as Item };
}

/** The key of an item's entry in an index; nothing when the item is not in it. */
function entryKey(index: Index, item: Item, tableKey: Uint8Array): Uint8Array | undefined {
  return isIndexed(index, item) ? concat(encodeKey(index.key, item), tableKey) : undefined;
}

function expiry(table: Table, item: Item): number | null {
  const value = table.timeToLiveAttribute === undefined ? undefined : getMember(item, table.timeToLiveAttribute);
  if (!value || !('N' in value)) return null;
  const seconds = Math.floor(Number(value.N));
  return Number.isSafeInteger(seconds) ? seconds : null;
}
