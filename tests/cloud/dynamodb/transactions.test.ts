import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  TransactionCanceledException,
  type AttributeValue,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestClock } from '../../../cloud/clock.ts';
import { spawnCloud } from '../../support/cloud-process.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from '../../support/failure.ts';
import { createTable } from './tables-to-test.ts';

const clock = new TestClock();
let cloud: TestCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await startTestCloud({ clock });
  client = new DynamoDBClient(cloud.client);
  await createTable(client, 'accounts', ['id:S']);
  await createTable(client, 'log', ['id:S']);
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
});

const key = (id: string) => ({ id: { S: id } });

function transact(TransactItems: TransactWriteItem[], ClientRequestToken?: string) {
  return client.send(
    new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken ? { ClientRequestToken } : {}) }),
  );
}

async function balance(id: string): Promise<number | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: 'accounts', Key: key(id) }));
  return Item && Number(Item['n']?.N);
}

function add(id: string, n: number): TransactWriteItem {
  return {
    Update: {
      TableName: 'accounts',
      Key: key(id),
      UpdateExpression: 'ADD n :n',
      ExpressionAttributeValues: { ':n': { N: String(n) } },
    },
  };
}

async function reasonsOf(call: Promise<unknown>) {
  const error: unknown = await call.catch((caught: unknown) => caught);
  if (!(error instanceof TransactionCanceledException)) throw error;
  return { message: error.message, reasons: error.CancellationReasons };
}

test('put, update, delete and check happen together, in several tables', async () => {
  await client.send(new PutItemCommand({ TableName: 'accounts', Item: { ...key('gone'), n: { N: '1' } } }));
  await transact([
    { Put: { TableName: 'log', Item: key('entry'), ConditionExpression: 'attribute_not_exists(id)' } },
    add('a', 5),
    {
      Delete: {
        TableName: 'accounts',
        Key: key('gone'),
        ConditionExpression: 'n = :n',
        ExpressionAttributeValues: { ':n': { N: '1' } },
      },
    },
    { ConditionCheck: { TableName: 'accounts', Key: key('never'), ConditionExpression: 'attribute_not_exists(id)' } },
  ]);
  expect([await balance('a'), await balance('gone'), await balance('never')]).toEqual([5, undefined, undefined]);
});

test('when a condition fails nothing happens, and each write is told whether it was to blame', async () => {
  await client.send(new PutItemCommand({ TableName: 'accounts', Item: { ...key('held'), n: { N: '1' } } }));
  const condition = { ConditionExpression: 'attribute_not_exists(id)' };
  const { message, reasons } = await reasonsOf(
    transact([
      add('untouched', 1),
      {
        Put: { TableName: 'accounts', Item: key('held'), ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
      },
      { ConditionCheck: { TableName: 'accounts', Key: key('never'), ...condition } },
      { Delete: { TableName: 'accounts', Key: key('other'), ConditionExpression: 'attribute_exists(id)' } },
    ]),
  );
  expect(message).toBe(
    'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None, ConditionalCheckFailed]',
  );
  const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
  expect(reasons).toEqual([
    { Code: 'None' },
    { ...failed, Item: { ...key('held'), n: { N: '1' } } },
    { Code: 'None' },
    failed,
  ]);
  expect(await balance('untouched')).toBeUndefined();
});

test('a write that does not suit its table or item is the reason to cancel', async () => {
  await client.send(new PutItemCommand({ TableName: 'accounts', Item: { ...key('text'), n: { S: 'x' } } }));
  const cases: [TransactWriteItem, string][] = [
    [
      { Put: { TableName: 'accounts', Item: { id: { N: '7' } } } },
      'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N',
    ],
    [
      { Delete: { TableName: 'accounts', Key: { id: { N: '7' } } } },
      'The provided key element does not match the schema',
    ],
    [add('text', 1), 'An operand in the update expression has an incorrect data type'],
  ];
  for (const [write, message] of cases) {
    const { reasons } = await reasonsOf(transact([add('untouched', 1), write, add('also untouched', 1)]));
    expect(reasons).toEqual([{ Code: 'None' }, { Code: 'ValidationError', Message: message }, { Code: 'None' }]);
  }
  expect([await balance('untouched'), await balance('also untouched')]).toEqual([undefined, undefined]);
});

describe('malformed transactions are refused whole, in the words of AWS', () => {
  const put = (Item: Record<string, AttributeValue>, more: object = {}) => ({
    Put: { TableName: 'accounts', Item, ...more },
  });
  test.each<[string, TransactWriteItem[], string]>([
    [
      'nothing',
      [],
      "ValidationException: 1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'one item twice',
      [add('a', 1), add('a', 2)],
      'ValidationException: Transaction request cannot include multiple operations on one item',
    ],
    [
      'two writes in one',
      [{ ...add('a', 1), ...put(key('b')) }],
      'ValidationException: TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    [
      'a check of nothing',
      [{ ConditionCheck: { TableName: 'accounts', Key: key('a'), ConditionExpression: undefined } }],
      'ValidationException: The ConditionExpression must be specified in a ConditionCheck.',
    ],
    [
      'a table that is not there',
      [{ Put: { TableName: 'nowhere', Item: key('a') } }],
      'ResourceNotFoundException: Requested resource not found',
    ],
    [
      'an empty key',
      [put(key(''))],
      'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    ],
    [
      'a syntax error',
      [put(key('a'), { ConditionExpression: 'hello!' })],
      'ValidationException: Invalid ConditionExpression: Syntax error; token: "!", near: "hello!"',
    ],
    [
      'an undefined name',
      [put(key('a'), { ConditionExpression: 'attribute_exists(#x)' })],
      'ValidationException: Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #x',
    ],
    [
      'an unused value',
      [put(key('a'), { ConditionExpression: 'attribute_exists(id)', ExpressionAttributeValues: { ':x': { N: '7' } } })],
      'ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
    ],
    [
      'a heavy item',
      [put({ ...key('a'), text: { S: 'x'.repeat(410_000) } })],
      'ValidationException: Item size has exceeded the maximum allowed size',
    ],
    [
      '4 MB',
      Array.from({ length: 12 }, (_, i) => put({ ...key(String(i)), text: { S: 'x'.repeat(400_000) } })),
      'ValidationException: Transaction request size cannot exceed 4194304 bytes',
    ],
  ])('%s', async (_what, writes, message) => {
    expect(await failure(transact(writes))).toBe(message);
  });

  test('more than 100 writes', async () => {
    const writes = (count: number) => Array.from({ length: count }, (_, i) => add(`many-${i}`, 1));
    expect(await failure(transact(writes(101)))).toContain(
      "at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100",
    );
    expect(await failure(transact(writes(100)))).toBe('no error');
  });
});

test('a transaction sent again with its token happens once, for ten minutes', async () => {
  await transact([add('counter', 1)], 'token');
  await transact([add('counter', 1)], 'token');
  expect(await balance('counter')).toBe(1);
  expect(await failure(transact([add('counter', 2)], 'token'))).toStartWith('IdempotentParameterMismatchException');
  await cloud.restart();
  await transact([add('counter', 1)], 'token');
  expect(await balance('counter')).toBe(1);
  await clock.advance(10 * 60_000);
  await transact([add('counter', 1)], 'token');
  expect(await balance('counter')).toBe(2);
});

test('a token of a cancelled transaction is not used up', async () => {
  const check = {
    ConditionCheck: { TableName: 'accounts', Key: key('later'), ConditionExpression: 'attribute_exists(id)' },
  };
  expect(await failure(transact([add('once', 1), check], 'cancelled'))).toStartWith('TransactionCanceledException');
  await client.send(new PutItemCommand({ TableName: 'accounts', Item: key('later') }));
  await transact([add('once', 1), check], 'cancelled');
  expect(await balance('once')).toBe(1);
});

test('transactions are whole and lasting when the cloud is killed in the middle of them', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gas-killed-'));
  let confirmed = 0;
  try {
    for (let round = 0; round < 3; round++) {
      const killed = await spawnCloud(dataDir);
      const victim = new DynamoDBClient({ ...killed.client, maxAttempts: 1 });
      if (round === 0) await createTable(victim, 'sums', ['id:S']);
      const work = Promise.all(
        Array.from({ length: 8 }, (_, worker) => transferUntilKilled(victim, `${round}-${worker}`)),
      );
      await Bun.sleep(150 + round * 70);
      await killed.kill();
      confirmed += (await work).reduce((sum, each) => sum + each, 0);
      victim.destroy();
    }
    const again = await spawnCloud(dataDir);
    const witness = new DynamoDBClient(again.client);
    const sums = await Promise.all(
      ['left', 'right'].map((id) => witness.send(new GetItemCommand({ TableName: 'sums', Key: key(id) }))),
    );
    const [left, right] = sums.map(({ Item }) => Number(Item?.['n']?.N));
    const { Count } = await witness.send(new ScanCommand({ TableName: 'sums', Select: 'COUNT' }));
    witness.destroy();
    await again.kill();
    expect(confirmed).toBeGreaterThan(0);
    expect(left).toBeGreaterThanOrEqual(confirmed);
    expect([-(right ?? NaN), (Count ?? NaN) - 2]).toEqual([left ?? NaN, left ?? NaN]);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 30_000);

/** Moves one from right to left, with an entry for each move, until the cloud is gone. How many were confirmed. */
async function transferUntilKilled(victim: DynamoDBClient, worker: string): Promise<number> {
  const move = (id: string, n: string): TransactWriteItem => ({
    Update: {
      TableName: 'sums',
      Key: key(id),
      UpdateExpression: 'ADD n :n',
      ExpressionAttributeValues: { ':n': { N: n } },
    },
  });
  for (let done = 0; ; done++) {
    const entry = { Put: { TableName: 'sums', Item: key(`${worker}-${done}`) } };
    try {
      await victim.send(
        new TransactWriteItemsCommand({ TransactItems: [move('left', '1'), entry, move('right', '-1')] }),
      );
    } catch {
      return done;
    }
  }
}
