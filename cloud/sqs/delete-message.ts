/** DeleteMessage and DeleteMessageBatch. Deleting what is gone is no error; a handle from an earlier receipt still deletes. */
import type { JsonObject } from '../wire/json.ts';
import { batchEntries, eachEntry } from './batch.ts';
import { receivedMessage } from './receipt.ts';
import { queueOfRequest, type Queue, type Sqs } from './state.ts';

/** DeleteMessage. */
export function deleteMessage(sqs: Sqs, input: JsonObject): void {
  deleteEntry(sqs, queueOfRequest(sqs, input), input);
}

/** DeleteMessageBatch: one transaction for all entries. */
export function deleteMessageBatch(sqs: Sqs, input: JsonObject): JsonObject {
  const queue = queueOfRequest(sqs, input);
  const entries = batchEntries(input, 'DeleteMessageBatch');
  return sqs.db.transaction(() => eachEntry(entries, (entry) => deleteEntry(sqs, queue, entry)))();
}

function deleteEntry(sqs: Sqs, queue: Queue, entry: JsonObject): void {
  const { message } = receivedMessage(sqs, queue, entry);
  if (message) sqs.db.query('DELETE FROM sqs_message WHERE id = ?').run(message.id);
}
