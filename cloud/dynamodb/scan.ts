/** Scan: all items of a table or an index, or one segment of them, in the order of the places of their hash values. */
import type { JsonObject } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { validation } from './errors.ts';
import { segmentRange } from './key-encoding.ts';
import { answerPage, readPageRequest } from './page.ts';
import { readInteger, refuseLegacy } from './request.ts';

export function scan(engine: Engine, input: JsonObject): JsonObject {
  refuseLegacy('Scan', input);
  const request = readPageRequest(engine, input, ['ProjectionExpression', 'FilterExpression']);
  const { segment, totalSegments } = readSegment(input);
  const range = segmentRange(segment, totalSegments);
  const { start } = request;
  if (start && (Buffer.compare(start.position, range.from) < 0 || Buffer.compare(start.position, range.to) >= 0)) {
    throw validation(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct ' +
        `Segment. TotalSegments: ${totalSegments} Segment: ${segment}`,
    );
  }
  return answerPage(engine, request, range, true);
}

function readSegment(input: JsonObject): { segment: number; totalSegments: number } {
  const segment = readInteger(input, 'Segment', 0, 999_999);
  const totalSegments = readInteger(input, 'TotalSegments', 1, 1_000_000);
  if (segment === undefined && totalSegments === undefined) return { segment: 0, totalSegments: 1 };
  if (totalSegments === undefined) {
    throw validation(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (segment === undefined) {
    throw validation(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (segment >= totalSegments) {
    throw validation(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${segment} is not less than TotalSegments: ${totalSegments}`,
    );
  }
  return { segment, totalSegments };
}
