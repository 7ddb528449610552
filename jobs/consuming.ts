/** What every worker program does around its handlers: its queues' settings, and rounds that come again and again. */
import { pause } from '../aws/queue.ts';
import type { Gas } from './gas.ts';

/** Address and settings of a queue, as `consume` takes them. */
export function queue(gas: Gas, name: keyof Gas['config']['queueUrls']) {
  return {
    queueUrl: gas.config.queueUrls[name],
    // A message whose worker died is seen again when the lease it stood for is over, not later.
    visibilitySeconds: Math.min(gas.config.topology.queues[name].visibilitySeconds, gas.config.leaseSeconds),
    report: (what: string, cause: unknown) => gas.log.fault(what, cause, { queue: name }),
  };
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
