import {
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { TestClock } from '../../../cloud/clock.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from '../../support/failure.ts';
import { createTable } from './tables-to-test.ts';

const clock = new TestClock();
let cloud: TestCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await startTestCloud({ clock });
  client = new DynamoDBClient(cloud.client);
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
});

const inSeconds = (seconds: number) => ({ N: String(Math.floor(clock.now() / 1000) + seconds) });

function setTimeToLive(TableName: string, AttributeName: string, Enabled = true) {
  return client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }));
}

async function put(TableName: string, id: string, expires?: AttributeValue): Promise<void> {
  const Item = { id: { S: id }, colour: { S: 'red' }, ...(expires ? { expires } : {}) };
  await client.send(new PutItemCommand({ TableName, Item }));
}

async function ids(TableName: string): Promise<string[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  return Items.map(({ id }) => id?.S ?? '').toSorted();
}

test('items go when their time has passed, from the table and its indexes, also across a restart', async () => {
  await createTable(client, 'sessions', ['id:S'], {
    attributes: ['colour:S'],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'colours',
        KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  await put('sessions', 'before', inSeconds(100));
  await setTimeToLive('sessions', 'expires');
  await put('sessions', 'soon', inSeconds(60));
  await put('sessions', 'later', inSeconds(3600));
  await put('sessions', 'much later', inSeconds(7200));
  await put('sessions', 'never');
  await put('sessions', 'text', { S: '1' });
  await put('sessions', 'six years ago', inSeconds(-6 * 365 * 86_400));
  await put('sessions', 'renewed', inSeconds(60));
  await put('sessions', 'renewed', inSeconds(9000));
  const lasting = ['never', 'renewed', 'six years ago', 'text'];

  await clock.advance(59_000);
  expect(await ids('sessions')).toEqual(['before', 'later', 'much later', 'soon', ...lasting].toSorted());
  await clock.advance(2000);
  expect(await ids('sessions')).toEqual(['before', 'later', 'much later', ...lasting].toSorted());
  await clock.advance(60_000);
  expect(await ids('sessions')).toEqual(['later', 'much later', ...lasting].toSorted());
  await clock.advance(3_600_000);
  expect(await ids('sessions')).toEqual(['much later', ...lasting].toSorted());
  await cloud.restart();
  await clock.advance(3_600_000);
  expect(await ids('sessions')).toEqual(lasting);
  const { Count } = await client.send(
    new QueryCommand({
      TableName: 'sessions',
      IndexName: 'colours',
      KeyConditionExpression: 'colour = :c',
      ExpressionAttributeValues: { ':c': { S: 'red' } },
    }),
  );
  expect(Count).toBe(lasting.length);
  expect(cloud.faults).toEqual([]);
});

test('what has expired already goes within seconds, however much it is', async () => {
  await createTable(client, 'many', ['id:S']);
  await setTimeToLive('many', 'expires');
  await Promise.all(Array.from({ length: 100 }, (_, i) => put('many', String(i), inSeconds(-10))));
  await clock.advance(5000);
  expect(await ids('many')).toEqual([]);
});

test('it is described, and refuses to be set twice, in the words of AWS', async () => {
  await createTable(client, 'described', ['id:S']);
  const describe = async () =>
    (await client.send(new DescribeTimeToLiveCommand({ TableName: 'described' }))).TimeToLiveDescription;
  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  expect(await failure(setTimeToLive('described', 'expires', false))).toBe(
    'ValidationException: TimeToLive is already disabled',
  );
  const { TimeToLiveSpecification } = await setTimeToLive('described', 'expires');
  expect(TimeToLiveSpecification).toEqual({ AttributeName: 'expires', Enabled: true });
  expect(await describe()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  expect(await failure(setTimeToLive('described', 'expires'))).toBe(
    'ValidationException: TimeToLive is already enabled',
  );
  expect(await failure(setTimeToLive('described', 'other'))).toBe(
    'ValidationException: TimeToLive is active on a different AttributeName: current AttributeName is expires',
  );
  await put('described', 'kept', inSeconds(10));
  await setTimeToLive('described', 'expires', false);
  await clock.advance(60_000);
  expect(await ids('described')).toEqual(['kept']);
});
