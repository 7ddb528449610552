/** ConsumedCapacity: what AWS would have charged (Developer Guide, "Capacity unit consumption"). Nothing is limited here. */
import type { JsonObject } from '../wire/json.ts';
import { readWord } from './request.ts';
import type { Table } from './schema.ts';

/** Capacity used, table by table. */
export class ConsumedCapacity {
  readonly #mode: 'NONE' | 'TOTAL' | 'INDEXES';
  readonly #units = new Map<string, number>();

  constructor(input: JsonObject) {
    this.#mode = readWord(input, 'ReturnConsumedCapacity', ['INDEXES', 'TOTAL', 'NONE'], 'NONE');
  }

  /** `bytes` of items read; half when the read need not be consistent. */
  read(table: Table, bytes: number, consistent: boolean): void {
    this.#add(table, Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5));
  }

  /** The greater of the item before and after. */
  write(table: Table, bytes: number): void {
    this.#add(table, Math.max(1, Math.ceil(bytes / 1024)));
  }

  /** Transactions cost twice. */
  double(): void {
    for (const [name, units] of this.#units) this.#units.set(name, units * 2);
  }

  /** For an answer about one table. */
  one(): { ConsumedCapacity?: unknown } {
    const [only] = this.#all();
    return only ? { ConsumedCapacity: only } : {};
  }

  /** For an answer about several tables. */
  list(): { ConsumedCapacity?: unknown[] } {
    return this.#mode === 'NONE' ? {} : { ConsumedCapacity: this.#all() };
  }

  #add(table: Table, units: number): void {
    this.#units.set(table.name, (this.#units.get(table.name) ?? 0) + units);
  }

  #all(): unknown[] {
    if (this.#mode === 'NONE') return [];
    return [...this.#units].map(([TableName, CapacityUnits]) => ({
      TableName,
      CapacityUnits,
      ...(this.#mode === 'INDEXES' ? { Table: { CapacityUnits } } : {}),
    }));
  }
}
