import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  type CreateTableCommandInput,
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
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
});

const byColour = {
  IndexName: 'by_colour',
  KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' as const }],
  Projection: { ProjectionType: 'ALL' as const },
};

test('a table is active at once and described as it was made', async () => {
  await createTable(client, 'described', ['id:S', 'at:N'], {
    attributes: ['colour:S'],
    GlobalSecondaryIndexes: [byColour],
    LocalSecondaryIndexes: [
      {
        IndexName: 'by_local_colour',
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'colour', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['size'] },
      },
    ],
  });
  await waitUntilTableExists({ client, maxWaitTime: 5, minDelay: 1 }, { TableName: 'described' });
  await client.send(
    new PutItemCommand({ TableName: 'described', Item: { id: { S: 'a' }, at: { N: '1' }, colour: { S: 'red' } } }),
  );

  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'described' }));
  expect(Table).toMatchObject({
    TableName: 'described',
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/described',
    ItemCount: 1,
    TableSizeBytes: 'ida'.length + 'at'.length + 2 + 'colourred'.length,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
      { AttributeName: 'colour', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [{ ...byColour, IndexStatus: 'ACTIVE', ItemCount: 1 }],
    LocalSecondaryIndexes: [
      { IndexName: 'by_local_colour', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['size'] } },
    ],
  });
  expect(Table?.CreationDateTime).toBeInstanceOf(Date);
  expect(Table?.TableId).toMatch(/^[0-9a-f-]{36}$/);
  const byArn = await client.send(new DescribeTableCommand({ TableName: Table?.TableArn ?? '' }));
  expect(byArn.Table).toEqual(Table as object);
});

test('tables are listed by name, page by page', async () => {
  for (const name of ['list_c', 'list_a', 'list_b']) await createTable(client, name, ['id:S']);
  const first = await client.send(new ListTablesCommand({ ExclusiveStartTableName: 'list', Limit: 2 }));
  expect(first).toMatchObject({ TableNames: ['list_a', 'list_b'], LastEvaluatedTableName: 'list_b' });
  const second = await client.send(new ListTablesCommand({ ExclusiveStartTableName: 'list_b', Limit: 2 }));
  expect(second.TableNames).toEqual(['list_c']);
  expect(second.LastEvaluatedTableName).toBeUndefined();
});

test('a deleted table is gone with its items, and its name is free', async () => {
  const put = new PutItemCommand({ TableName: 'deleted', Item: { id: { S: 'a' } } });
  await createTable(client, 'deleted', ['id:S']);
  await client.send(put);
  const { TableDescription } = await client.send(new DeleteTableCommand({ TableName: 'deleted' }));
  expect(TableDescription?.TableStatus).toBe('DELETING');
  expect(await failure(client.send(put))).toBe('ResourceNotFoundException: Requested resource not found');
  await createTable(client, 'deleted', ['id:S']);
  const found = await client.send(new GetItemCommand({ TableName: 'deleted', Key: { id: { S: 'a' } } }));
  expect(found.Item).toBeUndefined();
});

test('a protected table cannot be deleted until it is not', async () => {
  await createTable(client, 'protected', ['id:S'], { DeletionProtectionEnabled: true });
  const remove = new DeleteTableCommand({ TableName: 'protected' });
  expect(await failure(client.send(remove))).toStartWith('ValidationException: Resource cannot be deleted');
  await client.send(new UpdateTableCommand({ TableName: 'protected', DeletionProtectionEnabled: false }));
  expect(await failure(client.send(remove))).toBe('no error');
});

test('an index added later holds the items that are there, and one removed cannot be queried', async () => {
  await createTable(client, 'grown', ['id:S']);
  for (const [id, colour] of [
    ['a', { S: 'red' }],
    ['b', { S: 'blue' }],
    ['c', { N: '7' }],
    ['d', undefined],
  ] as const) {
    const Item = { id: { S: id }, ...(colour ? { colour } : {}) };
    await client.send(new PutItemCommand({ TableName: 'grown', Item }));
  }
  const { TableDescription } = await client.send(
    new UpdateTableCommand({
      TableName: 'grown',
      AttributeDefinitions: [{ AttributeName: 'colour', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [{ Create: byColour }],
    }),
  );
  expect(TableDescription?.GlobalSecondaryIndexes?.[0]).toMatchObject({ IndexStatus: 'ACTIVE', ItemCount: 2 });
  const query = new QueryCommand({
    TableName: 'grown',
    IndexName: 'by_colour',
    KeyConditionExpression: 'colour = :colour',
    ExpressionAttributeValues: { ':colour': { S: 'red' } },
  });
  expect((await client.send(query)).Items).toEqual([{ id: { S: 'a' }, colour: { S: 'red' } }]);

  await client.send(
    new UpdateTableCommand({
      TableName: 'grown',
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by_colour' } }],
    }),
  );
  expect(await failure(client.send(query))).toBe(
    'ValidationException: The table does not have the specified index: by_colour',
  );
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'grown' }));
  expect(Table?.AttributeDefinitions).toEqual([{ AttributeName: 'id', AttributeType: 'S' }]);
});

test('tables, indexes and items are there again after a restart', async () => {
  await createTable(client, 'lasting', ['id:S'], { attributes: ['colour:S'], GlobalSecondaryIndexes: [byColour] });
  const Item = { id: { S: 'a' }, colour: { S: 'red' } };
  await client.send(new PutItemCommand({ TableName: 'lasting', Item }));
  const before = await client.send(new DescribeTableCommand({ TableName: 'lasting' }));
  await cloud.restart();
  const after = await client.send(new DescribeTableCommand({ TableName: 'lasting' }));
  expect(after.Table).toEqual(before.Table as object);
  const found = await client.send(
    new QueryCommand({
      TableName: 'lasting',
      IndexName: 'by_colour',
      KeyConditionExpression: 'colour = :colour',
      ExpressionAttributeValues: { ':colour': { S: 'red' } },
    }),
  );
  expect(found.Items).toEqual([Item]);
});

describe('tables that cannot be made are refused in the words of AWS', () => {
  const one = {
    TableName: 'refused',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  } satisfies CreateTableCommandInput;
  const two = { AttributeName: 'at', AttributeType: 'N' } as const;
  const invalid = 'ValidationException: One or more parameter values were invalid: ';
  const constraint = 'ValidationException: 1 validation error detected: ';
  const index = (name: string, ...keys: string[]) => ({
    IndexName: name,
    KeySchema: keys.map((key, i) => ({
      AttributeName: key,
      KeyType: i === 0 ? ('HASH' as const) : ('RANGE' as const),
    })),
    Projection: { ProjectionType: 'ALL' as const },
  });

  test.each<[string, Partial<CreateTableCommandInput>, string]>([
    [
      'a name of two letters',
      { TableName: 'ab' },
      `${constraint}Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3`,
    ],
    [
      'a name with spaces',
      { TableName: 'a table' },
      `${constraint}Value 'a table' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    ],
    [
      'no name',
      { TableName: undefined },
      "ValidationException: The parameter 'TableName' is required but was not present in the request",
    ],
    [
      'a stream',
      { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
      'NotImplemented: The embedded cloud does not implement DynamoDB StreamSpecification.',
    ],
    [
      'no throughput when provisioned',
      { BillingMode: 'PROVISIONED' },
      `${invalid}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    ],
    [
      'a key not defined',
      { KeySchema: [{ AttributeName: 'no', KeyType: 'HASH' }] },
      `${invalid}Some index key attributes are not defined in AttributeDefinitions. Keys: [no], AttributeDefinitions: [id]`,
    ],
    [
      'an attribute not used',
      { AttributeDefinitions: [...one.AttributeDefinitions, two] },
      `${invalid}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    ],
    [
      'an attribute not used beside an index',
      { AttributeDefinitions: [...one.AttributeDefinitions, two], GlobalSecondaryIndexes: [index('by_id', 'id')] },
      `${invalid}Some AttributeDefinitions are not used. AttributeDefinitions: [id, at], keys used: [id]`,
    ],
    [
      'the range key first',
      { KeySchema: [{ AttributeName: 'id', KeyType: 'RANGE' }] },
      'ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
    ],
    [
      'one attribute twice',
      {
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'id', KeyType: 'RANGE' },
        ],
      },
      'ValidationException: Invalid KeySchema: Some index key attribute have no definition',
    ],
    [
      'two indexes of one name',
      { GlobalSecondaryIndexes: [index('same', 'id'), index('same', 'id')] },
      `${invalid}Duplicate index name: same`,
    ],
    [
      'a local index without a range key',
      { AttributeDefinitions: [...one.AttributeDefinitions, two], LocalSecondaryIndexes: [index('local', 'id', 'at')] },
      `${invalid}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    ],
    [
      'an included attribute without INCLUDE',
      {
        GlobalSecondaryIndexes: [
          { ...index('by_id', 'id'), Projection: { ProjectionType: 'ALL', NonKeyAttributes: ['a'] } },
        ],
      },
      `${invalid}ProjectionType is ALL, but NonKeyAttributes is specified`,
    ],
    ['a name that is taken', { TableName: 'taken' }, 'ResourceInUseException: Table already exists: taken'],
  ])('%s', async (_what, difference, message) => {
    if (difference.TableName === 'taken') await createTable(client, 'taken', ['id:S']);
    expect(
      await failure(client.send(new CreateTableCommand({ ...one, ...difference } as CreateTableCommandInput))),
    ).toBe(message);
  });

  test('what is not there is not found', async () => {
    const message = 'ResourceNotFoundException: Requested resource not found: Table: nowhere not found';
    for (const command of [
      new DescribeTableCommand({ TableName: 'nowhere' }),
      new DeleteTableCommand({ TableName: 'nowhere' }),
      new UpdateTableCommand({ TableName: 'nowhere', DeletionProtectionEnabled: false }),
    ]) {
      expect(await failure(client.send(command as DescribeTableCommand))).toBe(message);
    }
  });

  test('PartiQL answers that it is not implemented', async () => {
    expect(await failure(client.send(new ExecuteStatementCommand({ Statement: 'SELECT * FROM x' })))).toBe(
      'NotImplemented: The embedded cloud does not implement DynamoDB ExecuteStatement.',
    );
  });
});
