/** One running execution: what its parts share, and the only way they write, tell history and sleep. */
import type { Surroundings } from './dataflow.ts';
import type { JsonObject, StateMachine } from './definition.ts';
import type { Json, StatesError } from './failure.ts';
import { record } from './history.ts';
import { saveThread, type ExecutionRow, type Sfn, type Thread } from './state.ts';

/** A running execution. */
export interface Run {
  sfn: Sfn;
  execution: ExecutionRow;
  machine: StateMachine;
  roleArn: string;
  /** Aborted when the execution, or the branch of it, is not to go on; nothing is committed after that. */
  signal: AbortSignal;
}

/** Writes and commits what `change` makes of the thread; after an abort nothing is written any more. */
export function commit(run: Run, thread: Thread, change: (draft: Thread) => void): void {
  run.signal.throwIfAborted();
  const draft = { ...thread };
  run.sfn.db.transaction(() => {
    change(draft);
    saveThread(run.sfn.db, draft);
  })();
  Object.assign(thread, draft);
}

/** Adds an event to the history of a thread. Called within a transaction. */
export function tell(run: Run, thread: Thread, type: string, details: JsonObject = {}): void {
  const atMs = run.sfn.parts.clock.now();
  const event = { executionArn: run.execution.arn, previousId: thread.lastEvent, type, atMs, details };
  thread.lastEvent = record(run.sfn.db, event);
}

/** What a state finds when it is entered, the context object included. */
export function surroundings(run: Run, thread: Thread): Surroundings {
  const { execution, machine, roleArn } = run;
  const retryCount = thread.retries.reduce((sum, count) => sum + count, 0);
  const context = {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input) as Json,
      Name: execution.name,
      RoleArn: roleArn,
      StartTime: new Date(execution.start_ms).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: execution.machine_arn, Name: execution.machine_arn.split(':').at(-1) ?? '' },
    State: { Name: thread.state, EnteredTime: new Date(thread.enteredMs).toISOString(), RetryCount: retryCount },
    ...(thread.item && { Map: { Item: thread.item } }),
  };
  return { machine, input: thread.input, variables: thread.variables, context, now: () => run.sfn.parts.clock.now() };
}

/** Sleeps until a time of the cloud's clock; throws when the run is aborted. */
export function sleep({ sfn, signal }: Pick<Run, 'sfn' | 'signal'>, untilMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = sfn.parts.clock.at(untilMs, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** A failure as the details of an event; `event` is e.g. `taskFailed`. */
export function failureDetails(event: string, { error, causeText }: StatesError, more: JsonObject = {}): JsonObject {
  const details = {
    ...more,
    ...(error !== undefined && { error }),
    ...(causeText !== undefined && { cause: causeText }),
  };
  return { [`${event}EventDetails`]: details };
}
