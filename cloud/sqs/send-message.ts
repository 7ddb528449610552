/** SendMessage and SendMessageBatch: a message is checked, digested and committed before it is answered. */
import { AwsError } from '../errors.ts';
import type { MessageAttributes } from '../service.ts';
import { objectMember, stringMember, type JsonObject } from '../wire/json.ts';
import { numberAttribute } from './attributes.ts';
import { batchEntries, eachEntry } from './batch.ts';
import { invalidValue, optionalInteger, requiredString } from './input.ts';
import { attributesSize, md5OfAttributes, messageAttributes } from './message-attributes.ts';
import { queueOfRequest, type Queue, type Sqs } from './state.ts';

const DELAY_SECONDS_MAX = 900;
const BATCH_SIZE_MAX = 1_048_576;

/** A message to be put on a queue. */
export interface OutgoingMessage {
  body: string;
  attributes: MessageAttributes;
  /** The queue's own DelaySeconds when absent. */
  delaySeconds?: number | undefined;
  traceHeader?: string | undefined;
}

/** SendMessage. */
export function sendMessage(sqs: Sqs, input: JsonObject): JsonObject {
  return sendEntry(sqs, queueOfRequest(sqs, input), input);
}

/** SendMessageBatch: one transaction for all entries. */
export function sendMessageBatch(sqs: Sqs, input: JsonObject): JsonObject {
  const queue = queueOfRequest(sqs, input);
  const entries = batchEntries(input, 'SendMessageBatch');
  const size = entries.reduce((sum, entry) => sum + Buffer.byteLength(stringMember(entry, 'MessageBody') ?? ''), 0);
  if (size > BATCH_SIZE_MAX) {
    const message = `Batch requests cannot be longer than ${BATCH_SIZE_MAX} bytes. You have sent ${size} bytes.`;
    throw new AwsError('BatchRequestTooLong', 400, message);
  }
  return sqs.db.transaction(() => eachEntry(entries, (entry) => sendEntry(sqs, queue, entry)))();
}

/** Puts a message on a queue and wakes who waits for it; answers its MessageId. */
export function putMessage(sqs: Sqs, queue: Queue, message: OutgoingMessage): string {
  const sizeMax = numberAttribute(queue, 'MaximumMessageSize');
  if (Buffer.byteLength(message.body) + attributesSize(message.attributes) > sizeMax) {
    const reason = `One or more parameters are invalid. Reason: Message must be shorter than ${sizeMax} bytes.`;
    throw new AwsError('InvalidParameterValue', 400, reason);
  }
  const messageId = crypto.randomUUID();
  const nowMs = sqs.parts.clock.now();
  const delaySeconds = message.delaySeconds ?? numberAttribute(queue, 'DelaySeconds');
  sqs.db
    .query(
      `INSERT INTO sqs_message (queue, message_id, body, attributes, trace_header, sent_ms, visible_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      queue.name,
      messageId,
      message.body,
      JSON.stringify(message.attributes),
      message.traceHeader ?? null,
      nowMs,
      nowMs + delaySeconds * 1000,
    );
  sqs.arrivals.announce(queue.name);
  return messageId;
}

/** MD5OfMessageBody. */
export function md5OfBody(body: string): string {
  return new Bun.CryptoHasher('md5').update(body).digest('hex');
}

function sendEntry(sqs: Sqs, queue: Queue, entry: JsonObject): JsonObject {
  const body = requiredString(entry, 'MessageBody');
  if (!isCarried(body)) {
    const message =
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
    throw new AwsError('InvalidMessageContents', 400, message);
  }
  for (const name of ['MessageGroupId', 'MessageDeduplicationId']) {
    const reason = 'The request include parameter that is not valid for this queue type.';
    if (entry[name] !== undefined) throw invalidValue(String(entry[name]), name, reason);
  }
  const attributes = messageAttributes(entry, 'MessageAttributes');
  const systemAttributes = messageAttributes(entry, 'MessageSystemAttributes');
  const traceHeader = systemAttributes['AWSTraceHeader']?.StringValue;
  if (Object.keys(systemAttributes).some((name) => name !== 'AWSTraceHeader')) {
    const message = 'AWSTraceHeader is the only message system attribute that can be set.';
    throw new AwsError('InvalidParameterValue', 400, message);
  }
  const delaySeconds = optionalInteger(entry, 'DelaySeconds', 0, DELAY_SECONDS_MAX);
  return {
    MessageId: putMessage(sqs, queue, { body, attributes, delaySeconds, traceHeader }),
    MD5OfMessageBody: md5OfBody(body),
    ...(objectMember(entry, 'MessageAttributes') && { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    ...(traceHeader !== undefined && { MD5OfMessageSystemAttributes: md5OfAttributes(systemAttributes) }),
  };
}

/** Whether SQS carries every character of a body: those of XML 1.0. */
function isCarried(body: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return body.isWellFormed() && !/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/.test(body);
}
