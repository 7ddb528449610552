/**
 * Dead letters as an operator sees them: messages that could not be handled however often they were tried. They are
 * listed, sent back to be tried again, or ended: their job is FAILED with an honest sentence, their message is gone.
 */
import { lookThrough, moveBack, type KeptMessage } from '../aws/dead-letters.ts';
import { queueDepth } from '../aws/queue.ts';
import { UserError } from './errors.ts';
import { timestamp, type Gas } from './gas.ts';
import type { Job } from './job.ts';
import { leaseFree } from './lease.ts';
import { subjectOf, type Subject } from './messages.ts';
import { getJob, moveIfStill } from './records.ts';
import { arn } from './topology.ts';

/** What it is about is absent when it is no message of ours. */
export interface DeadLetter extends Subject {
  message_id: string;
  sent_time: string;
  /** How often it was handed out, as work and to operators who looked. */
  receive_count: number;
  body: string;
}

export interface DeadLetterQueue {
  /** As AWS names it: `gas_job_requests_dlq`. */
  queue: string;
  /** About how many it holds; `letters` may be fewer. */
  count: number;
  letters: DeadLetter[];
}

/** So many letters of a queue are shown; who has more of them redrives, and looks again. */
const SHOWN_MAX = 200;
/** So many are looked through for those to be removed. */
const LOOKED_THROUGH_MAX = 2_000;
/** How long an order to redrive waits for its end. */
const REDRIVE_MS = 30_000;

/** Every dead-letter queue with what lies in it, oldest first. */
export async function listDeadLetters(gas: Gas): Promise<DeadLetterQueue[]> {
  return Promise.all(
    deadLetterQueues(gas).map(async ({ queue, url }) => {
      const { visible, inFlight } = await queueDepth(gas.aws, url);
      const letters = await lookThrough(gas.aws, url, { countMax: SHOWN_MAX });
      return { queue, count: Math.max(visible + inFlight, letters.length), letters: letters.map(deadLetter) };
    }),
  );
}

/**
 * Sends everything in a dead-letter queue back to be tried again. `name` is the queue's, or that of the queue whose
 * dead letters it holds. @throws UserError NOT_FOUND
 */
export async function redrive(gas: Gas, name: string): Promise<{ queue: string; moved: number; finished: boolean }> {
  const { queue } = findQueue(gas, name);
  const { region, account } = gas.config;
  const outcome = await moveBack(gas.aws, arn('sqs', region, account, queue), REDRIVE_MS);
  gas.log.info('dead letters sent back', { queue, moved: outcome.moved });
  return { queue, ...outcome };
}

/**
 * Ends a job that cannot be annotated through no fault of its file: FAILED with a sentence for its owner, and its
 * dead letters removed. Failing a job that is FAILED already removes what is left of it.
 * @throws UserError NOT_FOUND, WRONG_STATE when somebody works on it, or when it has a result
 */
export async function failDeadJob(gas: Gas, jobId: string): Promise<{ job: Job; removed: number }> {
  const failed = await moveIfStill(gas, jobId, 'fail', {
    set: { error: { code: 'FAULT', message: ENDED_BY_OPERATOR }, complete_time: timestamp(gas) },
    remove: ['lease_owner', 'lease_until', 'progress'],
    expect: leaseFree(gas),
  });
  const job = failed ?? (await getJob(gas, jobId));
  if (!job) throw new UserError('NOT_FOUND', `There is no job ${jobId}.`);
  if (job.job_status !== 'FAILED') throw new UserError('WRONG_STATE', cannotFail(job));
  if (failed) gas.log.info('job marked failed by an operator', { job_id: jobId });
  return { job, removed: await removeLetters(gas, (letter) => letter.job_id === jobId) };
}

/** Removes one dead letter for good: for a message that is none of ours. @throws UserError NOT_FOUND */
export async function dropDeadLetter(gas: Gas, name: string, messageId: string): Promise<void> {
  const { queue } = findQueue(gas, name);
  const removed = await removeLetters(gas, (letter) => letter.message_id === messageId, queue);
  if (removed === 0) throw new UserError('NOT_FOUND', `There is no message ${messageId} in ${queue}.`);
}

const ENDED_BY_OPERATOR =
  'The annotation could not be carried out, and not because of your file as far as we can tell. ' +
  'The mistake is ours; an operator has looked at it and ended it. You can submit the file again.';

function cannotFail({ job_id, job_status, lease_until }: Job): string {
  if (job_status === 'RUNNING') {
    return `Job ${job_id} is being worked on until ${lease_until ?? 'now'}. Look again then, or let its owner cancel it.`;
  }
  return `Job ${job_id} is ${job_status}, so there is nothing to fail; what is left to do for it can be redriven.`;
}

async function removeLetters(gas: Gas, isMeant: (letter: DeadLetter) => boolean, only?: string): Promise<number> {
  let removed = 0;
  const remove = (message: KeptMessage) => {
    const meant = isMeant(deadLetter(message));
    if (meant) removed++;
    return meant;
  };
  const queues = deadLetterQueues(gas).filter(({ queue }) => only === undefined || queue === only);
  await Promise.all(queues.map(({ url }) => lookThrough(gas.aws, url, { countMax: LOOKED_THROUGH_MAX, remove })));
  return removed;
}

function deadLetter({ messageId, body, sentMs, receiveCount }: KeptMessage): DeadLetter {
  return {
    message_id: messageId,
    ...subjectOf(body),
    sent_time: new Date(sentMs).toISOString(),
    receive_count: receiveCount,
    body,
  };
}

/** Every dead-letter queue, with its address and the queue it belongs to. */
export function deadLetterQueues({ config }: Gas): { queue: string; source: string; url: string }[] {
  return Object.entries(config.topology.queues).map(([key, { name, deadLetters }]) => ({
    queue: deadLetters,
    source: name,
    url: config.queueUrls[key as keyof typeof config.queueUrls].replace(/[^/]+$/, deadLetters),
  }));
}

function findQueue(gas: Gas, name: string): { queue: string } {
  const queues = deadLetterQueues(gas);
  const found = queues.find(({ queue, source }) => queue === name || source === name);
  if (found) return found;
  throw new UserError(
    'NOT_FOUND',
    `There is no queue '${name}'; there are ${queues.map(({ queue }) => queue).join(', ')}.`,
  );
}
