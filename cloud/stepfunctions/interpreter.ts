/**
 * Walks one thread of an execution from state to state. The thread's row is the truth: each step is committed before the
 * next begins, so that after a kill the same walk goes on from the row. A Wait keeps the time it ends at, a Task what it
 * answered, a Parallel or Map that it has been divided; doing a state again takes up what is there.
 */
import { holds, isTimestamp } from './choice.ts';
import {
  conditionHolds,
  effectiveInput,
  fieldOf,
  handOn,
  handOnError,
  itemInput,
  itemsOf,
  passOn,
  rootsOf,
  workInput,
  type Outcome,
  type Surroundings,
} from './dataflow.ts';
import { languageOf, subMachines, type State } from './definition.ts';
import { matchesError, runtimeFailure, StatesError, type Json } from './failure.ts';
import { commit, failureDetails, sleep, surroundings, tell, type Run } from './run.ts';
import { deleteThreadsBelow, findThread, saveThread, type Thread } from './state.ts';
import { doTask } from './task-state.ts';

type States = Readonly<Record<string, State>>;

/** AWS runs at most 40 iterations of an inline Map at a time. */
const CONCURRENCY_MAX = 40;

/** Walks a thread to its end; answers its output. Throws StatesError when a state fails and nothing catches it. */
export async function walk(run: Run, thread: Thread, states: States): Promise<Json> {
  while (thread.end === null) {
    // A machine that loops without waiting must not keep the cloud from answering others.
    await new Promise((resolve) => setImmediate(resolve));
    const state = stateOf(states, thread.state);
    try {
      const { next, ...outcome } = await doState(run, thread, state);
      leave(run, thread, states, next, outcome, 'Succeeded');
    } catch (error) {
      run.signal.throwIfAborted();
      if (!(error instanceof StatesError)) throw error;
      await recover(run, thread, states, error);
    }
  }
  return thread.end.output;
}

/** A new thread in its first state. Called within a transaction. */
export function enterFirst(
  run: Run,
  startAt: string,
  states: States,
  input: Json,
  from: Pick<Thread, 'path' | 'variables' | 'item' | 'lastEvent'>,
): Thread {
  const thread: Thread = {
    ...from,
    executionArn: run.execution.arn,
    ...untouched,
    state: startAt,
    input,
    enteredMs: 0,
  };
  enter(run, thread, states, startAt, input);
  saveThread(run.sfn.db, thread);
  return thread;
}

/** What a thread is before its state has been begun. */
const untouched = { wakeMs: null, retries: [], result: null, forks: null, end: null };

type Step = Outcome & { next: string | undefined };

async function doState(run: Run, thread: Thread, state: State): Promise<Step> {
  const around = surroundings(run, thread);
  const next = state.Next;
  if (state.Type !== 'Wait' && thread.wakeMs !== null) await sleep(run, thread.wakeMs);
  switch (state.Type) {
    case 'Pass':
      return { ...(await doPass(state, around)), next };
    case 'Task':
      return { ...(await handOn(state, await doTask(run, thread, state, around), around)), next };
    case 'Wait':
      await doWait(run, thread, state, around);
      return { ...(await passOn(state, around)), next };
    case 'Choice':
      return doChoice(state, around);
    case 'Succeed':
      return { ...(await passOn(state, around)), next: undefined };
    case 'Fail':
      throw await failureOf(state, around);
    case 'Parallel':
    case 'Map':
      return { ...(await handOn(state, await doForks(run, thread, state, around), around)), next };
  }
}

/** Ends the state: to the next one, or the thread with it. */
function leave(
  run: Run,
  thread: Thread,
  states: States,
  next: string | undefined,
  { output, assigned }: Outcome,
  how: 'Succeeded' | StatesError,
): void {
  const state = stateOf(states, thread.state);
  commit(run, thread, (draft) => {
    deleteThreadsBelow(run.sfn.db, draft);
    tellJoin(run, draft, state, how);
    tell(run, draft, `${state.Type}StateExited`, {
      stateExitedEventDetails: {
        name: draft.state,
        output: JSON.stringify(output),
        outputDetails: { truncated: false },
      },
    });
    draft.variables = { ...draft.variables, ...assigned };
    if (next === undefined) draft.end = { output };
    else enter(run, draft, states, next, output);
  });
}

/** What the history says of the end of a Parallel or Map besides its exit. */
function tellJoin(run: Run, draft: Thread, { Type: type }: State, how: 'Succeeded' | StatesError): void {
  if (type !== 'Parallel' && type !== 'Map') return;
  if (how === 'Succeeded') tell(run, draft, `${type}StateSucceeded`);
  else tell(run, draft, `${type}StateFailed`, type === 'Map' ? failureDetails('mapStateFailed', how) : {});
}

function enter(run: Run, thread: Thread, states: States, name: string, input: Json): void {
  Object.assign(thread, untouched, { state: name, input, enteredMs: run.sfn.parts.clock.now() });
  tell(run, thread, `${stateOf(states, name).Type}StateEntered`, {
    stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: { truncated: false } },
  });
}

function stateOf(states: States, name: string): State {
  const state = states[name];
  if (!state) throw runtimeFailure(`There is no state ${name}.`);
  return state;
}

/** After a failure: once more by Retry, on by Catch, or not at all (throws). */
async function recover(run: Run, thread: Thread, states: States, failure: StatesError): Promise<void> {
  const state = stateOf(states, thread.state);
  const retry = state.Retry?.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error)) ?? -1;
  const retrier = state.Retry?.[retry];
  const used = thread.retries[retry] ?? 0;
  if (retrier && used < (retrier.MaxAttempts ?? 3)) {
    const seconds = Math.min(
      (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used,
      retrier.MaxDelaySeconds ?? Infinity,
    );
    const jitter = retrier.JitterStrategy === 'FULL' ? Math.random() : 1;
    commit(run, thread, (draft) => {
      deleteThreadsBelow(run.sfn.db, draft);
      tellJoin(run, draft, state, failure);
      const retries = [...draft.retries];
      retries[retry] = used + 1;
      Object.assign(draft, untouched, {
        retries: Array.from(retries, (count) => count ?? 0),
        wakeMs: run.sfn.parts.clock.now() + seconds * jitter * 1000,
      });
    });
    return;
  }
  const catcher = state.Catch?.find(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error));
  if (!catcher) throw failure;
  const outcome = await handOnError(state, catcher, failure, surroundings(run, thread));
  leave(run, thread, states, catcher.Next, outcome, failure);
}

async function doPass(state: State, around: Surroundings): Promise<Outcome> {
  if (languageOf(state, around.machine) === 'JSONata') return passOn(state, around);
  return handOn(state, state.Result ?? (await workInput(state, around)), around);
}

async function doWait(run: Run, thread: Thread, state: State, around: Surroundings): Promise<void> {
  if (thread.wakeMs === null) {
    const wakeMs = await wakeTime(state, around, thread.enteredMs);
    commit(run, thread, (draft) => {
      draft.wakeMs = wakeMs;
    });
  }
  await sleep(run, thread.wakeMs ?? 0);
}

async function wakeTime(state: State, around: Surroundings, enteredMs: number): Promise<number> {
  const seconds = await fieldOf(state, 'Seconds', around);
  if (seconds !== undefined) {
    if (typeof seconds === 'number' && seconds >= 0) return enteredMs + seconds * 1000;
    throw runtimeFailure(
      `The Wait state's Seconds must be a number that is not negative, not ${JSON.stringify(seconds)}.`,
    );
  }
  const timestamp = (await fieldOf(state, 'Timestamp', around)) ?? null;
  if (isTimestamp(timestamp)) return Date.parse(timestamp);
  throw runtimeFailure(
    `The Wait state's Timestamp must look like 2026-03-14T01:59:00Z, not ${JSON.stringify(timestamp)}.`,
  );
}

async function doChoice(state: State, around: Surroundings): Promise<Step> {
  const inJsonata = languageOf(state, around.machine) === 'JSONata';
  const roots = inJsonata ? undefined : rootsOf(effectiveInput(state, around), around);
  for (const choice of state.Choices ?? []) {
    const chosen = roots ? holds(choice, roots) : await conditionHolds(choice, around);
    if (chosen) return { ...(await passOn(state, around, choice)), next: choice.Next };
  }
  if (state.Default !== undefined) return { ...(await passOn(state, around)), next: state.Default };
  throw new StatesError('States.NoChoiceMatched', 'No choice matched, and there is no Default.');
}

async function failureOf(state: State, around: Surroundings): Promise<StatesError> {
  const error = await fieldOf(state, 'Error', around);
  const cause = await fieldOf(state, 'Cause', around);
  return new StatesError(
    error === undefined ? undefined : String(error),
    cause === undefined ? undefined : String(cause),
  );
}

/** Divides the thread, once, and walks all parts to their ends; answers their outputs in order. */
async function doForks(run: Run, thread: Thread, state: State, around: Surroundings): Promise<Json[]> {
  const machines = subMachines(state);
  const machineOf = (index: number) => machines[state.Type === 'Map' ? 0 : index];
  if (thread.forks === null) {
    const inputs = await forkInputs(state, machines.length, around);
    commit(run, thread, (draft) => {
      draft.forks = inputs.length;
      const started = state.Type === 'Map' ? { mapStateStartedEventDetails: { length: inputs.length } } : {};
      tell(run, draft, `${state.Type}StateStarted`, started);
      inputs.forEach(({ input, item }, index) => {
        const machine = machineOf(index);
        if (!machine) return;
        const path = `${draft.path}/${index}`;
        const from = { path, variables: draft.variables, item: item ?? draft.item, lastEvent: draft.lastEvent };
        enterFirst(run, machine.StartAt, machine.States, input, from);
      });
    });
  }
  const siblings = new AbortController();
  const inside = { ...run, signal: AbortSignal.any([run.signal, siblings.signal]) };
  const outputs: Json[] = [];
  const waiting = Array.from({ length: thread.forks ?? 0 }, (_, index) => index);
  const walkWaiting = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const fork = findThread(run.sfn.db, run.execution.arn, `${thread.path}/${index}`);
      const states = machineOf(index)?.States;
      if (fork && states) outputs[index] = await walk(inside, fork, states);
    }
  };
  const lanes = Array.from({ length: await concurrencyOf(state, waiting.length, around) }, walkWaiting);
  try {
    await Promise.all(lanes);
  } catch (error) {
    siblings.abort(new Error('Another branch failed.'));
    await Promise.allSettled(lanes);
    throw error;
  }
  return outputs;
}

async function forkInputs(
  state: State,
  branches: number,
  around: Surroundings,
): Promise<{ input: Json; item?: { Index: number; Value: Json } }[]> {
  if (state.Type === 'Parallel') {
    const input = await workInput(state, around);
    return Array.from({ length: branches }, () => ({ input }));
  }
  const items = await itemsOf(state, around);
  return Promise.all(
    items.map(async (value, index) => {
      const item = { Index: index, Value: value };
      const context = { ...around.context, Map: { Item: item } };
      return { input: await itemInput(state, value, { ...around, context }), item };
    }),
  );
}

async function concurrencyOf(state: State, forks: number, around: Surroundings): Promise<number> {
  if (state.Type === 'Parallel') return forks;
  const asked = (await fieldOf(state, 'MaxConcurrency', around)) ?? 0;
  if (typeof asked !== 'number' || asked < 0)
    throw runtimeFailure('MaxConcurrency must be a number that is not negative.');
  return Math.min(forks, asked || CONCURRENCY_MAX, CONCURRENCY_MAX);
}
