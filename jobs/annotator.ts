/** The annotator program as its queue sees it. Apart from the other workers, which do without the engine. */
import { consume } from '../aws/queue.ts';
import { annotate } from './annotate.ts';
import { everySweep, handling } from './consuming.ts';
import type { Gas } from './gas.ts';
import { registerReferences } from './references.ts';

/**
 * Annotates jobs until told to stop. `workerUrl` is the module that serves as annotation worker thread; `onReady` is
 * called when the references are there.
 */
export async function runAnnotator(
  gas: Gas,
  signal: AbortSignal,
  { workerUrl, onReady }: { workerUrl: string; onReady: () => void },
): Promise<void> {
  await registerReferences(gas);
  onReady();
  await Promise.all([
    consume(gas.aws, {
      ...handling(gas, 'jobRequests', (here, { body, signal: stop }) => annotate(here, body, workerUrl, stop)),
      concurrency: gas.config.concurrency,
      signal,
    }),
    everySweep(gas, signal, 'references', () => registerReferences(gas)),
  ]);
}
