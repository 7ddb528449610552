/** The frame of all batch operations: up to ten entries with distinct ids, each succeeding or failing for itself. */
import { AwsError } from '../errors.ts';
import { objectListMember, type JsonObject } from '../wire/json.ts';
import { requiredString } from './input.ts';

const ENTRIES_MAX = 10;

/** Checks and answers the entries of a batch request. */
export function batchEntries(input: JsonObject, operation: string): JsonObject[] {
  const entries = objectListMember(input, 'Entries');
  if (entries.length === 0) {
    throw new AwsError(
      'EmptyBatchRequest',
      400,
      `There should be at least one ${operation}RequestEntry in the request.`,
    );
  }
  if (entries.length > ENTRIES_MAX) {
    const message = `Maximum number of entries per request are ${ENTRIES_MAX}. You have sent ${entries.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', 400, message);
  }
  const seen = new Set<string>();
  for (const entry of entries) {
    const id = requiredString(entry, 'Id');
    if (!/^[\w-]{1,80}$/.test(id)) {
      const message =
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
      throw new AwsError('InvalidBatchEntryId', 400, message);
    }
    if (seen.has(id)) throw new AwsError('BatchEntryIdsNotDistinct', 400, `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/** Does `act` for every entry; an AwsError fails its entry only. */
export function eachEntry(entries: JsonObject[], act: (entry: JsonObject) => JsonObject | void): JsonObject {
  const Successful: JsonObject[] = [];
  const Failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry['Id'], ...act(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry['Id'], SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
