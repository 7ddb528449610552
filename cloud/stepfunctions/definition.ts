/**
 * A state machine as written, in the Amazon States Language (https://states-language.net/spec.html): its shape once
 * `validate` has let it through. Names are the language's, letter for letter.
 */
import type { ChoiceRule } from './choice.ts';
import type { Json } from './failure.ts';

export type QueryLanguage = 'JSONPath' | 'JSONata';

export type JsonObject = { [name: string]: Json };

export interface StateMachine {
  StartAt: string;
  States: Record<string, State>;
  QueryLanguage?: QueryLanguage;
  TimeoutSeconds?: number;
}

/** The states inside a Parallel branch or a Map. */
export interface SubMachine {
  StartAt: string;
  States: Record<string, State>;
}

export type StateType = 'Pass' | 'Task' | 'Wait' | 'Choice' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

/** Any state; which fields it may have by type and query language is in `validate`. */
export interface State {
  Type: StateType;
  QueryLanguage?: QueryLanguage;
  Next?: string;
  End?: boolean;
  Assign?: JsonObject;
  // JSONPath
  InputPath?: string | null;
  Parameters?: Json;
  ResultSelector?: Json;
  ResultPath?: string | null;
  OutputPath?: string | null;
  // JSONata
  Arguments?: Json;
  Output?: Json;
  // Pass
  Result?: Json;
  // Task
  Resource?: string;
  TimeoutSeconds?: number | string;
  TimeoutSecondsPath?: string;
  // Wait
  Seconds?: number | string;
  SecondsPath?: string;
  Timestamp?: string;
  TimestampPath?: string;
  // Choice
  Choices?: Choice[];
  Default?: string;
  // Fail
  Error?: string;
  ErrorPath?: string;
  Cause?: string;
  CausePath?: string;
  // Parallel
  Branches?: SubMachine[];
  // Map
  ItemProcessor?: SubMachine;
  Iterator?: SubMachine;
  Items?: Json;
  ItemsPath?: string;
  ItemSelector?: Json;
  MaxConcurrency?: number | string;
  MaxConcurrencyPath?: string;
  // Task, Parallel, Map
  Retry?: Retrier[];
  Catch?: Catcher[];
}

/** A rule of a Choice state, with what follows when it holds. */
export type Choice = ChoiceRule & { Next: string; Assign?: JsonObject; Output?: Json; Condition?: string };

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  ResultPath?: string | null;
  Assign?: JsonObject;
  Output?: Json;
}

/** The sub-machines of a Parallel or Map state: one for each branch, or one for all items. */
export function subMachines(state: State): SubMachine[] {
  if (state.Branches) return state.Branches;
  const processor = state.ItemProcessor ?? state.Iterator;
  return processor ? [processor] : [];
}

/** The language a state's fields are written in. */
export function languageOf(state: State, machine: StateMachine): QueryLanguage {
  return state.QueryLanguage ?? machine.QueryLanguage ?? 'JSONPath';
}
