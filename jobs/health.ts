/**
 * Whether the service can do its work: whether everything it depends on answers, within a bounded time; and how much
 * work lies where. Both ask AWS, so an answer is kept for a moment: whoever asks often does not make AWS busy.
 */
import { headObject } from '../aws/objects.ts';
import { queueDepth, type QueueDepth } from '../aws/queue.ts';
import { getItem } from '../aws/table.ts';
import { deadLetterQueues } from './dead-letters.ts';
import type { Gas } from './gas.ts';
import { moves, type Move } from './lifecycle.ts';
import { countNeeding } from './records.ts';

type Answer = 'ok' | 'no answer in time' | 'failed';

export interface Readiness {
  ready: boolean;
  /** Each thing the service depends on; the cause of what is wrong is in the log. */
  checks: Record<'table' | 'queue' | 'bucket', Answer>;
}

const CHECK_MS = 2_000;
const READINESS_KEPT_MS = 2_000;
const WORK_KEPT_MS = 10_000;
/** Counting reads the index; a backlog beyond this is large, however large. */
const JOBS_MAX = 10_000;

/** Asks table, queue and bucket at once. */
export function readinessOf(gas: Gas): () => Promise<Readiness> {
  const { tables, buckets } = gas.config.topology;
  const nothing = '.ready';
  const probes = {
    table: () => getItem(gas.aws, tables.annotations.name, { job_id: nothing }),
    queue: () => queueDepth(gas.aws, gas.config.queueUrls.jobRequests),
    bucket: () => headObject(gas.aws, { bucket: buckets.inputs.name, key: nothing }),
  };
  // What has not answered yet is not asked a second time: a dependency that hangs shall not fill up with questions.
  const underWay = new Map<string, Promise<Answer>>();
  const ask = (name: keyof typeof probes): Promise<Answer> => {
    const answer = underWay.get(name) ?? answerOf(gas, name, probes[name]).finally(() => underWay.delete(name));
    underWay.set(name, answer);
    return inTime(answer);
  };
  return kept(gas, READINESS_KEPT_MS, async () => {
    const names = Object.keys(probes) as (keyof typeof probes)[];
    const checks = await Promise.all(names.map(async (name) => [name, await ask(name)] as const));
    return {
      ready: checks.every(([, answer]) => answer === 'ok'),
      checks: Object.fromEntries(checks) as Readiness['checks'],
    };
  });
}

async function answerOf(gas: Gas, name: string, probe: () => Promise<unknown>): Promise<Answer> {
  try {
    await probe();
    return 'ok';
  } catch (cause) {
    gas.log.fault('a dependency does not answer', cause, { dependency: name });
    return 'failed';
  }
}

async function inTime(answer: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => late.resolve('no answer in time'), CHECK_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** How much is still to happen: jobs by what they wait for, messages by queue. */
export interface Work {
  /** `oldestSeconds`: since the one that waits longest was submitted. */
  jobs: { attention: string; count: number; oldestSeconds: number }[];
  queues: ({ queue: string } & QueueDepth)[];
}

/** Counts the work that lies where. */
export async function countWork(gas: Gas): Promise<Work> {
  const [jobs, depths] = await Promise.all([
    Promise.all(attentions.map((attention) => jobsWaiting(gas, attention))),
    Promise.all(queues(gas).map(async ({ queue, url }) => ({ queue, ...(await queueDepth(gas.aws, url)) }))),
  ]);
  return { jobs, queues: depths };
}

async function jobsWaiting(gas: Gas, attention: string): Promise<Work['jobs'][number]> {
  const { count, oldestTime } = await countNeeding(gas, attention, JOBS_MAX);
  const oldestSeconds = oldestTime ? Math.max(0, (gas.now() - Date.parse(oldestTime)) / 1000) : 0;
  return { attention, count, oldestSeconds };
}

/** Puts into the metrics how many jobs wait for what, and how many messages lie in each queue. Never fails. */
export function workInMetrics(gas: Gas): () => Promise<void> {
  const { metrics } = gas;
  return kept(gas, WORK_KEPT_MS, async () => {
    for (const name of ['gas_jobs', 'gas_jobs_oldest_seconds', 'gas_queue_messages'] as const) metrics.clear(name);
    try {
      const { jobs, queues: depths } = await countWork(gas);
      for (const { attention, count, oldestSeconds } of jobs) {
        metrics.set('gas_jobs', { attention }, count);
        metrics.set('gas_jobs_oldest_seconds', { attention }, oldestSeconds);
      }
      for (const { queue, visible, inFlight, delayed } of depths) {
        metrics.set('gas_queue_messages', { queue, state: 'visible' }, visible);
        metrics.set('gas_queue_messages', { queue, state: 'in flight' }, inFlight);
        metrics.set('gas_queue_messages', { queue, state: 'delayed' }, delayed);
      }
      metrics.set('gas_service_up', {}, 1);
    } catch (error) {
      metrics.set('gas_service_up', {}, 0);
      gas.log.fault('work cannot be counted', error);
    }
  });
}

/** Everything a job may wait for, from the table of moves. */
const attentions = [
  ...new Set(['PENDING', ...Object.values(moves).flatMap(({ to }: Move) => (to.attention ? [to.attention] : []))]),
];

function queues(gas: Gas): { queue: string; url: string }[] {
  const { topology, queueUrls } = gas.config;
  const names = Object.keys(queueUrls) as (keyof typeof queueUrls)[];
  return [
    ...names.map((name) => ({ queue: topology.queues[name].name, url: queueUrls[name] })),
    ...deadLetterQueues(gas),
  ];
}

/** Asks at most every so often, and once at a time. */
function kept<T>(gas: Gas, keptMs: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { answer: Promise<T>; endMs: number } | undefined;
  return () => {
    if (last && gas.now() < last.endMs) return last.answer;
    // Until it is answered nobody asks again; what is kept is counted from then on.
    const asked = { answer: ask(), endMs: Infinity };
    last = asked;
    void asked.answer.finally(() => (asked.endMs = gas.now() + keptMs)).catch(() => undefined);
    return asked.answer;
  };
}
