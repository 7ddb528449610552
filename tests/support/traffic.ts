/**
 * People who use the site without a pause, while a test does something to it: strangers who come on a new connection
 * each time, readers who keep theirs, and somebody who uploads and submits job after job. Nothing is tried again.
 */
import { Visitor } from './visitor.ts';

export interface Traffic {
  /** Ends it; answers what happened. */
  stop(): Promise<{
    /** Answers by kind of request. */
    answered: Record<string, number>;
    /** What was not answered, or with 5xx, in its own words. */
    failed: string[];
    /** The jobs that were submitted. */
    jobs: string[];
    /** The longest anybody waited for an answer, ms. */
    slowestMs: number;
  }>;
}

const STRANGERS = 4;
const READERS = 2;
const PAUSE_MS = 5;
const BETWEEN_JOBS_MS = 300;

/** `visitor` is signed in; `input` is what each job annotates. */
export function startTraffic(visitor: Visitor, input: Uint8Array | string): Traffic {
  const answered: Record<string, number> = {};
  const failed: string[] = [];
  const jobs: string[] = [];
  let slowestMs = 0;
  let stopped = false;

  const again = async (kind: string, pauseMs: number, ask: () => Promise<unknown>) => {
    while (!stopped) {
      const beganMs = performance.now();
      try {
        await ask();
        answered[kind] = (answered[kind] ?? 0) + 1;
      } catch (error) {
        failed.push(`${kind}: ${error instanceof Error ? `${error.name} ${error.message}` : String(error)}`);
      }
      slowestMs = Math.max(slowestMs, performance.now() - beganMs);
      await Bun.sleep(pauseMs);
    }
  };
  const read = async (keepalive: boolean) => {
    const reply = await fetch(new URL('/health', visitor.url), { keepalive });
    if (!reply.ok) throw new Error(`answered ${reply.status}`);
    await reply.text();
  };
  const look = async () => {
    const { status } = await visitor.go('/annotations');
    if (status !== 200) throw new Error(`answered ${status}`);
  };
  const people = Promise.all([
    ...Array.from({ length: STRANGERS }, () => again('new connection', PAUSE_MS, () => read(false))),
    ...Array.from({ length: READERS }, () => again('kept connection', PAUSE_MS, () => read(true))),
    again('list of annotations', PAUSE_MS, look),
    again('upload and submission', BETWEEN_JOBS_MS, async () => {
      jobs.push(await visitor.submit(`job-${jobs.length}.vcf`, input));
    }),
  ]);
  return {
    async stop() {
      stopped = true;
      await people;
      return { answered, failed, jobs, slowestMs };
    },
  };
}
