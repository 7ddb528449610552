/** Query: the items of one hash value, in the order of their range values or against it. */
import type { JsonObject } from '../wire/json.ts';
import { booleanMember } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { validation } from './errors.ts';
import { attributesRead } from './expression/evaluate.ts';
import { queryRange } from './expression/key-condition.ts';
import type { PageRequest } from './page.ts';
import { answerPage, readPageRequest } from './page.ts';
import type { KeyRange } from './key-encoding.ts';
import { refuseLegacy } from './request.ts';
import { keyAttributes } from './schema.ts';

export function query(engine: Engine, input: JsonObject): JsonObject {
  refuseLegacy('Query', input);
  const request = readPageRequest(engine, input, [
    'ProjectionExpression',
    'FilterExpression',
    'KeyConditionExpression',
  ]);
  if (!request.keyCondition) {
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const key = (request.index ?? request.table).key;
  const { partition, selected } = queryRange(request.keyCondition, key);
  checkFilter(request);
  if (!contains(partition, request)) {
    throw validation('The provided starting key is outside query boundaries based on provided conditions');
  }
  if (!contains(selected, request)) {
    throw validation('The provided starting key does not match the range key predicate');
  }
  return answerPage(engine, request, selected, booleanMember(input, 'ScanIndexForward') ?? true);
}

function checkFilter({ filter, table, index }: PageRequest): void {
  if (!filter) return;
  const read = attributesRead(filter);
  for (const { name } of keyAttributes((index ?? table).key)) {
    if (read.has(name)) {
      throw validation(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
    }
  }
}

function contains({ from, to }: KeyRange, { start }: PageRequest): boolean {
  return !start || (Buffer.compare(start.position, from) >= 0 && Buffer.compare(start.position, to) < 0);
}
