/** The archiver and thaw programs as their queues see them: which queue is consumed by which handler. */
import { consume } from '../aws/queue.ts';
import { onArchiveRequest, onJobResult } from './archive.ts';
import type { Gas } from './gas.ts';
import { removeOrphans } from './orphans.ts';
import { sweepOutbox } from './outbox.ts';
import { reconcile } from './reconcile.ts';
import { everySweep, handling } from './consuming.ts';
import { onThawRequest } from './thaw.ts';

/** Starts countdowns, archives results whose grace is over, and keeps outbox and jobs moving. */
export async function runArchiver(gas: Gas, signal: AbortSignal): Promise<void> {
  await Promise.all([
    consume(gas.aws, {
      ...handling(gas, 'jobResults', (here, { body }) => onJobResult(here, body)),
      concurrency: 4,
      signal,
    }),
    consume(gas.aws, {
      ...handling(gas, 'archiveRequests', (here, { body, signal: stop }) => onArchiveRequest(here, body, stop)),
      concurrency: 4,
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
    ...handling(gas, 'thawRequests', (here, { body }) => onThawRequest(here, body)),
    concurrency: 8,
    signal,
  });
}
