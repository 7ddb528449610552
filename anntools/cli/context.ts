/** What a command is given of the world outside: the engine itself reads no environment and opens no connection. */
import type { Fetch } from '../reference/download.ts';

export interface CommandContext {
  /** Results: standard output. */
  out(text: string): void;
  /** What people read while they wait: standard error. */
  err(text: string): void;
  /** Whether `err` is a terminal, on which a line may be drawn over. */
  isTerminal: boolean;
  /** Where references are installed. */
  referencesFolder: string;
  fetch: Fetch;
  now: () => Date;
  signal: AbortSignal;
}
