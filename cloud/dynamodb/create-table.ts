/** CreateTable. The table is ACTIVE at once. */
import { notImplemented } from '../errors.ts';
import type { JsonObject } from '../wire/json.ts';
import { booleanMember, objectListMember, objectMember } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { invalidParameter, validation } from './errors.ts';
import { readTableName, readWord } from './request.ts';
import type { Throughput } from './schema.ts';
import {
  checkAllDefinitionsUsed,
  checkIndexes,
  readAttributeDefinitions,
  readIndex,
  readKeySchema,
  readThroughput,
} from './table-definition.ts';

export function createTable({ tables }: Engine, input: JsonObject): JsonObject {
  if (input['TableName'] === undefined) {
    throw validation("The parameter 'TableName' is required but was not present in the request");
  }
  const name = readTableName(input);
  refuseStream(input);
  const throughput = readBilling(input);
  const definitions = readAttributeDefinitions(input);
  const key = readKeySchema(input, definitions);
  const indexes = [
    ...readIndexes(input, 'LocalSecondaryIndexes').map((each) => readIndex(each, 'local', definitions)),
    ...readIndexes(input, 'GlobalSecondaryIndexes').map((each) => readIndex(each, 'global', definitions)),
  ];
  checkIndexes(key, indexes);
  checkAllDefinitionsUsed(definitions, key, indexes);
  const table = tables.create(
    {
      name,
      key,
      deletionProtection: booleanMember(input, 'DeletionProtectionEnabled') ?? false,
      ...(throughput ? { throughput } : {}),
    },
    indexes,
  );
  return { TableDescription: tables.describe(table) };
}

/** Streams are not carried; a table that promised one would lose its readers' events. */
export function refuseStream(input: JsonObject): void {
  const stream = objectMember(input, 'StreamSpecification');
  if (stream && booleanMember(stream, 'StreamEnabled')) throw notImplemented('DynamoDB', 'StreamSpecification');
}

/** BillingMode and ProvisionedThroughput, which must fit each other. */
export function readBilling(input: JsonObject): Throughput | undefined {
  const throughput = readThroughput(input);
  if (readWord(input, 'BillingMode', ['PROVISIONED', 'PAY_PER_REQUEST'], 'PROVISIONED') === 'PROVISIONED') {
    if (throughput) return throughput;
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  if (!throughput) return undefined;
  throw invalidParameter(
    'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  );
}

function readIndexes(input: JsonObject, member: string): JsonObject[] {
  const given = objectListMember(input, member);
  if (given.length === 0 && Array.isArray(input[member])) throw invalidParameter(`List of ${member} is empty`);
  return given;
}
