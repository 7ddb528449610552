/** What every worker program does around its handlers: its queues' settings, and rounds that come again and again. */
import { pause, type Delivery, type Verdict } from '../aws/queue.ts';
import type { Gas } from './gas.ts';
import { subjectOf } from './messages.ts';
import { asStep, parseTraceparent } from './trace.ts';

type QueueName = keyof Gas['config']['queueUrls'];

/** Address and settings of a queue, as `consume` takes them. */
export function queue(gas: Gas, name: QueueName) {
  return {
    queueUrl: gas.config.queueUrls[name],
    // A message whose worker died is seen again when the lease it stood for is over, not later.
    visibilitySeconds: Math.min(gas.config.topology.queues[name].visibilitySeconds, gas.config.leaseSeconds),
    report: (what: string, cause: unknown, body = '') => gas.log.fault(what, cause, { queue: name, ...whence(body) }),
  };
}

/** What a line of the log says of the message it is about. */
function whence(body: string): Record<string, unknown> {
  const { traceparent, ...subject } = subjectOf(body);
  const from = parseTraceparent(traceparent);
  return { ...subject, ...(from ? { trace_id: from.traceId } : {}) };
}

/** The same with its handler: each message is a step of the trace it carries, and is timed. */
export function handling(gas: Gas, name: QueueName, handle: (gas: Gas, delivery: Delivery) => Promise<Verdict>) {
  const { name: queueName } = gas.config.topology.queues[name];
  return {
    ...queue(gas, name),
    handle: (delivery: Delivery) => {
      const { kind, traceparent: parent, ...fields } = subjectOf(delivery.body);
      const step = { name: kind ?? 'unknown message', kind: 'consumer', parent, fields } as const;
      return timed(gas, queueName, () => asStep(gas, step, (here) => handle(here, delivery)));
    },
  };
}

async function timed({ metrics }: Gas, queueName: string, work: () => Promise<Verdict>): Promise<Verdict> {
  const startMs = performance.now();
  let outcome = 'failed';
  metrics.add('gas_messages_in_hand', { queue: queueName });
  try {
    const verdict = await work();
    outcome = verdict ? 'again' : 'done';
    return verdict;
  } finally {
    metrics.add('gas_messages_in_hand', { queue: queueName }, -1);
    metrics.observe('gas_message_seconds', { queue: queueName, outcome }, (performance.now() - startMs) / 1000);
  }
}

/** Does something every so often; a failure is logged and the next round comes. */
export async function everySweep(
  gas: Gas,
  signal: AbortSignal,
  what: string,
  work: () => Promise<unknown>,
  everySeconds = gas.config.sweepSeconds,
): Promise<void> {
  while (!signal.aborted) {
    await pause(everySeconds * 1000, signal);
    if (signal.aborted) return;
    await work().catch((error: unknown) => gas.log.fault(`sweep of ${what} failed`, error));
  }
}
