/**
 * Whatever is put, updated and deleted, and in whatever pages it is read: tables and indexes show what a plain Map
 * would, in the order of their keys.
 */
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
  paginateQuery,
  paginateScan,
  type AttributeValue,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { createTable } from './tables-to-test.ts';

type Item = Record<string, AttributeValue>;

let cloud: TestCloud;
let client: DynamoDBClient;
let tables = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  client = new DynamoDBClient(cloud.client);
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
});

/** One number in several writings, and its neighbours. */
const at = fc.constantFrom('-100', '-1.5', '-15e-1', '0', '-0', '0.001', '1', '2', '10', '1e1', '1e20');
const owner = fc.constantFrom('a', 'b', 'a\u0000b');
const colour = fc.option(fc.constantFrom('red', 'blue'), { nil: undefined });
const rank = fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined });

const change = fc.oneof(
  fc.record({ do: fc.constant('put' as const), owner, at, colour, rank }),
  fc.record({ do: fc.constant('update' as const), owner, at, colour, rank: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ do: fc.constant('delete' as const), owner, at }),
);

test('tables and indexes agree with a Map', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (changes, pageSize, forward) => {
        const TableName = `model-${tables++}`;
        await createTable(client, TableName, ['owner:S', 'at:N'], {
          attributes: ['colour:S', 'rank:N'],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'ranks',
              KeySchema: [
                { AttributeName: 'colour', KeyType: 'HASH' },
                { AttributeName: 'rank', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
        });
        const model = new Map<string, Item>();
        for (const each of changes) {
          const Key = { owner: { S: each.owner }, at: { N: each.at } };
          const place = JSON.stringify([each.owner, Number(each.at) + 0]);
          const stored = { owner: { S: each.owner }, at: { N: normal(each.at) } };
          if (each.do === 'delete') {
            await client.send(new DeleteItemCommand({ TableName, Key }));
            model.delete(place);
          } else if (each.do === 'put') {
            const more = {
              ...(each.colour === undefined ? {} : { colour: { S: each.colour } }),
              ...(each.rank === undefined ? {} : { rank: { N: String(each.rank) } }),
            };
            await client.send(new PutItemCommand({ TableName, Item: { ...Key, ...more } }));
            model.set(place, { ...stored, ...more });
          } else {
            const old = model.get(place);
            const newRank = { N: String(Number(old?.['rank']?.N ?? 0) + each.rank) };
            const newColour = each.colour === undefined ? {} : { colour: { S: each.colour } };
            await client.send(
              new UpdateItemCommand({
                TableName,
                Key,
                UpdateExpression: each.colour === undefined ? 'ADD #r :r REMOVE #c' : 'SET #c = :c ADD #r :r',
                ExpressionAttributeNames: { '#c': 'colour', '#r': 'rank' },
                ExpressionAttributeValues: {
                  ':r': { N: String(each.rank) },
                  ...(each.colour === undefined ? {} : { ':c': { S: each.colour } }),
                },
              }),
            );
            model.set(place, { ...stored, rank: newRank, ...newColour });
          }
        }

        const items = [...model.values()];
        const query = async (name: string, value: string, IndexName?: string) => {
          const met: Item[] = [];
          const input = {
            TableName,
            KeyConditionExpression: '#k = :k',
            ExpressionAttributeNames: { '#k': name },
            ExpressionAttributeValues: { ':k': { S: value } },
            ScanIndexForward: forward,
            ...(IndexName === undefined ? {} : { IndexName }),
          };
          for await (const { Items = [] } of paginateQuery({ client, pageSize }, input)) met.push(...Items);
          return forward ? met : met.toReversed();
        };
        for (const value of ['a', 'b', 'a\u0000b']) {
          const expected = items.filter((item) => item['owner']?.S === value).toSorted(by('at'));
          expect(await query('owner', value)).toEqual(expected);
        }
        for (const value of ['red', 'blue']) {
          const expected = items.filter((item) => item['colour']?.S === value && item['rank']);
          const found = await query('colour', value, 'ranks');
          expect(found.map((item) => item['rank'])).toEqual(expected.toSorted(by('rank')).map((item) => item['rank']));
          expect(sorted(found)).toEqual(sorted(expected));
        }
        const scanned: Item[] = [];
        for await (const { Items = [] } of paginateScan({ client, pageSize }, { TableName })) scanned.push(...Items);
        expect(sorted(scanned)).toEqual(sorted(items));
      },
    ),
    { numRuns: 25 },
  );
});

test('numbers of any size are read in their order', async () => {
  await createTable(client, 'numbers', ['owner:S', 'at:N']);
  const number = fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -40, max: 40 }))
    .map(([digits, power]) => ({ text: `${digits}e${power}`, value: digits * 10n ** BigInt(power + 40) }));
  const unique = fc.uniqueArray(number, { maxLength: 25, minLength: 1, selector: ({ value }) => value });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(unique, async (numbers) => {
      const of = `run ${runs++}`;
      const writes = numbers.map(({ text }, i): WriteRequest => {
        return { PutRequest: { Item: { owner: { S: of }, at: { N: text }, i: { N: String(i) } } } };
      });
      await client.send(new BatchWriteItemCommand({ RequestItems: { numbers: writes } }));
      const found: number[] = [];
      const input = {
        TableName: 'numbers',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': { S: of } },
      };
      for await (const { Items = [] } of paginateQuery({ client }, input)) {
        found.push(...Items.map((item) => Number(item['i']?.N)));
      }
      const expected = numbers.map(({ value }, i) => ({ value, i })).sort((a, b) => (a.value < b.value ? -1 : 1));
      expect(found).toEqual(expected.map(({ i }) => i));
    }),
    { numRuns: 25 },
  );
});

function normal(text: string): string {
  const value = Number(text) + 0;
  return value === 1e20 ? '100000000000000000000' : String(value);
}

function by(name: string): (a: Item, b: Item) => number {
  return (a, b) => Number(a[name]?.N) - Number(b[name]?.N);
}

function sorted(items: Item[]): string[] {
  return items.map((item) => JSON.stringify(Object.entries(item).toSorted())).toSorted();
}
