/** How states fail: with an error name that Retry and Catch match, and a cause for people. */

/** What flows between states. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An error in the sense of the Amazon States Language (section "Errors"). */
export class StatesError extends Error {
  constructor(
    /** E.g. `States.Timeout`, `SQS.QueueDoesNotExistException`, or a name of the machine's own. */
    readonly error: string | undefined,
    readonly causeText: string | undefined,
  ) {
    super(`${error}: ${causeText}`);
    this.name = 'StatesError';
  }
}

/** The interpreter cannot go on: not to be retried, and not caught by States.ALL. */
export function runtimeFailure(cause: string): StatesError {
  return new StatesError('States.Runtime', cause);
}

/** Errors that end an execution unless they are caught by their own name. */
const TERMINAL = ['States.Runtime', 'States.DataLimitExceeded'];

/** Whether one of `names` (of a Retry or Catch) stands for `error`. */
export function matchesError(names: readonly string[], error = ''): boolean {
  return names.some((name) => {
    if (name === 'States.ALL') return !TERMINAL.includes(error);
    if (name === 'States.TaskFailed') return !TERMINAL.includes(error) && error !== 'States.Timeout';
    return name === error;
  });
}

/** What a Catch hands to the next state. */
export function errorOutput({ error, causeText }: StatesError): { [name: string]: Json } {
  return { ...(error !== undefined && { Error: error }), ...(causeText !== undefined && { Cause: causeText }) };
}

/** Whether a value is a JSON object, neither null nor a list. */
export function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
