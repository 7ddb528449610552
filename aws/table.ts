/**
 * DynamoDB: read, and write only if still as expected. A condition is data, so that the domain can state the state
 * it expects without knowing expression syntax; expressions are built here and nowhere else.
 */
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { awsErrorName, type Aws } from './clients.ts';

export type Key = Record<string, string>;
export type Item = Record<string, unknown>;

/** What an attribute must be. A plain value means equal to it. */
export type Test =
  | { is: 'absent' }
  | { is: 'present' }
  | { is: 'one of'; values: readonly (string | number)[] }
  | { is: 'before'; value: string | number }
  | { is: 'not'; value: string | number };

/** All attributes must pass; a list of conditions passes when one of them does. */
export type Condition = Readonly<Record<string, Test | string | number | boolean>>;
export type Conditions = Condition | readonly Condition[];

export interface Update {
  set?: Item;
  remove?: readonly string[];
  /** Adds to numbers; an absent number counts as 0. */
  add?: Record<string, number>;
}

export type Write =
  | { do: 'put'; table: string; item: Item; expect?: Conditions }
  | ({ do: 'update'; table: string; key: Key; expect?: Conditions } & Update)
  | { do: 'delete'; table: string; key: Key; expect?: Conditions }
  | { do: 'check'; table: string; key: Key; expect: Conditions };

/** The write did not happen because the state was not the expected one. */
export class NotAsExpected extends Error {
  constructor(
    readonly tables: readonly string[],
    /** The place in the transaction of each write whose condition failed. */
    readonly failed: readonly number[],
  ) {
    super(`Not written: ${tables.join(', ')} no longer as expected`);
    this.name = 'NotAsExpected';
  }
}

export async function getItem<T>(aws: Aws, table: string, key: Key): Promise<T | null> {
  const { Item } = await aws.table.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
  return (Item as T | undefined) ?? null;
}

/** @throws NotAsExpected */
export async function putItem(aws: Aws, table: string, item: Item, expect?: Conditions): Promise<void> {
  await write(aws, { do: 'put', table, item, ...(expect ? { expect } : {}) });
}

/** Updates and answers the item as it is afterwards. @throws NotAsExpected */
export async function updateItem<T>(
  aws: Aws,
  table: string,
  key: Key,
  update: Update,
  expect?: Conditions,
): Promise<T> {
  const input = updateInput({ do: 'update', table, key, ...update, ...(expect ? { expect } : {}) });
  const { Attributes } = await asExpected([table], () =>
    aws.table.send(new UpdateCommand({ ...input, ReturnValues: 'ALL_NEW' })),
  );
  return Attributes as T;
}

/** @throws NotAsExpected */
export async function deleteItem(aws: Aws, table: string, key: Key, expect?: Conditions): Promise<void> {
  await write(aws, { do: 'delete', table, key, ...(expect ? { expect } : {}) });
}

/** One page of items of an index or table whose hash key equals `value`. */
export async function queryItems<T>(
  aws: Aws,
  options: {
    table: string;
    index?: string;
    hash: readonly [name: string, value: string];
    /** Only items whose range key sorts before this. */
    before?: readonly [name: string, value: string];
    descending?: boolean;
    limit?: number;
    cursor?: string;
  },
): Promise<{ items: T[]; cursor?: string }> {
  const { table, index, hash, before, descending, limit, cursor } = options;
  const answer = await aws.table.send(
    new QueryCommand({
      TableName: table,
      ...(index ? { IndexName: index } : {}),
      KeyConditionExpression: before ? '#hash = :hash AND #range < :range' : '#hash = :hash',
      ExpressionAttributeNames: { '#hash': hash[0], ...(before ? { '#range': before[0] } : {}) },
      ExpressionAttributeValues: { ':hash': hash[1], ...(before ? { ':range': before[1] } : {}) },
      ScanIndexForward: !descending,
      ...(index ? {} : { ConsistentRead: true }),
      ...(limit ? { Limit: limit } : {}),
      ...(cursor ? { ExclusiveStartKey: readCursor(cursor) } : {}),
    }),
  );
  return {
    items: (answer.Items ?? []) as T[],
    ...(answer.LastEvaluatedKey ? { cursor: writeCursor(answer.LastEvaluatedKey) } : {}),
  };
}

/** How many items a query has, up to `countMax`; only the number travels. */
export async function countItems(
  aws: Aws,
  options: { table: string; index: string; hash: readonly [name: string, value: string]; countMax: number },
): Promise<number> {
  const { table, index, hash, countMax } = options;
  let count = 0;
  let start: Item | undefined;
  do {
    const answer = await aws.table.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: '#hash = :hash',
        ExpressionAttributeNames: { '#hash': hash[0] },
        ExpressionAttributeValues: { ':hash': hash[1] },
        Select: 'COUNT',
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    count += answer.Count ?? 0;
    start = answer.LastEvaluatedKey;
  } while (start && count < countMax);
  return Math.min(count, countMax);
}

/** Every item of a query, page after page. */
export async function* queryAll<T>(aws: Aws, options: Parameters<typeof queryItems>[1]): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page: { items: T[]; cursor?: string } = await queryItems<T>(aws, {
      ...options,
      ...(cursor ? { cursor } : {}),
    });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor);
}

/** Every item of a small table. */
export async function* scanAll<T>(aws: Aws, table: string): AsyncGenerator<T> {
  let start: Item | undefined;
  do {
    const answer = await aws.table.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ...(start ? { ExclusiveStartKey: start } : {}) }),
    );
    yield* (answer.Items ?? []) as T[];
    start = answer.LastEvaluatedKey;
  } while (start);
}

/** All writes, or none. @throws NotAsExpected */
export async function transact(aws: Aws, writes: readonly Write[]): Promise<void> {
  const TransactItems = writes.map(transactItem);
  await asExpected(
    writes.map((one) => one.table),
    () => aws.table.send(new TransactWriteCommand({ TransactItems })),
  );
}

async function write(aws: Aws, one: Extract<Write, { do: 'put' | 'delete' }>): Promise<void> {
  await asExpected([one.table], async () => {
    const condition = conditionOf(one.expect);
    if (one.do === 'put') await aws.table.send(new PutCommand({ TableName: one.table, Item: one.item, ...condition }));
    else await aws.table.send(new DeleteCommand({ TableName: one.table, Key: one.key, ...condition }));
  });
}

async function asExpected<T>(tables: readonly string[], call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const name = awsErrorName(error);
    if (name === 'ConditionalCheckFailedException') throw new NotAsExpected(tables, [0]);
    if (name === 'TransactionCanceledException') {
      const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
      const failed = reasons.flatMap((reason, at) => (reason.Code === 'ConditionalCheckFailed' ? [at] : []));
      if (failed.length > 0) throw new NotAsExpected(tables, failed);
    }
    throw error;
  }
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function transactItem(one: Write): TransactItem {
  const condition = conditionOf('expect' in one ? one.expect : undefined);
  if (one.do === 'put') return { Put: { TableName: one.table, Item: one.item, ...condition } };
  if (one.do === 'delete') return { Delete: { TableName: one.table, Key: one.key, ...condition } };
  if (one.do === 'update') return { Update: updateInput(one) };
  return {
    ConditionCheck: { TableName: one.table, Key: one.key, ConditionExpression: '', ...condition },
  };
}

/** Names and values of one expression, numbered as they are used. */
class Expression {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};
  #count = 0;

  name(attribute: string): string {
    const token = `#n${this.#count++}`;
    this.names[token] = attribute;
    return token;
  }

  value(value: unknown): string {
    const token = `:v${this.#count++}`;
    this.values[token] = value;
    return token;
  }

  condition(conditions: Conditions): string {
    const alternatives = (Array.isArray(conditions) ? conditions : [conditions]) as readonly Condition[];
    return alternatives
      .map(
        (all) =>
          `(${Object.entries(all)
            .map(([name, test]) => this.#test(name, test))
            .join(' AND ')})`,
      )
      .join(' OR ');
  }

  #test(attribute: string, test: Test | string | number | boolean): string {
    const name = this.name(attribute);
    if (typeof test !== 'object') return `${name} = ${this.value(test)}`;
    switch (test.is) {
      case 'absent':
        return `attribute_not_exists(${name})`;
      case 'present':
        return `attribute_exists(${name})`;
      case 'one of':
        return `${name} IN (${test.values.map((value) => this.value(value)).join(', ')})`;
      case 'before':
        return `${name} < ${this.value(test.value)}`;
      case 'not':
        return `${name} <> ${this.value(test.value)}`;
    }
  }

  /** The names and values as the SDK wants them: absent when empty. */
  attributes(): { ExpressionAttributeNames: Record<string, string>; ExpressionAttributeValues?: Item } {
    return {
      ExpressionAttributeNames: this.names,
      ...(Object.keys(this.values).length > 0 ? { ExpressionAttributeValues: this.values } : {}),
    };
  }
}

function conditionOf(expect: Conditions | undefined) {
  if (!expect) return {};
  const expression = new Expression();
  const ConditionExpression = expression.condition(expect);
  return { ConditionExpression, ...expression.attributes() };
}

function updateInput({ table, key, set, remove, add, expect }: Extract<Write, { do: 'update' }>) {
  const expression = new Expression();
  const sets = Object.entries(set ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${expression.name(name)} = ${expression.value(value)}`);
  const removes = (remove ?? []).map((name) => expression.name(name));
  const adds = Object.entries(add ?? {}).map(([name, value]) => `${expression.name(name)} ${expression.value(value)}`);
  const clauses = [
    sets.length > 0 ? `SET ${sets.join(', ')}` : '',
    removes.length > 0 ? `REMOVE ${removes.join(', ')}` : '',
    adds.length > 0 ? `ADD ${adds.join(', ')}` : '',
  ];
  const condition = expect ? { ConditionExpression: expression.condition(expect) } : {};
  return {
    TableName: table,
    Key: key,
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ...condition,
    ...expression.attributes(),
  };
}

function writeCursor(key: Item): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** A cursor comes back from a browser; anything else than one of ours starts from the beginning. */
function readCursor(cursor: string): Item | undefined {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return typeof key === 'object' && key !== null ? (key as Item) : undefined;
  } catch {
    return undefined;
  }
}
