/**
 * A job of ours that the command has no words for, as a process of its own: `bun bench/library.ts REQUEST`, where REQUEST
 * is what `annotateFile` takes, as JSON. Serves as its own worker thread.
 */
import { annotateFile, type AnnotateRequest } from '../anntools/index.ts';
import { serveWorker } from '../anntools/worker.ts';

if (Bun.isMainThread) {
  const request = JSON.parse(process.argv[2] ?? '{}') as AnnotateRequest;
  await annotateFile({ ...request, workerUrl: import.meta.url });
} else serveWorker();
