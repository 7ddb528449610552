/**
 * A thread that annotates batches. The program that uses the engine starts itself as the thread, because inside a
 * compiled executable no other module can be: `Bun.isMainThread ? main() : serveWorker()`.
 */
import { BatchAnnotator } from './pipeline/annotate.ts';
import { readTracks } from './tracks/track.ts';
import { type FromWorker, type ToWorker, failureOf } from './pipeline/messages.ts';

declare const self: Worker;

/**
 * Batches between two collections of garbage. Left alone, the runtime counts the mapped reference as memory of its own
 * and lets as much garbage gather: 1.5 GB beside a reference of human size, where this keeps it at 0.3 GB.
 */
const COLLECT_EVERY = 2;

/** Makes this thread a worker of the pipeline. */
export function serveWorker(): void {
  let annotator: BatchAnnotator | undefined;
  let answered = 0;
  const say = (message: FromWorker, transfer: ArrayBuffer[] = []): void => self.postMessage(message, transfer);
  self.addEventListener('message', async ({ data }: MessageEvent<ToWorker>) => {
    try {
      if (data.kind === 'tracks') {
        const { sources, limits } = data.request;
        say({ kind: 'tracks', tracks: await readTracks(sources, limits) });
      } else if (data.kind === 'open') annotator = new BatchAnnotator(data.plan);
      else if (!annotator) throw new Error('a batch came before the plan');
      else if (data.kind === 'finish') say({ kind: 'counts', counts: annotator.takeCounts() });
      else {
        const output = annotator.run(data.batch, data.spare);
        if (++answered % COLLECT_EVERY === 0) Bun.gc(false);
        say({ kind: 'output', output }, [output.bytes.buffer]);
      }
    } catch (cause) {
      say({ kind: 'failure', failure: failureOf(cause) });
    }
  });
}
