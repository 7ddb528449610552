/**
 * Who annotates the batches: worker threads, started one by one as there is work for them, or this thread itself. A
 * batch comes back as a promise, so that the caller restores the order by waiting for them in it.
 */
import { type TallyCounts, addCounts, emptyCounts } from '../report/tally.ts';
import { BatchAnnotator, type BatchOutput } from './annotate.ts';
import type { Batch } from './batches.ts';
import { type Track, readTracks } from '../tracks/track.ts';
import { type FromWorker, type ToWorker, type TracksRequest, errorOf } from './messages.ts';
import type { Plan } from './plan.ts';

export interface Annotators {
  /** How many batches may be under way at once. */
  readonly capacity: number;
  /** Reads files of regions while the caller does something else. Before `open`. */
  readTracks(request: TracksRequest): Promise<Track[]>;
  /** What is to be done. Once, before the first batch. */
  open(plan: Plan): void;
  run(batch: Batch): Promise<BatchOutput>;
  /** Takes the memory of an output back, for another: what is written lies in as many buffers as batches are under way. */
  recycle(output: BatchOutput): void;
  /** The sum of what was counted. */
  finish(): Promise<TallyCounts>;
  /** Ends the threads at once; what was not answered is rejected with the reason. */
  close(reason: unknown): void;
}

/**
 * The first thread starts at once: it loads its code while this one looks at the beginning of the file.
 * @param workerUrl a module that calls `serveWorker` in worker threads; without one this thread does the work.
 */
export function annotators(threads: number, workerUrl: string | undefined, signal?: AbortSignal): Annotators {
  return workerUrl === undefined ? new OwnThread(signal) : new WorkerPool(Math.max(1, threads), workerUrl);
}

class OwnThread implements Annotators {
  readonly capacity = 1;
  private annotator: BatchAnnotator | undefined;
  private spare: ArrayBuffer | undefined;

  constructor(private readonly signal: AbortSignal | undefined) {}

  readTracks({ sources, limits }: TracksRequest): Promise<Track[]> {
    return readTracks(sources, limits, this.signal);
  }

  open(plan: Plan): void {
    this.annotator = new BatchAnnotator(plan);
  }

  async run(batch: Batch): Promise<BatchOutput> {
    // Lets timers and signals in between batches.
    await new Promise((resolve) => setImmediate(resolve));
    const { spare } = this;
    this.spare = undefined;
    return opened(this.annotator).run(batch, spare);
  }

  recycle({ bytes }: BatchOutput): void {
    this.spare = bytes.buffer;
  }

  async finish(): Promise<TallyCounts> {
    return opened(this.annotator).takeCounts();
  }

  close(): void {}
}

/** A batch more than it works on waits at each thread, so that none is idle while messages travel. */
const WAITING = 1;

/**
 * Batches that each thread is given before the next one is started. A new thread compiles all the code anew, which
 * costs as much as annotating some hundred thousand records: of 100,000 in coding sequence a second thread that
 * was started after two batches made the result half a second later.
 */
const WARM_UP = 6;

class WorkerPool implements Annotators {
  readonly capacity: number;
  private given = 0;
  private readonly spares: ArrayBuffer[] = [];
  private readonly workers: PoolWorker[];
  private plan: Plan | undefined;

  constructor(
    private readonly threads: number,
    private readonly workerUrl: string,
  ) {
    this.capacity = threads * (1 + WAITING) + 1;
    this.workers = [new PoolWorker(workerUrl)];
  }

  readTracks(request: TracksRequest): Promise<Track[]> {
    return this.workers[0].readTracks(request);
  }

  open(plan: Plan): void {
    this.plan = plan;
    this.workers[0].open(plan);
  }

  run(batch: Batch): Promise<BatchOutput> {
    let worker = this.workers.find(({ waiting }) => waiting === 0);
    const isWorth = this.given++ >= WARM_UP * this.workers.length;
    if (worker === undefined && this.workers.length < this.threads && isWorth) {
      worker = new PoolWorker(this.workerUrl);
      worker.open(opened(this.plan));
      this.workers.push(worker);
    }
    worker ??= this.workers.reduce((least, one) => (one.waiting < least.waiting ? one : least));
    return worker.run(batch, this.spares.pop());
  }

  recycle({ bytes }: BatchOutput): void {
    this.spares.push(bytes.buffer);
  }

  async finish(): Promise<TallyCounts> {
    const { knownFits, tracks } = opened(this.plan);
    const total = emptyCounts(knownFits.length, tracks.length);
    for (const counts of await Promise.all(this.workers.map((worker) => worker.finish()))) addCounts(total, counts);
    return total;
  }

  close(reason: unknown): void {
    for (const worker of this.workers) worker.close(reason);
  }
}

/** Who waits for an answer. */
interface Asked<Answer> {
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

class PoolWorker {
  private readonly worker: Worker;
  /** Batches sent and not answered, in order. */
  private readonly batches: Asked<BatchOutput>[] = [];
  /** Why it cannot work any more. */
  private failure: { reason: unknown } | undefined;
  private read: Asked<Track[]> | undefined;
  private counted: Asked<TallyCounts> | undefined;

  constructor(url: string) {
    this.worker = new Worker(url);
    this.worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.hear(data));
    this.worker.addEventListener('error', ({ message }) =>
      this.fail(new Error(`an annotation thread broke: ${message}`)),
    );
    this.worker.addEventListener('close', () => this.fail(new Error('an annotation thread ended too early')));
  }

  readTracks(request: TracksRequest): Promise<Track[]> {
    if (request.sources.length === 0) return Promise.resolve([]);
    const answer = new Promise<Track[]>((resolve, reject) => (this.read = { resolve, reject }));
    if (this.failure) this.fail(this.failure.reason);
    this.say({ kind: 'tracks', request });
    return answer;
  }

  open(plan: Plan): void {
    this.say({ kind: 'open', plan });
  }

  get waiting(): number {
    return this.batches.length;
  }

  run(batch: Batch, spare: ArrayBuffer | undefined): Promise<BatchOutput> {
    const answer = new Promise<BatchOutput>((resolve, reject) => this.batches.push({ resolve, reject }));
    // The caller may be waiting for an earlier batch when this one fails.
    answer.catch(() => {});
    if (this.failure) this.fail(this.failure.reason);
    if (spare === undefined) this.say({ kind: 'batch', batch }, [batch.bytes.buffer]);
    else this.say({ kind: 'batch', batch, spare }, [batch.bytes.buffer, spare]);
    return answer;
  }

  finish(): Promise<TallyCounts> {
    const answer = new Promise<TallyCounts>((resolve, reject) => (this.counted = { resolve, reject }));
    if (this.failure) this.fail(this.failure.reason);
    this.say({ kind: 'finish' });
    return answer;
  }

  close(reason: unknown): void {
    this.fail(reason);
    this.worker.terminate();
  }

  private say(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  private hear(message: FromWorker): void {
    if (message.kind === 'output') this.batches.shift()?.resolve(message.output);
    else if (message.kind === 'tracks') this.read?.resolve(message.tracks);
    else if (message.kind === 'counts') this.counted?.resolve(message.counts);
    else this.fail(errorOf(message.failure));
  }

  private fail(error: unknown): void {
    this.failure ??= { reason: error };
    for (const { reject } of this.batches.splice(0)) reject(error);
    this.read?.reject(error);
    this.counted?.reject(error);
  }
}

function opened<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('a batch came before the plan');
  return part;
}
