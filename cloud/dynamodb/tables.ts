/** The tables: kept in SQLite, held in memory, since every request begins with one. Made and gone at once, unlike AWS's. */
import type { Database } from 'bun:sqlite';
import type { Clock } from '../clock.ts';
import { ACCOUNT_ID } from '../service.ts';
import { resourceInUse, resourceNotFound } from './errors.ts';
import type { Items } from './items.ts';
import type { Index, KeyAttribute, KeySchema, Table, Throughput } from './schema.ts';
import { keyAttributes } from './schema.ts';

const schema = `
CREATE TABLE IF NOT EXISTS dynamodb_tables (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  definition TEXT NOT NULL -- JSON of Table
) STRICT;
CREATE TABLE IF NOT EXISTS dynamodb_indexes (
  id INTEGER PRIMARY KEY AUTOINCREMENT
) STRICT;
`;

/** All tables by name. */
export class Tables {
  readonly #db: Database;
  readonly #byName = new Map<string, Table>();

  constructor(
    db: Database,
    private readonly items: Items,
    private readonly clock: Clock,
    private readonly region: string,
  ) {
    this.#db = db;
    db.run(schema);
    const rows = db.query<{ id: number; definition: string }, []>('SELECT id, definition FROM dynamodb_tables').all();
    for (const { id, definition } of rows) {
      const table = { ...(JSON.parse(definition) as Omit<Table, 'id'>), id };
      this.#byName.set(table.name, table);
    }
  }

  /** The table, for a request about its items. Throws ResourceNotFoundException. */
  get(name: string): Table {
    const table = this.#byName.get(name);
    if (!table) throw resourceNotFound();
    return table;
  }

  /** The table, for a request about the table itself. Throws ResourceNotFoundException. */
  named(name: string): Table {
    const table = this.#byName.get(name);
    if (!table) throw resourceNotFound(`Requested resource not found: Table: ${name} not found`);
    return table;
  }

  withId(id: number): Table | undefined {
    return [...this.#byName.values()].find((table) => table.id === id);
  }

  /** All names in order. */
  names(): string[] {
    return [...this.#byName.keys()].sort();
  }

  /** Throws ResourceInUseException when the name is taken. */
  create(given: Omit<Table, 'id' | 'tableId' | 'createdAtMs' | 'indexes'>, indexes: Omit<Index, 'id'>[]): Table {
    if (this.#byName.has(given.name)) throw resourceInUse(`Table already exists: ${given.name}`);
    const table = this.items.transaction(() => {
      const definition = {
        ...given,
        tableId: crypto.randomUUID(),
        createdAtMs: this.clock.now(),
        indexes: indexes.map((index) => this.withIndexId(index)),
      };
      const inserted = this.#db
        .query('INSERT INTO dynamodb_tables (name, definition) VALUES (?, ?)')
        .run(given.name, JSON.stringify(definition));
      return { ...definition, id: Number(inserted.lastInsertRowid) };
    });
    this.#byName.set(table.name, table);
    return table;
  }

  /** Changes a table's definition, together with what the change does to its items. */
  change(table: Table, change: () => Table): Table {
    const changed = this.items.transaction(() => {
      const { id, ...definition } = change();
      this.#db
        .query('UPDATE dynamodb_tables SET definition = ? WHERE id = ?')
        .run(JSON.stringify(definition), table.id);
      return { ...definition, id };
    });
    this.#byName.set(table.name, changed);
    return changed;
  }

  delete(table: Table): void {
    this.items.transaction(() => {
      this.items.clearTable(table);
      this.#db.query('DELETE FROM dynamodb_tables WHERE id = ?').run(table.id);
    });
    this.#byName.delete(table.name);
  }

  /** Gives an index an id that no index ever had. For use inside a transaction. */
  withIndexId(index: Omit<Index, 'id'>): Index {
    const inserted = this.#db.query('INSERT INTO dynamodb_indexes DEFAULT VALUES').run();
    return { ...index, id: Number(inserted.lastInsertRowid) };
  }

  /** What DescribeTable shows. Counts are exact, where AWS's are up to six hours old. */
  describe(table: Table, status: 'ACTIVE' | 'DELETING' = 'ACTIVE'): Record<string, unknown> {
    const { items, bytes } = this.items.count(table);
    const arn = this.arn(table);
    const local = table.indexes.filter(({ kind }) => kind === 'local');
    const global = table.indexes.filter(({ kind }) => kind === 'global');
    return {
      AttributeDefinitions: attributeDefinitions(table),
      TableName: table.name,
      KeySchema: describeKey(table.key),
      TableStatus: status,
      CreationDateTime: table.createdAtMs / 1000,
      ProvisionedThroughput: describeThroughput(table.throughput),
      TableSizeBytes: bytes,
      ItemCount: items,
      TableArn: arn,
      TableId: table.tableId,
      BillingModeSummary: table.throughput
        ? { BillingMode: 'PROVISIONED' }
        : { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: table.createdAtMs / 1000 },
      LocalSecondaryIndexes: local.length > 0 ? local.map((index) => this.#describeIndex(table, index)) : undefined,
      GlobalSecondaryIndexes:
        global.length > 0
          ? global.map((index) => ({
              ...this.#describeIndex(table, index),
              IndexStatus: status,
              ProvisionedThroughput: describeThroughput(index.throughput),
            }))
          : undefined,
      DeletionProtectionEnabled: table.deletionProtection,
    };
  }

  arn(table: Table): string {
    return `arn:aws:dynamodb:${this.region}:${ACCOUNT_ID}:table/${table.name}`;
  }

  #describeIndex(table: Table, index: Index): Record<string, unknown> {
    const { items, bytes } = this.items.count(table, index);
    const { type } = index.projection;
    return {
      IndexName: index.name,
      KeySchema: describeKey(index.key),
      Projection: {
        ProjectionType: type,
        NonKeyAttributes: index.projection.type === 'INCLUDE' ? index.projection.nonKeyAttributes : undefined,
      },
      IndexSizeBytes: bytes,
      ItemCount: items,
      IndexArn: `${this.arn(table)}/index/${index.name}`,
    };
  }
}

function attributeDefinitions(table: Table): { AttributeName: string; AttributeType: string }[] {
  const attributes = new Map<string, KeyAttribute>();
  for (const { key } of [table, ...table.indexes]) {
    for (const attribute of keyAttributes(key)) attributes.set(attribute.name, attribute);
  }
  return [...attributes.values()].map(({ name, type }) => ({ AttributeName: name, AttributeType: type }));
}

function describeKey(key: KeySchema): { AttributeName: string; KeyType: string }[] {
  return keyAttributes(key).map(({ name }, i) => ({ AttributeName: name, KeyType: i === 0 ? 'HASH' : 'RANGE' }));
}

function describeThroughput(throughput: Throughput | undefined): Record<string, unknown> {
  return {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: throughput?.ReadCapacityUnits ?? 0,
    WriteCapacityUnits: throughput?.WriteCapacityUnits ?? 0,
  };
}
