import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  ScanCommand,
  TransactGetItemsCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from '../../support/failure.ts';
import { createTable } from './tables-to-test.ts';

let cloud: TestCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  client = new DynamoDBClient(cloud.client);
  await createTable(client, 'one', ['id:S']);
  await createTable(client, 'two', ['id:S', 'at:N']);
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
});

const put = (id: string, more: Record<string, AttributeValue> = {}) => ({
  PutRequest: { Item: { id: { S: id }, ...more } },
});
const remove = (id: string) => ({ DeleteRequest: { Key: { id: { S: id } } } });
const key = (id: string) => ({ id: { S: id } });

test('a batch writes to several tables, and reads from them', async () => {
  await client.send(
    new BatchWriteItemCommand({ RequestItems: { one: [put('a'), put('b')], two: [put('a', { at: { N: '1' } })] } }),
  );
  const written = await client.send(
    new BatchWriteItemCommand({ RequestItems: { one: [remove('b'), remove('never'), put('c', { n: { N: '3' } })] } }),
  );
  expect(written.UnprocessedItems).toEqual({});
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({
      RequestItems: {
        one: { Keys: ['a', 'b', 'c'].map(key), ProjectionExpression: '#n', ExpressionAttributeNames: { '#n': 'n' } },
        two: { Keys: [{ ...key('a'), at: { N: '1.0' } }], ConsistentRead: true },
      },
    }),
  );
  expect(Responses).toEqual({ one: [{}, { n: { N: '3' } }], two: [{ ...key('a'), at: { N: '1' } }] });
  expect(UnprocessedKeys).toEqual({});
});

test('an answer holds 16 MB; the keys of the rest come back', async () => {
  const ids = Array.from({ length: 50 }, (_, i) => `heavy-${i}`);
  for (let i = 0; i < ids.length; i += 10) {
    const requests = ids.slice(i, i + 10).map((id) => put(id, { text: { S: 'x'.repeat(390_000) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { one: requests } }));
  }
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({ RequestItems: { one: { Keys: ids.map(key) } } }),
  );
  expect(Responses?.['one']).toHaveLength(43);
  expect(UnprocessedKeys?.['one']?.Keys).toEqual(ids.slice(43).map(key));
});

test('a transaction reads several items at once, and says of each whether it is there', async () => {
  const { Responses } = await client.send(
    new TransactGetItemsCommand({
      TransactItems: [
        { Get: { TableName: 'one', Key: key('a') } },
        { Get: { TableName: 'one', Key: key('never') } },
        { Get: { TableName: 'two', Key: { ...key('a'), at: { N: '1' } }, ProjectionExpression: 'id' } },
      ],
    }),
  );
  expect(Responses).toEqual([{ Item: key('a') }, {}, { Item: key('a') }]);
});

describe('malformed batches are refused in the words of AWS, and change nothing', () => {
  const invalid = 'ValidationException: ';
  test.each<[string, Record<string, (ReturnType<typeof put> | ReturnType<typeof remove>)[]>, string]>([
    ['nothing', {}, `${invalid}The requestItems parameter is required for BatchWriteItem`],
    ['one item twice', { one: [put('x'), remove('x')] }, `${invalid}Provided list of item keys contains duplicates`],
    [
      'a table that is not there',
      { one: [put('x')], nowhere: [put('x')] },
      'ResourceNotFoundException: Requested resource not found',
    ],
    [
      'a key of another type',
      { one: [put('x'), { PutRequest: { Item: { id: { N: '5' } } } }] } as never,
      `${invalid}The provided key element does not match the schema`,
    ],
    [
      'an empty key',
      { one: [put('x'), put('')] },
      `${invalid}One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id`,
    ],
    [
      'a request of nothing',
      { one: [put('x'), {}] } as never,
      `${invalid}Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes`,
    ],
  ])('%s', async (_what, RequestItems, message) => {
    expect(await failure(client.send(new BatchWriteItemCommand({ RequestItems })))).toBe(message);
    const { Items } = await client.send(
      new ScanCommand({
        TableName: 'one',
        FilterExpression: 'id = :x',
        ExpressionAttributeValues: { ':x': { S: 'x' } },
      }),
    );
    expect(Items).toEqual([]);
  });

  test('more than 25 writes, more than 100 keys, one key twice', async () => {
    const many = Array.from({ length: 26 }, (_, i) => put(String(i)));
    expect(await failure(client.send(new BatchWriteItemCommand({ RequestItems: { one: many } })))).toMatch(
      /^ValidationException: 1 validation error detected: Value '.*' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have length less than or equal to 25, Member must have length greater than or equal to 1\]$/s,
    );
    const Keys = Array.from({ length: 60 }, (_, i) => key(String(i)));
    const get = (RequestItems: Record<string, { Keys: (typeof Keys)[number][] }>) =>
      failure(client.send(new BatchGetItemCommand({ RequestItems })));
    expect(await get({ one: { Keys: [...Keys, ...Keys] } })).toContain(
      'Member must have length less than or equal to 100',
    );
    expect(await get({ one: { Keys }, two: { Keys } })).toBe(
      `${invalid}Too many items requested for the BatchGetItem call`,
    );
    expect(await get({ one: { Keys: [key('a'), key('a')] } })).toBe(
      `${invalid}Provided list of item keys contains duplicates`,
    );
  });
});
