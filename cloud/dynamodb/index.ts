/**
 * DynamoDB (API version 2012-08-10) in the embedded cloud: tables with global and local indexes, conditional writes,
 * queries, transactions, time to live. PartiQL, streams, backups and the parameters that expressions replaced answer
 * NotImplemented. AWS JSON 1.0, each answer with its CRC32, which AWS's clients check.
 */
import { AwsError } from '../errors.ts';
import { notImplemented } from '../errors.ts';
import type { AwsRequest, Parts, Service } from '../service.ts';
import type { JsonObject } from '../wire/json.ts';
import { readJson } from '../wire/json.ts';
import { batchGetItem } from './batch-get-item.ts';
import { batchWriteItem } from './batch-write-item.ts';
import { createTable } from './create-table.ts';
import { deleteItem } from './delete-item.ts';
import { deleteTable } from './delete-table.ts';
import { describeTable } from './describe-table.ts';
import { describeTimeToLive } from './describe-time-to-live.ts';
import type { Engine } from './engine.ts';
import { getItem } from './get-item.ts';
import { Items } from './items.ts';
import { listTables } from './list-tables.ts';
import { putItem } from './put-item.ts';
import { query } from './query.ts';
import { scan } from './scan.ts';
import { Tables } from './tables.ts';
import { TimeToLive } from './time-to-live.ts';
import { transactGetItems } from './transact-get-items.ts';
import { transactWriteItems } from './transact-write-items.ts';
import { TransactionTokens } from './transaction-tokens.ts';
import { updateItem } from './update-item.ts';
import { updateTable } from './update-table.ts';
import { updateTimeToLive } from './update-time-to-live.ts';

const operations: Record<string, (engine: Engine, input: JsonObject) => JsonObject> = {
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  CreateTable: createTable,
  DeleteItem: deleteItem,
  DeleteTable: deleteTable,
  DescribeTable: describeTable,
  DescribeTimeToLive: describeTimeToLive,
  GetItem: getItem,
  ListTables: listTables,
  PutItem: putItem,
  Query: query,
  Scan: scan,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
  UpdateItem: updateItem,
  UpdateTable: updateTable,
  UpdateTimeToLive: updateTimeToLive,
};

/** DynamoDB over the store of the cloud. */
export function createDynamoDb({ store, clock, region, report }: Parts): Service {
  const items = new Items(store.db);
  const tables = new Tables(store.db, items, clock, region);
  const tokens = new TransactionTokens(store.db);
  const timeToLive = new TimeToLive(tables, items, clock, report);
  const engine: Engine = { tables, items, tokens, clock };
  return {
    async handle(request) {
      const operation = (request.headers.get('x-amz-target') ?? '').replace(/^DynamoDB_20120810\./, '');
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!run) throw notImplemented('DynamoDB', operation);
      return answer(run(engine, await readJson(request)), request, 200);
    },
    error: (error, request) => answerError(error, request, report),
    start: () => timeToLive.start(),
    stop: () => timeToLive.stop(),
  };
}

function answer(members: JsonObject, { requestId }: AwsRequest, status: number): Response {
  const body = JSON.stringify(members);
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-crc32': String(Bun.hash.crc32(body)),
      'x-amzn-requestid': requestId,
    },
  });
}

/** The namespaces AWS puts before codes; the others are DynamoDB's own. */
const namespaces: Record<string, string> = {
  ValidationException: 'com.amazon.coral.validate#',
  SerializationException: 'com.amazon.coral.service#',
  InternalServerError: 'com.amazonaws.dynamodb.v20120810#',
};

function answerError(error: unknown, request: AwsRequest, report: Parts['report']): Response {
  if (!(error instanceof AwsError)) {
    report('DynamoDB could not answer a request', error);
    return answerError(new AwsError('InternalServerError', 500, 'The request processing has failed.'), request, report);
  }
  const type = (namespaces[error.code] ?? 'com.amazonaws.dynamodb.v20120810#') + error.code;
  return answer({ __type: type, message: error.message, ...error.details }, request, error.status);
}
