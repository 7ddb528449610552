/**
 * What goes into a state's work and what comes out of it, in both query languages. JSONPath: InputPath, Parameters,
 * (work), ResultSelector, ResultPath, OutputPath. JSONata: Arguments, (work), Output. Both: Assign, evaluated on what was
 * there when the state was entered.
 */
import { languageOf, type Catcher, type Choice, type JsonObject, type State, type StateMachine } from './definition.ts';
import { errorOutput, runtimeFailure, StatesError, type Json } from './failure.ts';
import { fillJsonata } from './jsonata-template.ts';
import { parsePath, put, type Roots } from './jsonpath.ts';
import { fillTemplate, queryField } from './payload-template.ts';

/** What a state finds when it is entered. */
export interface Surroundings {
  machine: StateMachine;
  /** Its raw input. */
  input: Json;
  variables: JsonObject;
  /** The context object, `$$` or `$states.context`. */
  context: JsonObject;
  /** The time of the cloud, in ms. */
  now: () => number;
}

/** What a state leaves. */
export interface Outcome {
  output: Json;
  /** Variables it assigned. */
  assigned: JsonObject;
}

/** Bytes of JSON a state may hand on (Developer Guide, "Quotas related to state executions"). */
const PAYLOAD_SIZE_MAX = 262_144;

/** What the state's own fields look at: the input after InputPath. */
export function effectiveInput(state: State, around: Surroundings): Json {
  return narrow(state.InputPath, 'InputPath', around.input, around);
}

/** What a Task, Parallel or Pass works with. */
export async function workInput(state: State, around: Surroundings): Promise<Json> {
  if (languageOf(state, around.machine) === 'JSONata') {
    return state.Arguments === undefined ? around.input : inJsonata(state.Arguments, 'Arguments', around);
  }
  const input = effectiveInput(state, around);
  return state.Parameters === undefined ? input : fillTemplate(state.Parameters, rootsOf(input, around));
}

/** A field that may be a value, an expression, or a path in the field of the same name with `Path`. */
export async function fieldOf<
  Name extends 'Seconds' | 'Timestamp' | 'TimeoutSeconds' | 'MaxConcurrency' | 'Error' | 'Cause',
>(state: State, name: Name, around: Surroundings): Promise<Json | undefined> {
  const path = state[`${name}Path`];
  if (path !== undefined) return queryField(path, `${name}Path`, rootsOf(effectiveInput(state, around), around));
  const value = state[name];
  const isJsonata = value !== undefined && languageOf(state, around.machine) === 'JSONata';
  return isJsonata ? inJsonata(value, name, around) : value;
}

/** The items of a Map. Throws States.Runtime when they are no list. */
export async function itemsOf(state: State, around: Surroundings): Promise<Json[]> {
  let items: Json;
  if (languageOf(state, around.machine) === 'JSONata') {
    items = state.Items === undefined ? around.input : await inJsonata(state.Items, 'Items', around);
  } else {
    items = queryField(state.ItemsPath ?? '$', 'ItemsPath', rootsOf(effectiveInput(state, around), around));
  }
  if (Array.isArray(items)) return items;
  throw runtimeFailure('The items of a Map state must be a list.');
}

/** The input of one iteration of a Map; `around.context` holds its item. */
export async function itemInput(state: State, item: Json, around: Surroundings): Promise<Json> {
  if (languageOf(state, around.machine) === 'JSONata') {
    return state.ItemSelector === undefined ? item : inJsonata(state.ItemSelector, 'ItemSelector', around);
  }
  const template = state.ItemSelector ?? state.Parameters;
  return template === undefined ? item : fillTemplate(template, rootsOf(effectiveInput(state, around), around));
}

/** Evaluates the condition of a choice in JSONata. */
export async function conditionHolds(choice: Choice, around: Surroundings): Promise<boolean> {
  const value = await inJsonata(choice.Condition ?? false, 'Condition', around);
  if (typeof value === 'boolean') return value;
  throw new StatesError(
    'States.QueryEvaluationError',
    `The Condition must be true or false, not ${JSON.stringify(value)}.`,
  );
}

/** What a state without work leaves: Wait, Succeed, Choice (then with what is said in the chosen rule). */
export async function passOn(state: State, around: Surroundings, choice?: Choice): Promise<Outcome> {
  if (languageOf(state, around.machine) === 'JSONata') return outcomeInJsonata(choice ?? state, around.input, around);
  const input = effectiveInput(state, around);
  const assign = (choice ?? state).Assign ?? {};
  return {
    output: limited(narrow(state.OutputPath, 'OutputPath', input, around)),
    assigned: fillTemplate(assign, rootsOf(input, around)) as JsonObject,
  };
}

/** What a state leaves after its work had `result`. */
export async function handOn(state: State, result: Json, around: Surroundings): Promise<Outcome> {
  if (languageOf(state, around.machine) === 'JSONata') {
    return outcomeInJsonata(state, result, around, { result });
  }
  const roots = rootsOf(result, around);
  const selected = state.ResultSelector === undefined ? result : fillTemplate(state.ResultSelector, roots);
  const combined = combine(state.ResultPath, selected, around);
  return {
    output: limited(narrow(state.OutputPath, 'OutputPath', combined, around)),
    assigned: fillTemplate(state.Assign ?? {}, roots) as JsonObject,
  };
}

/** What goes on from a caught error. */
export async function handOnError(
  state: State,
  catcher: Catcher,
  error: StatesError,
  around: Surroundings,
): Promise<Outcome> {
  const output = errorOutput(error);
  if (languageOf(state, around.machine) === 'JSONata') {
    return outcomeInJsonata(catcher, output, around, { errorOutput: output });
  }
  return {
    output: limited(combine(catcher.ResultPath, output, around)),
    assigned: fillTemplate(catcher.Assign ?? {}, rootsOf(output, around)) as JsonObject,
  };
}

/** Where JSONPath starts from. */
export function rootsOf(input: Json, around: Surroundings): Roots {
  return (root) => {
    if (root === '$') return input;
    return root === '$$' ? around.context : around.variables[root];
  };
}

async function outcomeInJsonata(
  fields: { Output?: Json; Assign?: JsonObject },
  otherwise: Json,
  around: Surroundings,
  known: JsonObject = {},
): Promise<Outcome> {
  const output = fields.Output === undefined ? otherwise : await inJsonata(fields.Output, 'Output', around, known);
  const assigned = await inJsonata(fields.Assign ?? {}, 'Assign', around, known);
  return { output: limited(output), assigned: assigned as JsonObject };
}

function inJsonata(template: Json, field: string, around: Surroundings, known: JsonObject = {}): Promise<Json> {
  const states = { input: around.input, context: around.context, ...known };
  return fillJsonata(template, field, { states, variables: around.variables, nowMs: around.now() });
}

/** InputPath and OutputPath: absent all, null nothing. */
function narrow(path: string | null | undefined, field: string, value: Json, around: Surroundings): Json {
  if (path === null) return {};
  return path === undefined || path === '$' ? value : queryField(path, field, rootsOf(value, around));
}

/** ResultPath: absent the result alone, null the raw input alone, otherwise the raw input with the result put in. */
function combine(path: string | null | undefined, result: Json, around: Surroundings): Json {
  if (path === null) return around.input;
  if (path === undefined) return result;
  const combined = put(parsePath(path), around.input, result);
  if (combined !== undefined) return combined;
  const cause = `Unable to apply step '${path}' to the input: ${JSON.stringify(around.input)}`;
  throw new StatesError('States.ResultPathMatchFailure', cause);
}

function limited(output: Json): Json {
  if (Buffer.byteLength(JSON.stringify(output)) <= PAYLOAD_SIZE_MAX) return output;
  const cause = `The state returned a result with a size exceeding the maximum number of bytes service limit (${PAYLOAD_SIZE_MAX}).`;
  throw new StatesError('States.DataLimitExceeded', cause);
}
