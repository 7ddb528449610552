/**
 * SQS as an operator uses it: look at the messages of a dead-letter queue without taking them, remove one, and move
 * all of them back. SQS knows no looking: a message that is read is hidden for a while, so looking is receiving until
 * nothing more comes, and giving everything back at once.
 */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  StartMessageMoveTaskCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import type { Aws } from './clients.ts';
import { pause } from './queue.ts';

/** A message as SQS keeps it. */
export interface KeptMessage {
  messageId: string;
  body: string;
  /** When it was first sent, in milliseconds since 1970. */
  sentMs: number;
  /** How often it was handed out: as work, and to whoever looked at it since. */
  receiveCount: number;
}

/** How long a message is hidden while a look goes on, in seconds; it is given back at the end of the look. */
const LOOK_SECONDS = 30;
/** SQS hands out and takes back at most so many at a time. */
const BATCH = 10;

/**
 * Looks at up to `countMax` messages. Those for which `remove` answers true are removed; all others are as before,
 * only their receive count has grown.
 */
export async function lookThrough(
  aws: Aws,
  queueUrl: string,
  { countMax, remove = () => false }: { countMax: number; remove?: (message: KeptMessage) => boolean },
): Promise<KeptMessage[]> {
  const seen = new Map<string, { kept: KeptMessage; receipt: string }>();
  try {
    while (seen.size < countMax) {
      const { Messages = [] } = await aws.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(BATCH, countMax - seen.size),
          // A long poll asks all of SQS's servers, so that an empty answer means an empty queue.
          WaitTimeSeconds: 1,
          VisibilityTimeout: LOOK_SECONDS,
          MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
        }),
      );
      const before = seen.size;
      for (const message of Messages) {
        const kept = keptMessage(message);
        seen.set(kept.messageId, { kept, receipt: message.ReceiptHandle ?? '' });
      }
      // Nothing more, or only what a look that took too long is shown again.
      if (seen.size === before) break;
    }
    for (const [id, { kept, receipt }] of seen) {
      if (!remove(kept)) continue;
      await aws.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
      seen.delete(id);
    }
  } finally {
    await giveBack(
      aws,
      queueUrl,
      [...seen.values()].map(({ receipt }) => receipt),
    );
  }
  return [...seen.values()].map(({ kept }) => kept).sort((a, b) => a.sentMs - b.sentMs);
}

/**
 * Moves every message of a dead-letter queue back to where it came from, waiting up to `waitMs` for the end of it.
 * Answers how many have been moved so far, and whether that is all. @throws when SQS could not move them
 */
export async function moveBack(
  aws: Aws,
  queueArn: string,
  waitMs: number,
): Promise<{ moved: number; finished: boolean }> {
  await aws.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: queueArn }));
  const endMs = performance.now() + waitMs;
  for (;;) {
    const { Results } = await aws.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: queueArn, MaxResults: 1 }));
    const task = Results?.[0];
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    if (task?.Status === 'FAILED') throw new Error(`SQS stopped moving messages: ${task.FailureReason ?? 'no reason'}`);
    if (task?.Status !== 'RUNNING') return { moved, finished: true };
    if (performance.now() > endMs) return { moved, finished: false };
    await pause(200, new AbortController().signal);
  }
}

async function giveBack(aws: Aws, queueUrl: string, receipts: readonly string[]): Promise<void> {
  for (let at = 0; at < receipts.length; at += BATCH) {
    const Entries = receipts
      .slice(at, at + BATCH)
      .map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle, VisibilityTimeout: 0 }));
    await aws.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

function keptMessage({ MessageId = '', Body = '', Attributes = {} }: Message): KeptMessage {
  return {
    messageId: MessageId,
    body: Body,
    sentMs: Number(Attributes.SentTimestamp ?? 0),
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 0),
  };
}
