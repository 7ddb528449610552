/**
 * The annotator as a program: see `runAnnotator`. The same module is the engine's worker thread, since inside a
 * compiled executable the only module that can be started as a worker is the executable itself.
 */
import { serveWorker } from '../anntools/worker.ts';
import type { Gas } from '../jobs/gas.ts';
import { runAnnotator } from '../jobs/annotator.ts';
import { run, sayReady } from './program.ts';

export const annotator = (gas: Gas, signal: AbortSignal): Promise<void> =>
  runAnnotator(gas, signal, { workerUrl: import.meta.url, onReady: sayReady });

if (!Bun.isMainThread) serveWorker();
else if (import.meta.main) await run('annotator', annotator);
