/**
 * TransactWriteItems: up to 100 writes of different items, all or none. Whatever stops it, the answer says for each
 * write whether it was to blame. Malformed expressions are no reason to cancel: they refuse the whole request.
 */
import { AwsError } from '../errors.ts';
import type { JsonObject } from '../wire/json.ts';
import { isJsonObject, objectMember, stringMember } from '../wire/json.ts';
import type { Item } from './attribute-value.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Engine } from './engine.ts';
import { conditionFailedMessage, EmptyKeyError, serialization, validation } from './errors.ts';
import { readList, violation } from './request.ts';
import type { BoundWrite, Write } from './write.ts';
import { change, checkDistinct, conditionHolds, readConditionCheck, readDelete, readPut, readUpdate } from './write.ts';

const writesMax = 100;
/** Of the request, not of the items it is about; observed by ScyllaDB's test/alternator/test_transact.py. */
const requestSizeMax = 4 * 1024 * 1024;

type Reason = { Code: 'None' } | { Code: string; Message: string; Item?: Item };

export function transactWriteItems(engine: Engine, input: JsonObject): JsonObject {
  const capacity = new ConsumedCapacity(input);
  const token = readToken(input);
  const given = readList(input, 'TransactItems', 1, writesMax);
  const writes = given.map(readWrite);
  if (Buffer.byteLength(JSON.stringify(given)) > requestSizeMax) {
    throw validation('Transaction request size cannot exceed 4194304 bytes');
  }
  const tables = writes.map(({ tableName }) => engine.tables.get(tableName));
  const bound = attempt(writes, (write, i) => write.bind(tables[i] ?? engine.tables.get(write.tableName)));
  checkDistinct(bound, 'Transaction request cannot include multiple operations on one item');
  engine.items.transaction(() => {
    if (token !== undefined && engine.tokens.seen(token, given, engine.clock.now())) return;
    performAll(engine, bound, capacity);
  });
  capacity.double();
  return { ...capacity.list() };
}

function performAll({ items }: Engine, writes: readonly BoundWrite[], capacity: ConsumedCapacity): void {
  const found = writes.map((write) => ({ write, old: items.get(write.table, write.key) }));
  const reasons = found.map(({ write, old }): Reason => {
    if (conditionHolds(write, old)) return { Code: 'None' };
    const reason = { Code: 'ConditionalCheckFailed', Message: conditionFailedMessage };
    return write.tellOld && old ? { ...reason, Item: old.item } : reason;
  });
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  attempt(found, ({ write, old }) => capacity.write(write.table, change(items, write, old).size));
}

/** Does something with every write; the first that may not be is the reason to cancel, and the only one told. */
function attempt<T, R>(all: readonly T[], act: (each: T, i: number) => R): R[] {
  return all.map((each, i) => {
    try {
      return act(each, i);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
      if (error instanceof EmptyKeyError) throw error;
      const reasons = all.map((): Reason => ({ Code: 'None' }));
      reasons[i] = { Code: 'ValidationError', Message: error.message };
      throw cancelled(reasons);
    }
  });
}

function cancelled(reasons: Reason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    400,
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

function readWrite(json: unknown): Write {
  if (!isJsonObject(json)) throw serialization('Start of structure or map found where not expected');
  const found = Object.keys(json).filter((kind) => Object.hasOwn(readers, kind) && json[kind] !== null);
  const [kind] = found;
  const body = kind === undefined ? undefined : objectMember(json, kind);
  if (kind === undefined || !body || found.length > 1) {
    throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  return readers[kind as keyof typeof readers](body);
}

const readers = {
  ConditionCheck: readConditionCheck,
  Put: readPut,
  Delete: readDelete,
  Update: (body: JsonObject): Write => {
    if (stringMember(body, 'UpdateExpression') !== undefined) return readUpdate(body);
    throw violation(undefined, 'transactItems.member.update.updateExpression', 'not be null');
  },
};

function readToken(input: JsonObject): string | undefined {
  const token = stringMember(input, 'ClientRequestToken');
  if (token !== undefined && token.length > 36) {
    throw violation(token, 'clientRequestToken', 'have length less than or equal to 36');
  }
  if (token === '') throw violation(token, 'clientRequestToken', 'have length greater than or equal to 1');
  return token;
}
