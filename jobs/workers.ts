/** The worker programs as their queues see them: which queue is consumed by which handler. */
import { consume, pause } from '../aws/queue.ts';
import { annotate } from './annotate.ts';
import { onArchiveRequest, onJobResult } from './archive.ts';
import type { Gas } from './gas.ts';
import { removeOrphans } from './orphans.ts';
import { sweepOutbox } from './outbox.ts';
import { reconcile } from './reconcile.ts';
import { registerReferences } from './references.ts';
import { onThawRequest } from './thaw.ts';

/** Annotates jobs until told to stop. `workerUrl` is the module that serves as annotation worker thread. */
export async function runAnnotator(gas: Gas, signal: AbortSignal, workerUrl: string): Promise<void> {
  await registerReferences(gas);
  await Promise.all([
    consume(gas.aws, {
      ...queue(gas, 'jobRequests'),
      concurrency: gas.config.concurrency,
      handle: ({ body, signal: stop }) => annotate(gas, body, workerUrl, stop),
      signal,
    }),
    everySweep(gas, signal, 'references', () => registerReferences(gas)),
  ]);
}

/** Starts countdowns, archives results whose grace is over, and keeps outbox and jobs moving. */
export async function runArchiver(gas: Gas, signal: AbortSignal): Promise<void> {
  await Promise.all([
    consume(gas.aws, {
      ...queue(gas, 'jobResults'),
      concurrency: 4,
      handle: ({ body }) => onJobResult(gas, body),
      signal,
    }),
    consume(gas.aws, {
      ...queue(gas, 'archiveRequests'),
      concurrency: 4,
      handle: ({ body, signal: stop }) => onArchiveRequest(gas, body, stop),
      signal,
    }),
    everySweep(gas, signal, 'outbox', () => sweepOutbox(gas)),
    everySweep(gas, signal, 'reconciler', () => reconcile(gas)),
    everySweep(gas, signal, 'archive inventory', () => removeOrphans(gas), gas.config.inventorySeconds),
  ]);
}

/** Asks archived results of premium users back and sees each one home. */
export async function runThaw(gas: Gas, signal: AbortSignal): Promise<void> {
  await consume(gas.aws, {
    ...queue(gas, 'thawRequests'),
    concurrency: 8,
    handle: ({ body }) => onThawRequest(gas, body),
    signal,
  });
}

function queue(gas: Gas, name: keyof Gas['config']['queueUrls']) {
  return {
    queueUrl: gas.config.queueUrls[name],
    // A message whose worker died is seen again when the lease it stood for is over, not later.
    visibilitySeconds: Math.min(gas.config.topology.queues[name].visibilitySeconds, gas.config.leaseSeconds),
    report: (what: string, cause: unknown) => gas.log.fault(what, cause, { queue: name }),
  };
}

/** Does something every so often; a failure is logged and the next round comes. */
async function everySweep(
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
