/** What a command is given of the world outside: the engine itself reads no environment and opens no connection. */
import type { ByteSink } from '../pipeline/output.ts';
import type { Fetch } from '../reference/download.ts';

export interface CommandContext {
  /** Results: standard output. */
  out(text: string): void;
  /** Standard output for bytes, and standard input. */
  stdout: ByteSink;
  stdin(): AsyncIterable<Uint8Array>;
  /** What people read while they wait: standard error. */
  err(text: string): void;
  /** Whether `err` is a terminal, on which a line may be drawn over. */
  isTerminal: boolean;
  /** Where references are installed. */
  referencesFolder: string;
  /** Makes the starter reference, unless it is there, and answers its folder. */
  makeStarter(): Promise<string>;
  /** The program's own module, which is a worker thread of the pipeline when it is started as one. */
  workerUrl: string;
  /** Processors of this machine. */
  processors: number;
  fetch: Fetch;
  now: () => Date;
  signal: AbortSignal;
}
