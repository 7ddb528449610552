/**
 * SQS: `consume` is the one loop of every worker program. It long-polls, keeps a message invisible while it is
 * being handled (heartbeat), deletes it on success, gives it back with growing delay on failure, and stops in peace.
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import type { Aws } from './clients.ts';

export interface Delivery {
  body: string;
  /** How often the queue has handed out this message, from 1. */
  receiveCount: number;
  /** Aborted when the program is told to stop. */
  signal: AbortSignal;
}

/** What a handler says: done (delete it), or not yet (show it again after so many seconds). */
export type Verdict = void | { againAfterSeconds: number };

export interface ConsumeOptions {
  queueUrl: string;
  /** How long a message stays invisible without a heartbeat, in seconds. The heartbeat comes at half of it. */
  visibilitySeconds: number;
  /** Messages handled at the same time. */
  concurrency: number;
  handle: (delivery: Delivery) => Promise<Verdict>;
  /** Hears of every fault: a failed handler, a lost connection; and of the message it is about, where there is one. */
  report: (what: string, cause: unknown, body?: string) => void;
  signal: AbortSignal;
}

const LONG_POLL_SECONDS = 20;
const RETRY_SECONDS_MAX = 900;
/** SQS keeps a message invisible for 12 hours at most, counted from its receipt. */
const VISIBILITY_SECONDS_MAX = 43_200;

/** Runs until `signal`; resolves when the last message in hand has been finished or given back. */
export async function consume(aws: Aws, options: ConsumeOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.concurrency }, () => consumeOneByOne(aws, options)));
}

async function consumeOneByOne(aws: Aws, options: ConsumeOptions): Promise<void> {
  const { queueUrl, signal } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { Messages } = await aws.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 1,
          WaitTimeSeconds: LONG_POLL_SECONDS,
          VisibilityTimeout: options.visibilitySeconds,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
        { abortSignal: signal },
      );
      failures = 0;
      const message = Messages?.[0];
      if (message) await handleOne(aws, options, message);
    } catch (error) {
      if (signal.aborted) return;
      options.report(`cannot receive from ${queueUrl}`, error);
      await pause(Math.min(30_000, 500 * 2 ** failures++), signal);
    }
  }
}

async function handleOne(aws: Aws, options: ConsumeOptions, message: Message): Promise<void> {
  const { queueUrl, visibilitySeconds, report } = options;
  const receipt = { QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle };
  const receiveCount = Number(message.Attributes?.['ApproximateReceiveCount'] ?? 1);
  const heartbeat = setInterval(() => {
    aws.sqs
      .send(new ChangeMessageVisibilityCommand({ ...receipt, VisibilityTimeout: visibilitySeconds }))
      .catch((error: unknown) => report('heartbeat failed', error));
  }, visibilitySeconds * 500);
  const showAgain = (seconds: number) =>
    aws.sqs.send(
      new ChangeMessageVisibilityCommand({
        ...receipt,
        VisibilityTimeout: Math.min(VISIBILITY_SECONDS_MAX, Math.max(0, Math.ceil(seconds))),
      }),
    );
  try {
    const verdict = await options.handle({ body: message.Body ?? '', receiveCount, signal: options.signal });
    clearInterval(heartbeat);
    if (verdict) await showAgain(verdict.againAfterSeconds);
    else await aws.sqs.send(new DeleteMessageCommand(receipt));
  } catch (error) {
    clearInterval(heartbeat);
    if (options.signal.aborted) {
      await showAgain(0).catch((cause: unknown) => report('could not hand back a message', cause));
      return;
    }
    report('a message could not be handled and will be tried again', error, message.Body);
    const waitSeconds = Math.min(RETRY_SECONDS_MAX, 2 ** receiveCount);
    await showAgain(waitSeconds).catch((cause: unknown) => report('could not hand back a message', cause));
  } finally {
    clearInterval(heartbeat);
  }
}

export async function sendMessage(aws: Aws, queueUrl: string, body: string, delaySeconds = 0): Promise<void> {
  await aws.sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: Math.min(900, delaySeconds) }),
  );
}

/** How many messages a queue holds; SQS counts approximately, and a moment late. */
export interface QueueDepth {
  /** To be had now. */
  visible: number;
  /** Handed out, neither deleted nor given back yet. */
  inFlight: number;
  /** Not to be had before their delay is over. */
  delayed: number;
}

/** @throws the SDK's `QueueDoesNotExist` */
export async function queueDepth(aws: Aws, queueUrl: string): Promise<QueueDepth> {
  const names = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }),
  );
  const [visible = 0, inFlight = 0, delayed = 0] = names.map((name) => Number(Attributes?.[name] ?? 0));
  return { visible, inFlight, delayed };
}

/** Waits, or less when told to stop. */
export function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, waitMs);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
