/** What the main thread and its workers say to each other. */
import { InputError, type InputErrorCode, type InputPlace } from '../errors.ts';
import type { TallyCounts } from '../report/tally.ts';
import type { BatchOutput } from './annotate.ts';
import type { Batch } from './batches.ts';
import type { Track, TrackLimits, TrackSource } from '../tracks/track.ts';
import type { Plan } from './plan.ts';

export type ToWorker =
  | { kind: 'tracks'; request: TracksRequest }
  | { kind: 'open'; plan: Plan }
  | { kind: 'batch'; batch: Batch; spare?: ArrayBuffer }
  | { kind: 'finish' };

/** Files of regions, to be read before the plan is made. */
export interface TracksRequest {
  sources: readonly TrackSource[];
  limits: Partial<TrackLimits>;
}

export type FromWorker =
  | { kind: 'tracks'; tracks: Track[] }
  | { kind: 'output'; output: BatchOutput }
  | { kind: 'counts'; counts: TallyCounts }
  | { kind: 'failure'; failure: Failure };

/** An error as it crosses threads. */
export interface Failure {
  message: string;
  stack: string;
  /** Present when it is an InputError. */
  input?: { code: InputErrorCode; place: InputPlace };
}

export function failureOf(cause: unknown): Failure {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const failure: Failure = { message: error.message, stack: error.stack ?? '' };
  if (error instanceof InputError) failure.input = { code: error.code, place: error.place };
  return failure;
}

export function errorOf({ message, stack, input }: Failure): Error {
  if (input) return new InputError(input.code, message, input.place);
  const error = new Error(message);
  error.stack = stack;
  return error;
}
