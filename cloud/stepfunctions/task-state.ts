/**
 * Task states. An effect (a message sent) is committed in one transaction with its result; a function is called between
 * two commits, and called again if the cloud is killed in between.
 */
import { fieldOf, workInput, type Surroundings } from './dataflow.ts';
import type { JsonObject, State } from './definition.ts';
import { StatesError, type Json } from './failure.ts';
import { commit, failureDetails, sleep, tell, type Run } from './run.ts';
import type { Thread } from './state.ts';
import { isFunction, workOf, type Work } from './tasks.ts';

/** Does the work of a Task, unless that was done before a restart; answers its result. */
export async function doTask(run: Run, thread: Thread, state: State, around: Surroundings): Promise<Json> {
  if (thread.result) return thread.result.value;
  const { parts } = run.sfn;
  const work = workOf(state.Resource ?? '', await workInput(state, around), parts.bus, parts.region);
  const events = taskEvents(work);
  try {
    if (work.effect) return doEffect(run, thread, events, work.effect);
    commit(run, thread, (draft) => events.begin(run, draft));
    const result = await within(run, await fieldOf(state, 'TimeoutSeconds', around), work.call);
    commit(run, thread, (draft) => events.succeed(run, draft, result));
    return result;
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof StatesError) {
      commit(run, thread, (draft) => {
        // The beginning of an effect was undone together with it.
        if (work.effect) events.begin(run, draft);
        events.fail(run, draft, error);
      });
    }
    throw error;
  }
}

function doEffect(run: Run, thread: Thread, events: TaskEvents, effect: () => Json): Json {
  let result: Json = null;
  commit(run, thread, (draft) => {
    events.begin(run, draft);
    result = effect();
    events.succeed(run, draft, result);
  });
  return result;
}

interface TaskEvents {
  begin(run: Run, draft: Thread): void;
  succeed(run: Run, draft: Thread, result: Json): void;
  fail(run: Run, draft: Thread, failure: StatesError): void;
}

/** How the history tells a task: functions named by their ARN have events of their own. */
function taskEvents({ resourceType, resource, parameters }: Work): TaskEvents {
  const plain = isFunction(resource);
  const prefix = plain ? 'LambdaFunction' : 'Task';
  const key = plain ? 'lambdaFunction' : 'task';
  const names: JsonObject = plain ? {} : { resourceType, resource };
  const given = JSON.stringify(parameters);
  return {
    begin(run, draft) {
      const scheduled: JsonObject = plain
        ? { resource, input: given }
        : { ...names, region: run.sfn.parts.region, parameters: given };
      tell(run, draft, `${prefix}Scheduled`, { [`${key}ScheduledEventDetails`]: scheduled });
      tell(run, draft, `${prefix}Started`, plain ? {} : { taskStartedEventDetails: names });
    },
    succeed(run, draft, result) {
      draft.result = { value: result };
      const details = { ...names, output: JSON.stringify(result), outputDetails: { truncated: false } };
      tell(run, draft, `${prefix}Succeeded`, { [`${key}SucceededEventDetails`]: details });
    },
    fail(run, draft, failure) {
      const outcome = failure.error === 'States.Timeout' ? 'TimedOut' : 'Failed';
      tell(run, draft, `${prefix}${outcome}`, failureDetails(`${key}${outcome}`, failure, names));
    },
  };
}

/** Waits for a call, but not longer than its time, nor after an abort. The call itself cannot be stopped. */
async function within(run: Run, timeoutSeconds: Json | undefined, call: () => Promise<Json>): Promise<Json> {
  const waitMs = typeof timeoutSeconds === 'number' ? timeoutSeconds * 1000 : Infinity;
  const answered = new AbortController();
  const signal = AbortSignal.any([run.signal, answered.signal]);
  const timeout = sleep({ sfn: run.sfn, signal }, run.sfn.parts.clock.now() + waitMs).then(() => {
    throw new StatesError('States.Timeout', `The task did not end within ${waitMs / 1000} seconds.`);
  });
  try {
    return await Promise.race([call(), timeout]);
  } finally {
    answered.abort();
    timeout.catch(() => {});
  }
}
