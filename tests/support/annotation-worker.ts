/** The worker thread of tests: what a program is when it starts itself as one. */
import { serveWorker } from '../../anntools/worker.ts';

if (!Bun.isMainThread) serveWorker();

export const workerUrl = import.meta.url;
