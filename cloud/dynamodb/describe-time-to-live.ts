/** DescribeTimeToLive. */
import type { JsonObject } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { readTableName } from './request.ts';

export function describeTimeToLive({ tables }: Engine, input: JsonObject): JsonObject {
  const { timeToLiveAttribute } = tables.named(readTableName(input));
  return {
    TimeToLiveDescription:
      timeToLiveAttribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLiveAttribute },
  };
}
