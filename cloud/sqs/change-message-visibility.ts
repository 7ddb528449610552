/** ChangeMessageVisibility and its batch: a worker's heartbeat, or the handing back of a message (0). */
import { AwsError } from '../errors.ts';
import type { JsonObject } from '../wire/json.ts';
import { batchEntries, eachEntry } from './batch.ts';
import { invalidValue, optionalInteger, VISIBILITY_SECONDS_MAX } from './input.ts';
import { receivedMessage } from './receipt.ts';
import { queueOfRequest, type Queue, type Sqs } from './state.ts';

/** ChangeMessageVisibility. Throws MessageNotInflight when the message has become visible again. */
export function changeMessageVisibility(sqs: Sqs, input: JsonObject): void {
  changeEntry(sqs, queueOfRequest(sqs, input), input);
}

/** ChangeMessageVisibilityBatch: one transaction for all entries. */
export function changeMessageVisibilityBatch(sqs: Sqs, input: JsonObject): JsonObject {
  const queue = queueOfRequest(sqs, input);
  const entries = batchEntries(input, 'ChangeMessageVisibilityBatch');
  return sqs.db.transaction(() => eachEntry(entries, (entry) => changeEntry(sqs, queue, entry)))();
}

function changeEntry(sqs: Sqs, queue: Queue, entry: JsonObject): void {
  const seconds = optionalInteger(entry, 'VisibilityTimeout', 0, VISIBILITY_SECONDS_MAX);
  if (seconds === undefined) {
    throw new AwsError('MissingParameter', 400, 'The request must contain the parameter VisibilityTimeout.');
  }
  const { handle, message } = receivedMessage(sqs, queue, entry);
  if (!message) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidValue(handle, 'ReceiptHandle', reason);
  }
  const nowMs = sqs.parts.clock.now();
  if (message.visible_ms <= nowMs) {
    throw new AwsError('MessageNotInflight', 400, "The specified message isn't in flight.");
  }
  const visibleMs = nowMs + seconds * 1000;
  if (visibleMs > (message.last_receive_ms ?? nowMs) + VISIBILITY_SECONDS_MAX * 1000) {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${VISIBILITY_SECONDS_MAX} seconds].`;
    throw invalidValue(seconds, 'VisibilityTimeout', reason);
  }
  sqs.db.query('UPDATE sqs_message SET visible_ms = ? WHERE id = ?').run(visibleMs, message.id);
  sqs.arrivals.announce(queue.name);
}
