/**
 * Receipt handles. One names the message and the time it was received; on a standard queue an older handle of a message
 * goes on working, so nothing has to be kept about handles: they are read, not looked up.
 */
import { AwsError } from '../errors.ts';
import { requiredString } from './input.ts';
import type { JsonObject } from '../wire/json.ts';
import type { MessageRow, Queue, Sqs } from './state.ts';

/** A new handle for a message that is being received; random, so that no two are alike. */
export function receiptHandle(message: MessageRow): string {
  return Buffer.from(`${message.id} ${message.message_id} ${crypto.randomUUID()}`).toString('base64');
}

/** The handle of a request and its message, if that still exists. Throws ReceiptHandleIsInvalid for what is no handle. */
export function receivedMessage(
  sqs: Sqs,
  queue: Queue,
  input: JsonObject,
): { handle: string; message: MessageRow | undefined } {
  const handle = requiredString(input, 'ReceiptHandle');
  const parts = /^(\d+) ([\da-f-]{36}) [\da-f-]{36}$/.exec(Buffer.from(handle, 'base64').toString());
  if (!parts) {
    const message = `The input receipt handle "${handle}" is not a valid receipt handle.`;
    throw new AwsError('ReceiptHandleIsInvalid', 404, message);
  }
  const message = sqs.db
    .query<MessageRow, [number, string, string]>(
      'SELECT * FROM sqs_message WHERE id = ? AND message_id = ? AND queue = ?',
    )
    .get(Number(parts[1]), parts[2] ?? '', queue.name);
  return { handle, message: message ?? undefined };
}
