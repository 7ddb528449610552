/**
 * A thread that annotates batches. The program that uses the engine starts itself as the thread, because inside a
 * compiled executable no other module can be: `Bun.isMainThread ? main() : serveWorker()`.
 */
import { BatchAnnotator } from './pipeline/annotate.ts';
import { type FromWorker, type ToWorker, failureOf } from './pipeline/messages.ts';

declare const self: Worker;

/** Makes this thread a worker of the pipeline. */
export function serveWorker(): void {
  let annotator: BatchAnnotator | undefined;
  const say = (message: FromWorker, transfer: ArrayBuffer[] = []): void => self.postMessage(message, transfer);
  self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    try {
      if (data.kind === 'open') annotator = new BatchAnnotator(data.plan);
      else if (!annotator) throw new Error('a batch came before the plan');
      else if (data.kind === 'finish') say({ kind: 'counts', counts: annotator.takeCounts() });
      else {
        const output = annotator.run(data.batch, data.spare);
        say({ kind: 'output', output }, [output.bytes.buffer]);
      }
    } catch (cause) {
      say({ kind: 'failure', failure: failureOf(cause) });
    }
  });
}
