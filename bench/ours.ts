/**
 * One job of ours as a process of its own, the way a peer is run: `bun bench/ours.ts REQUEST`, where REQUEST is what
 * `annotateFile` takes, as JSON. Serves as its own worker thread.
 */
import { annotateFile, type AnnotateRequest } from '../anntools/index.ts';
import { serveWorker } from '../anntools/worker.ts';

if (Bun.isMainThread) {
  const request = JSON.parse(process.argv[2] ?? '{}') as AnnotateRequest;
  const workerUrl = (request.threads ?? 0) > 0 ? { workerUrl: import.meta.url } : {};
  await annotateFile({ ...request, ...workerUrl });
} else serveWorker();
