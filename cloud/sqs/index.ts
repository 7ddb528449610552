/**
 * SQS, standard queues: an operation a function, in AWS JSON 1.0 and in the older query protocol. The only part that waits is ReceiveMessage; everything
 * else is one transaction.
 */
import { AwsError } from '../errors.ts';
import type { Bus, Parts, Service } from '../service.ts';
import { answerJson, jsonResponse, type JsonOperations } from '../wire/json.ts';
import { Arrivals } from './arrivals.ts';
import { getQueueAttributes, setQueueAttributes } from './attributes.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './change-message-visibility.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage, deleteMessageBatch } from './delete-message.ts';
import {
  cancelMessageMoveTask,
  listMessageMoveTasks,
  moveTaskRunner,
  startMessageMoveTask,
} from './message-move-task.ts';
import {
  deleteQueue,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  listQueueTags,
  purgeQueue,
  tagQueue,
  untagQueue,
} from './queues.ts';
import { answerOldQuery, isQuery, oldQueryError } from './query.ts';
import { receiveMessage } from './receive-message.ts';
import { putMessage, sendMessage, sendMessageBatch } from './send-message.ts';
import { createTables, queueByArn, type Sqs } from './state.ts';

/** SQS on the embedded cloud, and its part of the bus. */
export function createSqs(parts: Parts): Service & Pick<Bus, 'sendToQueue'> {
  const { db } = parts.store;
  const sqs: Sqs = { parts, db, arrivals: new Arrivals(parts.clock) };
  const moveTasks = moveTaskRunner(sqs);
  createTables(db);

  const operations: JsonOperations = {
    CancelMessageMoveTask: (input) => cancelMessageMoveTask(sqs, input),
    ChangeMessageVisibility: (input) => changeMessageVisibility(sqs, input),
    ChangeMessageVisibilityBatch: (input) => changeMessageVisibilityBatch(sqs, input),
    CreateQueue: (input) => createQueue(sqs, input),
    DeleteMessage: (input) => deleteMessage(sqs, input),
    DeleteMessageBatch: (input) => deleteMessageBatch(sqs, input),
    DeleteQueue: (input) => deleteQueue(sqs, input),
    GetQueueAttributes: (input) => getQueueAttributes(sqs, input),
    GetQueueUrl: (input) => getQueueUrl(sqs, input),
    ListDeadLetterSourceQueues: (input) => listDeadLetterSourceQueues(sqs, input),
    ListMessageMoveTasks: (input) => listMessageMoveTasks(sqs, input),
    ListQueues: (input) => listQueues(sqs, input),
    ListQueueTags: (input) => listQueueTags(sqs, input),
    PurgeQueue: (input) => purgeQueue(sqs, input),
    ReceiveMessage: (input, request) => receiveMessage(sqs, input, request),
    SendMessage: (input) => sendMessage(sqs, input),
    SendMessageBatch: (input) => sendMessageBatch(sqs, input),
    SetQueueAttributes: (input) => setQueueAttributes(sqs, input),
    StartMessageMoveTask(input) {
      const started = startMessageMoveTask(sqs, input);
      queueMicrotask(moveTasks.run);
      return started;
    },
    TagQueue: (input) => tagQueue(sqs, input),
    UntagQueue: (input) => untagQueue(sqs, input),
  };

  return {
    handle: (request) =>
      isQuery(request) ? answerOldQuery(operations, request) : answerJson('SQS', operations, request),

    error(error, request) {
      const { code, status, message } =
        error instanceof AwsError ? error : new AwsError('InternalFailure', 500, 'The embedded cloud failed.');
      if (isQuery(request)) return oldQueryError({ code: QUERY_CODES[code] ?? code, status, message }, request);
      const type = MODELLED.has(code) ? `com.amazonaws.sqs#${code}` : `com.amazon.coral.service#${code}Exception`;
      return jsonResponse({ __type: type, message }, request, status, '1.0', {
        'x-amzn-query-error': `${QUERY_CODES[code] ?? code};${status < 500 ? 'Sender' : 'Receiver'}`,
      });
    },

    start: () => moveTasks.run(),
    stop: () => moveTasks.stop(),

    sendToQueue(queueArn, body, attributes = {}, delaySeconds) {
      return putMessage(sqs, queueByArn(sqs, queueArn), { body, attributes, delaySeconds });
    },
  };
}

const simpleQueueService = (code: string): [string, string] => [code, `AWS.SimpleQueueService.${code}`];

/** The codes of the old query protocol, which SDKs still show, where they differ (trait awsQueryError of SQS's model). */
const QUERY_CODES: Record<string, string> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  ...Object.fromEntries(
    [
      'BatchEntryIdsNotDistinct',
      'BatchRequestTooLong',
      'EmptyBatchRequest',
      'InvalidBatchEntryId',
      'MessageNotInflight',
      'PurgeQueueInProgress',
      'TooManyEntriesInBatchRequest',
      'UnsupportedOperation',
    ].map(simpleQueueService),
  ),
};

/** Errors that are shapes of SQS's model; the others come from AWS's framework. */
const MODELLED = new Set([
  ...Object.keys(QUERY_CODES),
  'InvalidAddress',
  'InvalidAttributeName',
  'InvalidAttributeValue',
  'InvalidMessageContents',
  'ReceiptHandleIsInvalid',
  'ResourceNotFoundException',
]);
