import {
  BatchWriteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  paginateQuery,
  paginateScan,
  type AttributeValue,
  type QueryCommandInput,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from '../../support/failure.ts';
import { createTable } from './tables-to-test.ts';

type Item = Record<string, AttributeValue>;

let cloud: TestCloud;
let client: DynamoDBClient;

const index = (IndexName: string, hash: string, range: string | undefined, Projection: object) => ({
  IndexName,
  KeySchema: [
    { AttributeName: hash, KeyType: 'HASH' as const },
    ...(range ? [{ AttributeName: range, KeyType: 'RANGE' as const }] : []),
  ],
  Projection,
});

beforeAll(async () => {
  cloud = await startTestCloud();
  client = new DynamoDBClient(cloud.client);
  await createTable(client, 'jobs', ['owner:S', 'at:N'], {
    attributes: ['colour:S', 'rank:N'],
    GlobalSecondaryIndexes: [
      index('all', 'colour', 'rank', { ProjectionType: 'ALL' }),
      index('keys', 'colour', undefined, { ProjectionType: 'KEYS_ONLY' }),
      index('some', 'colour', undefined, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] }),
    ],
    LocalSecondaryIndexes: [index('local', 'owner', 'rank', { ProjectionType: 'KEYS_ONLY' })],
  });
  await createTable(client, 'named', ['owner:S', 'path:S']);
  await write('jobs', jobs);
  await write(
    'named',
    ['a', 'a/1', 'a/10', 'a/2', 'b', 'é', '\uFFFD', '🍦'].map((path) => ({ owner: { S: 'me' }, path: { S: path } })),
  );
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
});

const jobs: Item[] = Array.from({ length: 20 }, (_, i) => ({
  owner: { S: i % 2 === 0 ? 'even' : 'odd' },
  at: { N: String(i * 10 - 100) },
  ...(i < 16 ? { colour: { S: i % 4 < 2 ? 'red' : 'blue' }, rank: { N: String(100 - i) } } : {}),
  note: { S: `note ${i}` },
  ...(i % 3 === 0 ? { third: { BOOL: true } } : {}),
}));

async function write(table: string, items: Item[]): Promise<void> {
  for (let i = 0; i < items.length; i += 25) {
    const requests = items.slice(i, i + 25).map((item) => ({ PutRequest: { Item: item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}

function query(input: Partial<QueryCommandInput>) {
  return client.send(new QueryCommand({ TableName: 'jobs', ...input }));
}

const evens = {
  KeyConditionExpression: '#o = :o',
  ExpressionAttributeNames: { '#o': 'owner' },
  ExpressionAttributeValues: { ':o': { S: 'even' } } as Item,
};

const numbers = (items: Item[] | undefined, name = 'at') => items?.map((item) => Number(item[name]?.N));

describe('the range key', () => {
  test.each<[string, Record<string, string>, number[]]>([
    ['', {}, [-100, -80, -60, -40, -20, 0, 20, 40, 60, 80]],
    ['AND #at = :a', { ':a': '-20.0' }, [-20]],
    ['AND #at < :a', { ':a': '-60' }, [-100, -80]],
    ['AND #at <= :a', { ':a': '-60' }, [-100, -80, -60]],
    ['AND #at > :a', { ':a': '60' }, [80]],
    ['AND #at >= :a', { ':a': '59.5' }, [60, 80]],
    ['AND :a <= #at', { ':a': '60' }, [60, 80]],
    ['AND #at BETWEEN :a AND :b', { ':a': '-20', ':b': '20' }, [-20, 0, 20]],
    ['AND #at BETWEEN :a AND :b', { ':a': '1', ':b': '2' }, []],
  ])('%s %j', async (condition, given, expected) => {
    const input = {
      KeyConditionExpression: `(#o = :o ${condition})`,
      ExpressionAttributeNames: { '#o': 'owner', ...(condition ? { '#at': 'at' } : {}) },
      ExpressionAttributeValues: {
        ':o': { S: 'even' },
        ...Object.fromEntries(Object.entries(given).map(([name, N]) => [name, { N }])),
      },
    };
    expect(numbers((await query(input)).Items)).toEqual(expected);
    expect(numbers((await query({ ...input, ScanIndexForward: false })).Items)).toEqual(expected.toReversed());
  });

  test.each<[string, string, string[]]>([
    ['begins_with(#p, :p)', 'a/', ['a/1', 'a/10', 'a/2']],
    ['begins_with(#p, :p)', 'a/1', ['a/1', 'a/10']],
    ['begins_with(#p, :p)', '', ['a', 'a/1', 'a/10', 'a/2', 'b', 'é', '\uFFFD', '🍦']],
    ['#p > :p', 'a/10', ['a/2', 'b', 'é', '\uFFFD', '🍦']],
    ['#p <= :p', 'a/10', ['a', 'a/1', 'a/10']],
  ])('strings by UTF-8: %s of %p', async (condition, prefix, expected) => {
    const { Items } = await query({
      TableName: 'named',
      KeyConditionExpression: `#o = :o AND ${condition}`,
      ExpressionAttributeNames: { '#o': 'owner', '#p': 'path' },
      ExpressionAttributeValues: { ':o': { S: 'me' }, ':p': { S: prefix } },
    });
    expect(Items?.map(({ path }) => path?.S ?? '')).toEqual(expected);
  });
});

describe('pages', () => {
  test('a limit counts what was looked at, and the next page goes on there', async () => {
    const filtered = { ...evens, FilterExpression: 'attribute_exists(third)', Limit: 4 };
    const first = await query(filtered);
    expect(first).toMatchObject({
      Count: 2,
      ScannedCount: 4,
      LastEvaluatedKey: { owner: { S: 'even' }, at: { N: '-40' } },
    });
    expect(numbers(first.Items)).toEqual([-100, -40]);
    const second = await query({ ...filtered, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(numbers(second.Items)).toEqual([20]);
    const third = await query({ ...filtered, ExclusiveStartKey: second.LastEvaluatedKey });
    expect(third).toMatchObject({ Count: 1, ScannedCount: 2 });
    expect(third.LastEvaluatedKey).toBeUndefined();
  });

  test('a page that ends at its limit says so even when nothing follows', async () => {
    const first = await query({ ...evens, Limit: 10 });
    expect(first.LastEvaluatedKey).toEqual({ owner: { S: 'even' }, at: { N: '80' } });
    const second = await query({ ...evens, Limit: 10, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(second).toMatchObject({ Count: 0, ScannedCount: 0 });
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  test('the paginator meets every item once, both ways', async () => {
    for (const ScanIndexForward of [true, false]) {
      const met: number[] = [];
      for await (const { Items } of paginateQuery(
        { client, pageSize: 3 },
        { TableName: 'jobs', ...evens, ScanIndexForward },
      )) {
        met.push(...(numbers(Items) ?? []));
      }
      const expected = [-100, -80, -60, -40, -20, 0, 20, 40, 60, 80];
      expect(met).toEqual(ScanIndexForward ? expected : expected.toReversed());
    }
  });

  test('a page holds 1 MB', async () => {
    await createTable(client, 'heavy', ['owner:S', 'at:N']);
    for (let i = 0; i < 6; i++) {
      const Item = { owner: { S: 'even' }, at: { N: String(i) }, text: { S: 'x'.repeat(300_000) } };
      await client.send(new PutItemCommand({ TableName: 'heavy', Item }));
    }
    const pages: number[] = [];
    for await (const { Count } of paginateQuery({ client }, { TableName: 'heavy', ...evens })) pages.push(Count ?? 0);
    expect(pages).toEqual([4, 2]);
    const counted = await query({
      TableName: 'heavy',
      ...evens,
      Select: 'COUNT',
      FilterExpression: '#at > :three',
      ExpressionAttributeNames: { '#o': 'owner', '#at': 'rank' },
      ExpressionAttributeValues: { ':o': { S: 'even' }, ':three': { N: '3' } },
    });
    expect(counted).toMatchObject({ Count: 0, ScannedCount: 4 });
  });
});

test('COUNT counts without items', async () => {
  const counted = await query({ ...evens, Select: 'COUNT' });
  expect(counted).toMatchObject({ Count: 10, ScannedCount: 10 });
  expect(counted.Items).toBeUndefined();
});

describe('indexes', () => {
  const red = { KeyConditionExpression: 'colour = :c', ExpressionAttributeValues: { ':c': { S: 'red' } } };

  test('a global index holds the items that have its keys, in its order', async () => {
    const { Items } = await query({ IndexName: 'all', ...red });
    expect(numbers(Items, 'rank')).toEqual([87, 88, 91, 92, 95, 96, 99, 100]);
    expect(Items?.[0]).toEqual(jobs[13] as Item);
  });

  test('items of one index key are met once each, page by page', async () => {
    for (const ScanIndexForward of [true, false]) {
      const met = new Set<string>();
      let count = 0;
      const pages = paginateQuery(
        { client, pageSize: 3 },
        { TableName: 'jobs', IndexName: 'keys', ...red, ScanIndexForward },
      );
      for await (const { Items = [], LastEvaluatedKey } of pages) {
        count += Items.length;
        for (const item of Items) met.add(JSON.stringify(item));
        if (LastEvaluatedKey) expect(Object.keys(LastEvaluatedKey).toSorted()).toEqual(['at', 'colour', 'owner']);
      }
      expect([count, met.size]).toEqual([8, 8]);
    }
  });

  test('projections show keys only, some attributes, or all', async () => {
    const one = { ...red, Limit: 1 };
    const names = async (IndexName: string) =>
      Object.keys((await query({ IndexName, ...one })).Items?.[0] ?? {}).toSorted();
    expect(await names('keys')).toEqual(['at', 'colour', 'owner']);
    expect(await names('some')).toEqual(['at', 'colour', 'note', 'owner']);
    expect(await names('all')).toContain('rank');
  });

  test('a local index fetches what it does not hold, and reads consistently', async () => {
    const input = { IndexName: 'local', ConsistentRead: true, Limit: 1, ...evens };
    expect(Object.keys((await query(input)).Items?.[0] ?? {}).toSorted()).toEqual(['at', 'owner', 'rank']);
    expect((await query({ ...input, Select: 'ALL_ATTRIBUTES' })).Items?.[0]).toEqual(jobs[14] as Item);
    expect((await query({ ...input, ProjectionExpression: 'note' })).Items).toEqual([{ note: { S: 'note 14' } }]);
  });

  test('an index follows its items', async () => {
    const key = { owner: { S: 'moving' }, at: { N: '1' } };
    const inIndex = async (colour: string) =>
      (await query({ IndexName: 'keys', ...red, ExpressionAttributeValues: { ':c': { S: colour } } })).Count;
    const put = (more: Item) => client.send(new PutItemCommand({ TableName: 'jobs', Item: { ...key, ...more } }));
    await put({ colour: { S: 'green' }, rank: { N: '1' } });
    expect(await inIndex('green')).toBe(1);
    await put({ colour: { S: 'grey' }, rank: { N: '1' } });
    expect([await inIndex('green'), await inIndex('grey')]).toEqual([0, 1]);
    await put({});
    expect(await inIndex('grey')).toBe(0);
  });
});

describe('Scan', () => {
  const scan = (input: Partial<ScanCommandInput>) => client.send(new ScanCommand({ TableName: 'jobs', ...input }));

  test('segments together are the whole, each item once', async () => {
    await createTable(client, 'scanned', ['id:S']);
    await write(
      'scanned',
      Array.from({ length: 100 }, (_, i) => ({ id: { S: String(i) } })),
    );
    for (const TotalSegments of [1, 3, 8]) {
      const met: string[] = [];
      for (let Segment = 0; Segment < TotalSegments; Segment++) {
        const pages = paginateScan({ client, pageSize: 7 }, { TableName: 'scanned', Segment, TotalSegments });
        for await (const { Items = [] } of pages) met.push(...Items.map(({ id }) => id?.S ?? ''));
      }
      expect(met.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    }
  });

  test('filters and projections apply, of tables and indexes', async () => {
    const filter = {
      FilterExpression: 'contains(note, :seven) AND #at < :zero',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':seven': { S: '7' }, ':zero': { N: '0' } },
      ProjectionExpression: 'note',
    };
    expect((await scan(filter)).Items).toEqual([{ note: { S: 'note 7' } }]);
    expect((await scan({ IndexName: 'all' })).Count).toBe(16);
  });
});

describe('malformed queries are refused in the words of AWS', () => {
  const values = { ':o': { S: 'even' }, ':n': { N: '1' }, ':s': { S: 's' } } as Item;
  const names = { '#o': 'owner', '#at': 'at' };
  const used = (text: string, all: Record<string, unknown>) => {
    const found = Object.entries(all).filter(([name]) => text.includes(name));
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  };

  test.each<[string, Partial<QueryCommandInput>, string]>([
    ['#at = :n', {}, 'Query condition missed key schema element: owner'],
    ['#o < :o', {}, 'Query key condition not supported'],
    ['#o = :n', {}, 'One or more parameter values were invalid: Condition parameter type does not match schema type'],
    [
      '#o = :o AND #at = :s',
      {},
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    ['#o = :o AND note = :s', {}, 'Query condition missed key schema element: at'],
    ['#o = :o AND #at = :n AND note = :s', {}, 'Conditions can be of length 1 or 2 only'],
    ['#o = :o AND #o = :s', {}, 'KeyConditionExpressions must only contain one condition per key'],
    ['#o = :o AND #at <> :n', {}, 'Invalid operator used in KeyConditionExpression: <>'],
    ['#o = :o OR #at = :n', {}, 'Invalid operator used in KeyConditionExpression: OR'],
    ['NOT #o = :o', {}, 'Invalid operator used in KeyConditionExpression: NOT'],
    ['#o = :o AND #at IN (:n)', {}, 'Invalid operator used in KeyConditionExpression: IN'],
    ['#o = :o AND contains(#at, :n)', {}, 'Invalid operator used in KeyConditionExpression: contains'],
    ['#o = :o AND size(#at) = :n', {}, 'KeyConditionExpressions cannot contain nested operations'],
    ['#o.x = :o', {}, 'KeyConditionExpressions cannot have conditions on nested attributes'],
    ['#o = #at', {}, 'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition'],
    [':o = :s', {}, 'Invalid condition in KeyConditionExpression: No key attribute specified'],
    [
      '#o = :o AND begins_with(:s, #at)',
      {},
      'Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand',
    ],
    ['', {}, 'Invalid KeyConditionExpression: The expression can not be empty;'],
    ['#o = :o AND', {}, 'Invalid KeyConditionExpression: Syntax error; token: "<EOF>", near: "AND"'],
    ['#o = :o', { IndexName: 'nowhere' }, 'The table does not have the specified index: nowhere'],
    [
      'colour = :s',
      { IndexName: 'all', ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
    [
      'colour = :s',
      { IndexName: 'keys', Select: 'ALL_ATTRIBUTES' },
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index keys because its projection type is not ALL',
    ],
    [
      'colour = :s',
      { IndexName: 'keys', ProjectionExpression: 'note' },
      'One or more parameter values were invalid: Global secondary index keys does not project [note]',
    ],
    [
      '#o = :o',
      { FilterExpression: '#at = :n' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: at',
    ],
    [
      '#o = :o',
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      '#o = :o',
      { Select: 'DOG' as 'COUNT' },
      "1 validation error detected: Value 'DOG' at 'select' failed to satisfy constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]",
    ],
    [
      '#o = :o',
      { Select: 'SPECIFIC_ATTRIBUTES' },
      'One or more parameter values were invalid: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    ],
    [
      '#o = :o',
      { Select: 'ALL_PROJECTED_ATTRIBUTES' },
      'One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [
      '#o = :o',
      { ProjectionExpression: 'a, a.b' },
      'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    ],
    [
      '#o = :o',
      { ExclusiveStartKey: { owner: { S: 'even' } } },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [
      '#o = :o',
      { ExclusiveStartKey: { owner: { S: 'odd' }, at: { N: '1' } } },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [
      '#o = :o AND #at > :n',
      { ExclusiveStartKey: { owner: { S: 'even' }, at: { N: '0' } } },
      'The provided starting key does not match the range key predicate',
    ],
  ])('%s %j', async (KeyConditionExpression, more, message) => {
    const text = [KeyConditionExpression, more.FilterExpression].join(' ');
    const ExpressionAttributeNames = used(text, names) as Record<string, string> | undefined;
    const ExpressionAttributeValues = used(text, values) as Item | undefined;
    const call = query({
      KeyConditionExpression,
      ...(ExpressionAttributeNames ? { ExpressionAttributeNames } : {}),
      ...(ExpressionAttributeValues ? { ExpressionAttributeValues } : {}),
      ...more,
    });
    expect(await failure(call)).toBe(`ValidationException: ${message}`);
  });

  test('a query without a condition, a segment without its total, a start in another segment', async () => {
    expect(await failure(query({}))).toBe(
      'ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
    const scan = (input: Partial<ScanCommandInput>) =>
      failure(client.send(new ScanCommand({ TableName: 'named', ...input })));
    expect(await scan({ Segment: 0 })).toBe(
      'ValidationException: The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
    expect(await scan({ Segment: 2, TotalSegments: 2 })).toStartWith(
      'ValidationException: The Segment parameter is zero-based and must be less than parameter TotalSegments',
    );
    const ExclusiveStartKey = { owner: { S: 'me' }, path: { S: 'a' } };
    const starts = await Promise.all([0, 1].map((Segment) => scan({ Segment, TotalSegments: 2, ExclusiveStartKey })));
    expect(starts.filter((outcome) => outcome === 'no error')).toHaveLength(1);
    expect(
      starts.filter((outcome) => outcome.includes('Please use ExclusiveStartKey with correct Segment')),
    ).toHaveLength(1);
  });
});
