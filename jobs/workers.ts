/** The archiver and thaw programs as their queues see them: which queue is consumed by which handler. */
import { consume } from '../aws/queue.ts';
import { onArchiveRequest, onJobResult } from './archive.ts';
import type { Gas } from './gas.ts';
import { removeOrphans } from './orphans.ts';
import { sweepOutbox } from './outbox.ts';
import { reconcile } from './reconcile.ts';
import { everySweep, queue } from './consuming.ts';
import { onThawRequest } from './thaw.ts';

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
