/**
 * Runs executions: starts them, ends them, and takes up at the start of the cloud those that were running when it
 * stopped. In memory there is only who is running; what they are at is in the database.
 */
import type { StateMachine } from './definition.ts';
import { runtimeFailure, StatesError, type Json } from './failure.ts';
import { record } from './history.ts';
import { enterFirst, walk } from './interpreter.ts';
import { failureDetails, type Run } from './run.ts';
import { findThread, revisionOf, type ExecutionRow, type ExecutionStatus, type Sfn, type Thread } from './state.ts';

/** How an execution ended. */
export type Ending =
  { status: 'SUCCEEDED'; output: Json } | { status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; failure: StatesError };

const END_EVENTS: Record<Exclude<ExecutionStatus, 'RUNNING'>, string> = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Aborted',
};

export class Engine {
  readonly #running = new Map<string, AbortController>();

  constructor(private readonly sfn: Sfn) {}

  /** Takes up every execution that has not ended. */
  start(): void {
    const rows = this.sfn.db.query<ExecutionRow, []>("SELECT * FROM sfn_execution WHERE status = 'RUNNING'").all();
    for (const execution of rows) this.run(execution);
  }

  /** Leaves everything as it is in the database, to be taken up at the next start. */
  stop(): void {
    for (const arn of Array.from(this.#running.keys())) this.forget(arn);
  }

  /** Goes on with an execution from where its row says. */
  run(execution: ExecutionRow): void {
    const abort = new AbortController();
    this.#running.set(execution.arn, abort);
    void this.#drive(execution, abort.signal).finally(() => {
      if (this.#running.get(execution.arn) === abort) this.#running.delete(execution.arn);
    });
  }

  /** Stops working on an execution; what it is at stays written. */
  forget(arn: string): void {
    this.#running.get(arn)?.abort(new Error('The execution is not to go on.'));
    this.#running.delete(arn);
  }

  /** Ends an execution, unless it has ended already; answers whether it did. */
  end(execution: ExecutionRow, ending: Ending): boolean {
    const { db, parts } = this.sfn;
    const nowMs = parts.clock.now();
    const { output, failure } = { output: undefined, failure: undefined, ...ending };
    const ended = db.transaction((): boolean => {
      const { changes } = db
        .query(
          `UPDATE sfn_execution SET status = ?, output = ?, error = ?, cause = ?, stop_ms = ?
           WHERE arn = ? AND status = 'RUNNING'`,
        )
        .run(
          ending.status,
          output === undefined ? null : JSON.stringify(output),
          failure?.error ?? null,
          failure?.causeText ?? null,
          nowMs,
          execution.arn,
        );
      if (changes === 0) return false;
      const previousId = findThread(db, execution.arn, '')?.lastEvent ?? 0;
      db.query('DELETE FROM sfn_thread WHERE execution_arn = ?').run(execution.arn);
      const event = END_EVENTS[ending.status];
      const details = failure
        ? failureDetails(`execution${event}`, failure)
        : { executionSucceededEventDetails: { output: JSON.stringify(output), outputDetails: { truncated: false } } };
      record(db, { executionArn: execution.arn, previousId, type: `Execution${event}`, atMs: nowMs, details });
      return true;
    })();
    if (ended) this.forget(execution.arn);
    return ended;
  }

  async #drive(execution: ExecutionRow, signal: AbortSignal): Promise<void> {
    let cancelTimeout = () => {};
    try {
      const revision = revisionOf(this.sfn, execution);
      const machine = JSON.parse(revision.definition) as StateMachine;
      const run: Run = { sfn: this.sfn, execution, machine, roleArn: revision.role_arn, signal };
      if (machine.TimeoutSeconds !== undefined) {
        const endMs = execution.start_ms + machine.TimeoutSeconds * 1000;
        cancelTimeout = this.sfn.parts.clock.at(endMs, () => this.#timeOut(execution));
      }
      const thread = findThread(this.sfn.db, execution.arn, '') ?? begin(run);
      const output = await walk(run, thread, machine.States);
      if (!signal.aborted) this.end(execution, { status: 'SUCCEEDED', output });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof StatesError)) this.sfn.parts.report(`The execution ${execution.arn} met a fault.`, error);
      const failure = error instanceof StatesError ? error : runtimeFailure('The embedded cloud failed.');
      this.end(execution, { status: 'FAILED', failure });
    } finally {
      cancelTimeout();
    }
  }

  #timeOut(execution: ExecutionRow): void {
    this.end(execution, { status: 'TIMED_OUT', failure: new StatesError('States.Timeout', undefined) });
  }
}

/** Writes down the first thread of an execution, which stands in its first state. */
function begin(run: Run): Thread {
  const { execution, machine, sfn } = run;
  return sfn.db.transaction(() => {
    const details = { executionStartedEventDetails: { input: execution.input, roleArn: run.roleArn } };
    const event = { executionArn: execution.arn, previousId: 0, type: 'ExecutionStarted', atMs: execution.start_ms };
    const lastEvent = record(sfn.db, { ...event, details });
    const input = JSON.parse(execution.input) as Json;
    const root = { path: '', variables: {}, item: null, lastEvent };
    return enterFirst(run, machine.StartAt, machine.States, input, root);
  })();
}
