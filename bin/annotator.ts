/**
 * The annotator as a program: see `runAnnotator`. The same module is the engine's worker thread, since inside a
 * compiled executable the only module that can be started as a worker is the executable itself.
 */
import { serveWorker } from '../anntools/worker.ts';
import { runAnnotator } from '../jobs/annotator.ts';
import type { Gas } from '../jobs/gas.ts';
import { prepareStarter, starterIsMissing } from '../jobs/references.ts';
import { sayReady } from './parent.ts';
import { itself, run } from './program.ts';

/** Makes the starter reference: a process of its own, since that takes memory which annotating never needs. */
export const starter = (gas: Gas): Promise<void> => prepareStarter(gas);

export async function annotator(gas: Gas, signal: AbortSignal): Promise<void> {
  if (starterIsMissing(gas)) {
    // The port of the metrics and the line to systemd are this program's.
    const env = { ...process.env, GAS_METRICS_PORT: '', NOTIFY_SOCKET: '' };
    await Bun.spawn([...itself(), 'starter'], { env, stdio: ['ignore', 'inherit', 'inherit'] }).exited;
  }
  await runAnnotator(gas, signal, { workerUrl: import.meta.url, onReady: sayReady });
}

if (!Bun.isMainThread) serveWorker();
else if (import.meta.main) {
  if (process.argv[2] === 'starter') await run('starter', starter);
  await run('annotator', annotator);
}
