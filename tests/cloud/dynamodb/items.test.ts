import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type ConditionalCheckFailedException,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from '../../support/failure.ts';
import { createTable } from './tables-to-test.ts';

let cloud: TestCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  client = new DynamoDBClient(cloud.client);
  await createTable(client, 'things', ['id:S']);
  await createTable(client, 'numbered', ['id:S', 'at:N'], {
    attributes: ['colour:S', 'letter:S'],
    GlobalSecondaryIndexes: ['zz_index', 'aa_index'].map((IndexName) => ({
      IndexName,
      KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    })),
    LocalSecondaryIndexes: [
      {
        IndexName: 'letters',
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'letter', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
});

type Item = Record<string, AttributeValue>;

async function put(item: Item): Promise<void> {
  await client.send(new PutItemCommand({ TableName: 'things', Item: item }));
}

async function get(id: string): Promise<Item | undefined> {
  return (await client.send(new GetItemCommand({ TableName: 'things', Key: { id: { S: id } } }))).Item;
}

test('every type comes back as it went, numbers in normal form', async () => {
  const item = {
    id: { S: 'types' },
    text: { S: 'häagen\u0000 🍦' },
    empty: { S: '' },
    number: { N: '123456789012345678901234567890.12345678' },
    bytes: { B: Uint8Array.of(0, 255, 127) },
    yes: { BOOL: true },
    no: { BOOL: false },
    nothing: { NULL: true },
    strings: { SS: ['b', 'a'] },
    numbers: { NS: ['1', '-2.5'] },
    blobs: { BS: [Uint8Array.of(1), Uint8Array.of(2, 3)] },
    list: { L: [{ S: 'x' }, { L: [] }, { M: { deep: { N: '0' } } }] },
    map: { M: { 'a.b': { M: {} } } },
  } satisfies Item;
  await put({ ...item, number: { N: '+0123456789012345678901234567890.12345678e0' } });
  expect(await get('types')).toEqual(item);
});

test('the document client stores plain objects', async () => {
  const documents = DynamoDBDocumentClient.from(client);
  const Item = { id: 'plain', list: [1, 'two', { three: true }], set: new Set(['a']), nothing: null };
  await documents.send(new PutCommand({ TableName: 'things', Item }));
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName: 'things',
      Key: { id: 'plain' },
      UpdateExpression: 'SET #l[0] = #l[0] + :one, nested = :nested',
      ExpressionAttributeNames: { '#l': 'list' },
      ExpressionAttributeValues: { ':one': 1, ':nested': { deep: [1.5] } },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  expect(Attributes).toEqual({ list: [2], nested: { deep: [1.5] } });
  const found = await documents.send(new GetCommand({ TableName: 'things', Key: { id: 'plain' } }));
  expect(found.Item).toEqual({ ...Item, list: [2, 'two', { three: true }], nested: { deep: [1.5] } });
});

test('a put replaces the whole item, a get can show a part', async () => {
  await put({ id: { S: 'part' }, former: { S: 'x' } });
  await put({
    id: { S: 'part' },
    map: { M: { a: { N: '1' }, b: { N: '2' } } },
    list: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] },
  });
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: 'things',
      Key: { id: { S: 'part' } },
      ProjectionExpression: '#map.b, #list[2], #list[0], former, gone.x',
      ExpressionAttributeNames: { '#map': 'map', '#list': 'list' },
    }),
  );
  expect(Item).toEqual({ map: { M: { b: { N: '2' } } }, list: { L: [{ N: '0' }, { N: '2' }] } });
});

describe('ReturnValues', () => {
  const before: Item = {
    id: { S: 'returned' },
    a: { M: { b: { S: 'dog' }, c: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] } } },
    d: { S: 'cat' },
  };
  const values = { ':v': { S: 'hi' } };

  test.each<[string, string, Item | undefined]>([
    ['NONE', 'SET d = :v', undefined],
    ['ALL_OLD', 'SET d = :v', before],
    ['ALL_NEW', 'SET d = :v', { ...before, d: { S: 'hi' } }],
    ['UPDATED_OLD', 'SET d = :v, e = :v', { d: { S: 'cat' } }],
    ['UPDATED_NEW', 'SET d = :v, e = :v', { d: { S: 'hi' }, e: { S: 'hi' } }],
    ['UPDATED_OLD', 'SET a.c[1] = :v, a.b = :v', { a: { M: { c: { L: [{ N: '2' }] }, b: { S: 'dog' } } } }],
    ['UPDATED_NEW', 'SET a.c[1] = :v', { a: { M: { c: { L: [{ S: 'hi' }] } } } }],
    ['UPDATED_OLD', 'SET e = :v', undefined],
    ['UPDATED_NEW', 'REMOVE d', undefined],
    ['UPDATED_NEW', 'REMOVE a.c[1]', { a: { M: { c: { L: [{ N: '3' }] } } } }],
    ['UPDATED_NEW', 'SET a.c[100] = :v', undefined],
  ])('%s of %s', async (ReturnValues, UpdateExpression, attributes) => {
    await put(before);
    const result = await client.send(
      new UpdateItemCommand({
        TableName: 'things',
        Key: { id: { S: 'returned' } },
        UpdateExpression,
        ReturnValues: ReturnValues as NonNullable<UpdateItemCommandInput['ReturnValues']>,
        ...(UpdateExpression.includes(':v') ? { ExpressionAttributeValues: values } : {}),
      }),
    );
    expect(result.Attributes).toEqual(attributes as Item);
  });

  test('put and delete show what lay there, if asked, and nothing when there was nothing', async () => {
    const Key = { id: { S: 'shown' } };
    const putShown = (n: string) =>
      client.send(new PutItemCommand({ TableName: 'things', Item: { ...Key, n: { N: n } }, ReturnValues: 'ALL_OLD' }));
    expect((await putShown('1')).Attributes).toBeUndefined();
    expect((await putShown('2')).Attributes).toEqual({ ...Key, n: { N: '1' } });
    const remove = new DeleteItemCommand({ TableName: 'things', Key, ReturnValues: 'ALL_OLD' });
    expect((await client.send(remove)).Attributes).toEqual({ ...Key, n: { N: '2' } });
    expect((await client.send(remove)).Attributes).toBeUndefined();
    expect(await get('shown')).toBeUndefined();
  });
});

test('an update makes an item, unless it only takes away', async () => {
  const update = (id: string, UpdateExpression?: string, ExpressionAttributeValues?: Item) =>
    client.send(
      new UpdateItemCommand({
        TableName: 'things',
        Key: { id: { S: id } },
        ReturnValues: 'ALL_NEW',
        ...(UpdateExpression ? { UpdateExpression } : {}),
        ...(ExpressionAttributeValues ? { ExpressionAttributeValues } : {}),
      }),
    );
  expect((await update('made', 'ADD n :one', { ':one': { N: '1' } })).Attributes).toEqual({
    id: { S: 'made' },
    n: { N: '1' },
  });
  expect((await update('bare')).Attributes).toEqual({ id: { S: 'bare' } });
  expect((await update('not made', 'REMOVE x.y')).Attributes).toBeUndefined();
  expect((await update('not made', 'DELETE s :s', { ':s': { SS: ['a'] } })).Attributes).toBeUndefined();
  expect(await get('not made')).toBeUndefined();
});

describe('conditions', () => {
  const Key = { id: { S: 'conditional' } };
  const condition = {
    ConditionExpression: 'attribute_not_exists(id) OR n = :n',
    ExpressionAttributeValues: { ':n': { N: '1' } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };

  test('a write whose condition is false changes nothing, and can tell what lies there', async () => {
    await put({ ...Key, n: { N: '1' } });
    await client.send(new PutItemCommand({ TableName: 'things', Item: { ...Key, n: { N: '2' } }, ...condition }));
    const commands = [
      new PutItemCommand({ TableName: 'things', Item: { ...Key, n: { N: '3' } }, ...condition }),
      new DeleteItemCommand({ TableName: 'things', Key, ...condition }),
      new UpdateItemCommand({ TableName: 'things', Key, UpdateExpression: 'SET n = :n', ...condition }),
    ];
    for (const command of commands) {
      const error = (await client
        .send(command as PutItemCommand)
        .catch((caught: unknown) => caught)) as ConditionalCheckFailedException;
      expect(error.name).toBe('ConditionalCheckFailedException');
      expect(error.message).toBe('The conditional request failed');
      expect(error.Item).toEqual({ ...Key, n: { N: '2' } });
    }
    expect(await get('conditional')).toEqual({ ...Key, n: { N: '2' } });
  });

  test('of a hundred claims of one thing at once, one succeeds', async () => {
    await put({ id: { S: 'claim' } });
    const claims = Array.from({ length: 100 }, (_, i) =>
      failure(
        client.send(
          new UpdateItemCommand({
            TableName: 'things',
            Key: { id: { S: 'claim' } },
            UpdateExpression: 'SET holder = :me',
            ConditionExpression: 'attribute_not_exists(holder)',
            ExpressionAttributeValues: { ':me': { N: String(i) } },
          }),
        ),
      ),
    );
    const outcomes = await Promise.all(claims);
    expect(outcomes.filter((outcome) => outcome === 'no error')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.startsWith('ConditionalCheckFailed'))).toHaveLength(99);
  });
});

describe('malformed writes are refused in the words of AWS', () => {
  const invalid = 'ValidationException: One or more parameter values were invalid: ';
  const notValid = 'ValidationException: One or more parameter values are not valid. ';
  const emptyKey = 'The AttributeValue for a key attribute cannot contain an empty string value.';
  const item = { id: { S: 'a' }, at: { N: '1' } };

  test.each<[string, Item, string]>([
    ['no hash key', { at: { N: '1' } }, `${invalid}Missing the key id in the item`],
    ['no range key', { id: { S: 'a' } }, `${invalid}Missing the key at in the item`],
    [
      'a key of another type',
      { id: { S: 'a' }, at: { S: '1' } },
      `${invalid}Type mismatch for key at expected: N actual: S`,
    ],
    ['an empty key', { id: { S: '' }, at: { N: '1' } }, `${notValid}${emptyKey} Key: id`],
    [
      'a long hash key',
      { id: { S: 'x'.repeat(2049) }, at: { N: '1' } },
      `${invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
    [
      'an index key of another type',
      { ...item, colour: { N: '1' } },
      `${invalid}Type mismatch for Index Key colour Expected: S Actual: N IndexName: aa_index`,
    ],
    [
      'an empty index key',
      { ...item, colour: { S: '' } },
      `${notValid}A value specified for a secondary index key is not supported. ${emptyKey} IndexName: aa_index, IndexKey: colour`,
    ],
    [
      'a long index range key',
      { ...item, letter: { S: 'x'.repeat(1025) } },
      `${invalid}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`,
    ],
    ['an empty set', { ...item, set: { SS: [] } }, `${invalid}An string set  may not be empty`],
    [
      'a set with duplicates',
      { ...item, set: { NS: ['1', '1.0'] } },
      `${invalid}Input collection [1, 1] contains duplicates.`,
    ],
    [
      'what is no number',
      { ...item, n: { N: 'x' } },
      'ValidationException: The parameter cannot be converted to a numeric value: x',
    ],
    [
      'too many digits',
      { ...item, n: { N: '1'.repeat(39) } },
      'ValidationException: Attempting to store more than 38 significant digits in a Number',
    ],
    [
      'too much',
      { ...item, text: { S: 'x'.repeat(400 * 1024) } },
      'ValidationException: Item size has exceeded the maximum allowed size',
    ],
    [
      '33 levels',
      { ...item, deep: nested(32) },
      'ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    ],
  ])('%s', async (_what, Item, message) => {
    expect(await failure(client.send(new PutItemCommand({ TableName: 'numbered', Item })))).toBe(message);
  });

  test('an item of exactly 400 KB is stored', async () => {
    const rest = 'id'.length + 'big'.length + 'text'.length;
    await put({ id: { S: 'big' }, text: { S: 'x'.repeat(400 * 1024 - rest) } });
    const grow = new UpdateItemCommand({
      TableName: 'things',
      Key: { id: { S: 'big' } },
      UpdateExpression: 'SET a = :true',
      ExpressionAttributeValues: { ':true': { BOOL: true } },
    });
    expect(await failure(client.send(grow))).toBe(
      'ValidationException: Item size to update has exceeded the maximum allowed size',
    );
  });

  test.each<[string, Item, string]>([
    [
      'another attribute',
      { no: { S: 'a' } },
      'ValidationException: The provided key element does not match the schema',
    ],
    [
      'one more attribute',
      { id: { S: 'a' }, no: { S: 'a' } },
      'ValidationException: The provided key element does not match the schema',
    ],
    ['another type', { id: { N: '1' } }, 'ValidationException: The provided key element does not match the schema'],
    ['an empty key', { id: { S: '' } }, `${notValid}${emptyKey} Key: id`],
  ])('a key of %s', async (_what, Key, message) => {
    expect(await failure(client.send(new GetItemCommand({ TableName: 'things', Key })))).toBe(message);
    expect(await failure(client.send(new DeleteItemCommand({ TableName: 'things', Key })))).toBe(message);
    expect(await failure(client.send(new UpdateItemCommand({ TableName: 'things', Key })))).toBe(message);
  });

  const v = { ':v': { S: 'x' } };
  test.each<[Partial<UpdateItemCommandInput>, string]>([
    [
      { UpdateExpression: 'SET id = :v', ExpressionAttributeValues: v },
      `${invalid}Cannot update attribute id. This attribute is part of the key`,
    ],
    [
      { UpdateExpression: 'SET a = :v', ExpressionAttributeValues: { ...v, ':unused': { N: '1' } } },
      'ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}',
    ],
    [
      { UpdateExpression: 'SET a = :v', ExpressionAttributeValues: v, ExpressionAttributeNames: { '#unused': 'a' } },
      'ValidationException: Value provided in ExpressionAttributeNames unused in expressions: keys: {#unused}',
    ],
    [
      { UpdateExpression: 'SET a = :v' },
      'ValidationException: Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v',
    ],
    [{ UpdateExpression: '' }, 'ValidationException: Invalid UpdateExpression: The expression can not be empty;'],
    [
      { UpdateExpression: 'INVALID SYNTAX HERE' },
      'ValidationException: Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"',
    ],
    [
      { ExpressionAttributeValues: v },
      'ValidationException: ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and ConditionExpression are null',
    ],
    [
      { AttributeUpdates: { a: { Value: { S: 'x' } } } },
      'NotImplemented: The embedded cloud does not implement DynamoDB UpdateItem with the legacy parameter AttributeUpdates.',
    ],
    [
      { ReturnValues: 'DOG' as 'NONE' },
      "ValidationException: 1 validation error detected: Value 'DOG' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
    ],
  ])('the update %j', async (input, message) => {
    const command = new UpdateItemCommand({ TableName: 'things', Key: { id: { S: 'a' } }, ...input });
    expect(await failure(client.send(command))).toBe(message);
  });

  test('an update of an index key to nothing', async () => {
    const command = new UpdateItemCommand({
      TableName: 'numbered',
      Key: item,
      UpdateExpression: 'SET colour = :v',
      ExpressionAttributeValues: { ':v': { S: '' } },
    });
    expect(await failure(client.send(command))).toBe(
      `${notValid}The update expression attempted to update a secondary index key to a value that is not supported. ${emptyKey}`,
    );
  });

  test('a put that asks for the new item', async () => {
    const command = new PutItemCommand({ TableName: 'things', Item: { id: { S: 'a' } }, ReturnValues: 'ALL_NEW' });
    expect(await failure(client.send(command))).toBe('ValidationException: ReturnValues can only be ALL_OLD or NONE');
  });

  test.each<[unknown, string]>([
    [{ N: 1 }, 'NUMBER_VALUE cannot be converted to String'],
    [{ BOOL: 'x' }, 'STRING_VALUE cannot be converted to Boolean'],
    [{ S: true }, 'TRUE_VALUE cannot be converted to String'],
    [{ B: 'abc' }, 'Base64 encoded length is expected a multiple of 4 bytes but found: 3'],
  ])('JSON of other types: %j', async (value, message) => {
    // The SDK would not send these; the wrong value takes the place of a right one on the way.
    const wrong = new DynamoDBClient(cloud.client);
    wrong.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string | Uint8Array; headers: Record<string, string> };
        request.body = Buffer.from(request.body).toString().replace('{"S":"to be replaced"}', JSON.stringify(value));
        request.headers['content-length'] = String(Buffer.byteLength(request.body));
        return next(args);
      },
      { step: 'build' },
    );
    const command = new PutItemCommand({ TableName: 'things', Item: { id: { S: 'a' }, bad: { S: 'to be replaced' } } });
    expect(await failure(wrong.send(command))).toBe(`SerializationException: ${message}`);
    wrong.destroy();
  });
});

test('capacity is told when asked', async () => {
  const Item = { id: { S: 'capacity' }, text: { S: 'x'.repeat(5000) } };
  const written = await client.send(new PutItemCommand({ TableName: 'things', Item, ReturnConsumedCapacity: 'TOTAL' }));
  expect(written.ConsumedCapacity).toEqual({ TableName: 'things', CapacityUnits: 5 });
  const Key = { id: { S: 'capacity' } };
  const read = await client.send(new GetItemCommand({ TableName: 'things', Key, ReturnConsumedCapacity: 'TOTAL' }));
  expect(read.ConsumedCapacity).toEqual({ TableName: 'things', CapacityUnits: 1 });
});

function nested(levels: number): AttributeValue {
  return levels === 0 ? { S: 'x' } : { M: { a: nested(levels - 1) } };
}
