/**
 * Checks a definition before it becomes a machine: what it says wrongly, and what this interpreter would not do, is told
 * at creation with its place, never at midnight by an execution. After `parseDefinition` its shape may be trusted.
 */
import { AwsError } from '../errors.ts';
import { comparisonsIn } from './choice.ts';
import type { QueryLanguage, StateMachine, StateType } from './definition.ts';
import { isObject, type Json } from './failure.ts';
import { parseIntrinsic } from './intrinsics.ts';
import { checkExpression, expressionIn } from './jsonata-template.ts';
import { parsePath } from './jsonpath.ts';
import { visitTemplate } from './payload-template.ts';
import { isCarried, RESOURCES } from './tasks.ts';

type Fields = { [name: string]: Json };

const DEFINITION_SIZE_MAX = 1_048_576;

/** Parses and checks a definition. Throws InvalidDefinition, listing every fault found. */
export function parseDefinition(text: string): StateMachine {
  let machine: Json;
  try {
    machine = JSON.parse(text) as Json;
  } catch (error) {
    throw invalid([`INVALID_JSON_DESCRIPTION: ${error instanceof Error ? error.message : 'not JSON'}`]);
  }
  if (text.length > DEFINITION_SIZE_MAX)
    throw invalid(['SCHEMA_VALIDATION_FAILED: The definition is larger than 1 MiB']);
  const faults = new Validator().check(machine);
  if (faults.length > 0) throw invalid(faults);
  return machine as unknown as StateMachine;
}

function invalid(faults: readonly string[]): AwsError {
  return new AwsError('InvalidDefinition', 400, `Invalid State Machine Definition: '${faults.join(', ')}'`);
}

/** Kinds of fields; each is checked by the method of that name. */
type Kind =
  | 'any'
  | 'text'
  | 'path'
  | 'pathOrNull'
  | 'referenceOrNull'
  | 'template'
  | 'number'
  | 'timestamp'
  | 'assign'
  | 'checkedElsewhere';

interface FieldTable {
  /** In both languages. */
  both?: Record<string, Kind>;
  JSONPath?: Record<string, Kind>;
  JSONata?: Record<string, Kind>;
}

const FLOW: Record<string, Kind> = { Next: 'checkedElsewhere', End: 'checkedElsewhere', Assign: 'assign' };
const RECOVERY: Record<string, Kind> = { Retry: 'checkedElsewhere', Catch: 'checkedElsewhere' };
const IN_OUT: Record<string, Kind> = { InputPath: 'pathOrNull', OutputPath: 'pathOrNull' };
const WORK: Record<string, Kind> = {
  ...IN_OUT,
  Parameters: 'template',
  ResultSelector: 'template',
  ResultPath: 'referenceOrNull',
};

/** Which fields a state may have, by type and language. */
const FIELDS: Record<StateType, FieldTable> = {
  Pass: {
    both: FLOW,
    JSONPath: { ...IN_OUT, Parameters: 'template', Result: 'any', ResultPath: 'referenceOrNull' },
    JSONata: { Output: 'template' },
  },
  Task: {
    both: { ...FLOW, ...RECOVERY, Resource: 'checkedElsewhere', TimeoutSeconds: 'number' },
    JSONPath: { ...WORK, TimeoutSecondsPath: 'path' },
    JSONata: { Arguments: 'template', Output: 'template' },
  },
  Wait: {
    both: { ...FLOW, Seconds: 'number', Timestamp: 'timestamp' },
    JSONPath: { ...IN_OUT, SecondsPath: 'path', TimestampPath: 'path' },
    JSONata: { Output: 'template' },
  },
  Choice: {
    both: { Choices: 'checkedElsewhere', Default: 'checkedElsewhere', Assign: 'assign' },
    JSONPath: IN_OUT,
    JSONata: { Output: 'template' },
  },
  Succeed: { JSONPath: IN_OUT, JSONata: { Output: 'template' } },
  Fail: { both: { Error: 'text', Cause: 'text' }, JSONPath: { ErrorPath: 'path', CausePath: 'path' } },
  Parallel: {
    both: { ...FLOW, ...RECOVERY, Branches: 'checkedElsewhere' },
    JSONPath: WORK,
    JSONata: { Arguments: 'template', Output: 'template' },
  },
  Map: {
    both: {
      ...FLOW,
      ...RECOVERY,
      ItemProcessor: 'checkedElsewhere',
      ItemSelector: 'template',
      MaxConcurrency: 'number',
    },
    JSONPath: { ...WORK, Iterator: 'checkedElsewhere', ItemsPath: 'path', MaxConcurrencyPath: 'path' },
    JSONata: { Items: 'template', Output: 'template' },
  },
};

const isStateType = (type: Json | undefined): type is StateType =>
  typeof type === 'string' && Object.hasOwn(FIELDS, type);

/** Walks a definition and collects faults, each with a code of AWS's and a place. */
class Validator {
  readonly #faults: string[] = [];
  #language: QueryLanguage = 'JSONPath';

  check(machine: Json): string[] {
    if (!isObject(machine)) return ['SCHEMA_VALIDATION_FAILED: The definition must be a JSON object at /'];
    this.#knownOnly(machine, ['Comment', 'StartAt', 'States', 'QueryLanguage', 'TimeoutSeconds', 'Version'], '');
    this.#language = this.#languageIn(machine, '', 'JSONPath');
    const timeout = machine['TimeoutSeconds'];
    if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0)) {
      this.#fault('TimeoutSeconds must be a number of seconds', '/TimeoutSeconds');
    }
    this.#states(machine, '');
    return this.#faults;
  }

  #states(machine: Fields, place: string): void {
    const { StartAt: startAt, States: states } = machine;
    if (!isObject(states) || Object.keys(states).length === 0)
      return this.#fault('States must name states', `${place}/States`);
    const names = new Set(Object.keys(states));
    if (typeof startAt !== 'string') this.#fault("The field 'StartAt' is required", place || '/');
    else this.#target(startAt, names, 'StartAt', `${place}/StartAt`);
    for (const [name, state] of Object.entries(states)) this.#state(state, names, `${place}/States/${name}`);
  }

  #state(state: Json, names: ReadonlySet<string>, place: string): void {
    if (!isObject(state)) return this.#fault('A state must be an object', place);
    const type = state['Type'];
    if (!isStateType(type))
      return this.#fault(`Type must be one of ${Object.keys(FIELDS).join(', ')}`, `${place}/Type`);
    const language = this.#languageIn(state, place, this.#language);
    const fields = { ...FIELDS[type].both, ...FIELDS[type][language] };
    this.#knownOnly(state, ['Type', 'Comment', 'QueryLanguage', ...Object.keys(fields)], place);
    for (const [field, kind] of Object.entries(fields)) {
      if (state[field] !== undefined) this.#field(kind, state[field], language, `${place}/${field}`);
    }
    if ('Next' in fields) this.#flow(state, names, place);
    if ('Retry' in fields) this.#recovery(state, language, names, place);
    this.#ofType(type, state, language, names, place);
  }

  /** What only one type of state asks for. */
  #ofType(type: StateType, state: Fields, language: QueryLanguage, names: ReadonlySet<string>, place: string): void {
    if (type === 'Task') {
      const resource = state['Resource'];
      if (typeof resource !== 'string') this.#fault("The field 'Resource' is required", place);
      else if (!isCarried(resource)) {
        const carried = `The embedded cloud carries ${RESOURCES.join(', ')} and ARNs of functions`;
        this.#fault(`The resource ${resource} is not carried. ${carried}`, `${place}/Resource`);
      }
    } else if (type === 'Wait') {
      this.#exactlyOne(state, ['Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath'], place);
    } else if (type === 'Choice') {
      this.#choices(state, language, names, place);
    } else if (type === 'Parallel') {
      const branches = state['Branches'];
      if (!Array.isArray(branches) || branches.length === 0)
        this.#fault('Branches must be a list', `${place}/Branches`);
      else branches.forEach((branch, i) => this.#subMachine(branch, `${place}/Branches/${i}`));
    } else if (type === 'Map') {
      const name = this.#exactlyOne(state, ['ItemProcessor', 'Iterator'], place);
      if (name) this.#subMachine(state[name] ?? null, `${place}/${name}`);
    }
  }

  #subMachine(machine: Json, place: string): void {
    if (!isObject(machine)) return this.#fault('StartAt and States are required', place);
    this.#knownOnly(machine, ['Comment', 'StartAt', 'States', 'ProcessorConfig'], place);
    const config = machine['ProcessorConfig'];
    if (isObject(config) && (config['Mode'] ?? 'INLINE') !== 'INLINE') {
      this.#fault('The embedded cloud runs Map states INLINE only', `${place}/ProcessorConfig/Mode`);
    }
    this.#states(machine, place);
  }

  #flow(state: Fields, names: ReadonlySet<string>, place: string): void {
    const { Next: next, End: end } = state;
    if ((next !== undefined) === (end === true)) {
      this.#fault("Exactly one of 'Next' and 'End: true' is required", place, 'MISSING_TRANSITION_TARGET');
    } else if (next !== undefined) {
      this.#target(next, names, 'Next', `${place}/Next`);
    }
  }

  #choices(state: Fields, language: QueryLanguage, names: ReadonlySet<string>, place: string): void {
    const { Choices: choices, Default: otherwise } = state;
    if (otherwise !== undefined) this.#target(otherwise, names, 'Default', `${place}/Default`);
    if (!Array.isArray(choices) || choices.length === 0)
      return this.#fault('Choices must be a list', `${place}/Choices`);
    choices.forEach((choice, i) => {
      const at = `${place}/Choices/${i}`;
      if (!isObject(choice)) return this.#fault('A choice must be an object', at);
      this.#target(choice['Next'], names, 'Next', `${at}/Next`);
      if (choice['Assign'] !== undefined) this.#field('assign', choice['Assign'], language, `${at}/Assign`);
      if (language === 'JSONPath') return this.#rule(choice, at, ['Next', 'Assign', 'Comment']);
      this.#knownOnly(choice, ['Condition', 'Next', 'Assign', 'Output', 'Comment'], at);
      const condition = choice['Condition'];
      if (typeof condition !== 'boolean' && expressionIn(condition) === undefined) {
        this.#fault('Condition must be an expression in {% and %}', `${at}/Condition`);
      }
      for (const field of ['Condition', 'Output'])
        this.#field('template', choice[field] ?? null, language, `${at}/${field}`);
    });
  }

  #rule(rule: Json, place: string, around: readonly string[] = []): void {
    if (!isObject(rule)) return this.#fault('A rule must be an object', place);
    const combination = ['And', 'Or', 'Not'].find((name) => name in rule);
    if (combination) {
      this.#knownOnly(rule, [combination, ...around], place);
      const inner = rule[combination] ?? null;
      if (combination === 'Not') return this.#rule(inner, `${place}/Not`);
      if (!Array.isArray(inner) || inner.length === 0)
        return this.#fault('A list of rules is required', `${place}/${combination}`);
      return inner.forEach((each, i) => this.#rule(each, `${place}/${combination}/${i}`));
    }
    const comparisons = comparisonsIn(rule);
    this.#knownOnly(rule, ['Variable', ...comparisons, ...around], place);
    if (rule['Variable'] === undefined) return this.#fault("The field 'Variable' is required", place);
    this.#field('path', rule['Variable'], 'JSONPath', `${place}/Variable`);
    const [operator = ''] = comparisons;
    if (comparisons.length !== 1) return this.#fault('Exactly one comparison is required', place);
    const operand = rule[operator] ?? null;
    const wanted = operator.endsWith('Path')
      ? 'path'
      : { B: 'boolean', I: 'boolean', N: 'number', S: 'string', T: 'timestamp' }[operator[0] ?? ''];
    if (wanted === 'path') this.#field('path', operand, 'JSONPath', `${place}/${operator}`);
    else if (wanted === 'timestamp') this.#field('timestamp', operand, 'JSONPath', `${place}/${operator}`);
    else if (typeof operand !== wanted) this.#fault(`${operator} must be a ${wanted}`, `${place}/${operator}`);
  }

  #recovery(state: Fields, language: QueryLanguage, names: ReadonlySet<string>, place: string): void {
    const limits: Record<string, number> = { IntervalSeconds: 1, MaxAttempts: 0, BackoffRate: 1, MaxDelaySeconds: 1 };
    this.#each(state['Retry'], `${place}/Retry`, (retrier, at) => {
      this.#knownOnly(retrier, ['ErrorEquals', 'JitterStrategy', 'Comment', ...Object.keys(limits)], at);
      for (const [field, min] of Object.entries(limits)) {
        const value = retrier[field] ?? min;
        if (typeof value !== 'number' || value < min) this.#fault(`${field} must be at least ${min}`, `${at}/${field}`);
      }
      if (!['FULL', 'NONE'].includes(String(retrier['JitterStrategy'] ?? 'NONE'))) {
        this.#fault('JitterStrategy must be FULL or NONE', `${at}/JitterStrategy`);
      }
    });
    const fields: Record<string, Kind> =
      language === 'JSONPath' ? { ResultPath: 'referenceOrNull' } : { Output: 'template' };
    this.#each(state['Catch'], `${place}/Catch`, (catcher, at) => {
      this.#knownOnly(catcher, ['ErrorEquals', 'Next', 'Assign', 'Comment', ...Object.keys(fields)], at);
      this.#target(catcher['Next'], names, 'Next', `${at}/Next`);
      for (const [field, kind] of Object.entries({ ...fields, Assign: 'assign' as const })) {
        if (catcher[field] !== undefined) this.#field(kind, catcher[field], language, `${at}/${field}`);
      }
    });
  }

  /** The entries of a Retry or Catch, their ErrorEquals checked. */
  #each(entries: Json | undefined, place: string, check: (entry: Fields, place: string) => void): void {
    if (entries === undefined) return;
    if (!Array.isArray(entries)) return this.#fault('A list is required', place);
    entries.forEach((entry, i) => {
      const at = `${place}/${i}`;
      const errors = isObject(entry) ? entry['ErrorEquals'] : undefined;
      if (
        !isObject(entry) ||
        !Array.isArray(errors) ||
        errors.length === 0 ||
        !errors.every((e) => typeof e === 'string')
      ) {
        return this.#fault('ErrorEquals must be a list of error names', `${at}/ErrorEquals`);
      }
      if (errors.includes('States.ALL') && (errors.length > 1 || i < entries.length - 1)) {
        this.#fault('States.ALL must appear alone and in the last entry', `${at}/ErrorEquals`);
      }
      check(entry, at);
    });
  }

  #field(kind: Kind, value: Json, language: QueryLanguage, place: string): void {
    const expression = language === 'JSONata' ? expressionIn(value) : undefined;
    if (expression !== undefined) return this.#attempt(() => checkExpression(expression), place);
    switch (kind) {
      case 'text':
        if (typeof value !== 'string') this.#fault('A text is required', place);
        return;
      case 'number':
        if (typeof value !== 'number' || value < 0) this.#fault('A number that is not negative is required', place);
        return;
      case 'timestamp':
        if (typeof value !== 'string' || Number.isNaN(Date.parse(value)) || !value.includes('T')) {
          this.#fault('A timestamp such as 2026-03-14T01:59:00Z is required', place);
        }
        return;
      case 'pathOrNull':
      case 'referenceOrNull':
        if (value !== null) this.#path(value, kind === 'referenceOrNull', place);
        return;
      case 'path':
        return this.#path(value, false, place);
      case 'assign':
        if (!isObject(value)) return this.#fault('An object of variables is required', place);
        for (const name of Object.keys(value)) {
          const variable = language === 'JSONPath' ? name.replace(/\.\$$/, '') : name;
          if (!/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(variable) || variable === 'states') {
            this.#fault(`'${variable}' cannot be the name of a variable`, place);
          }
        }
        return this.#template(value, language, place);
      case 'template':
        return this.#template(value, language, place);
      case 'any':
      case 'checkedElsewhere':
    }
  }

  #template(value: Json, language: QueryLanguage, place: string): void {
    if (language === 'JSONPath') {
      return visitTemplate(value, place, (text, at) => {
        if (typeof text === 'string' && text.startsWith('States.')) this.#attempt(() => parseIntrinsic(text), at);
        else this.#path(text, false, at);
      });
    }
    const expression = expressionIn(value);
    if (expression !== undefined) this.#attempt(() => checkExpression(expression), place);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) this.#template(inner, language, `${place}/${name}`);
    }
  }

  #path(value: Json, reference: boolean, place: string): void {
    if (typeof value !== 'string') return this.#fault('A JSONPath is required', place);
    this.#attempt(() => {
      const path = parsePath(value);
      if (reference && (path.root !== '$' || !path.definite)) throw new SyntaxError('A reference path is required.');
    }, place);
  }

  #attempt(check: () => void, place: string): void {
    try {
      check();
    } catch (error) {
      this.#fault(error instanceof Error ? error.message : String(error), place);
    }
  }

  #languageIn(fields: Fields, place: string, inherited: QueryLanguage): QueryLanguage {
    const language = fields['QueryLanguage'] ?? inherited;
    if (language !== 'JSONPath' && language !== 'JSONata') {
      this.#fault('QueryLanguage must be JSONPath or JSONata', `${place}/QueryLanguage`);
    } else if (language === 'JSONPath' && inherited === 'JSONata') {
      this.#fault(
        "QueryLanguage can not be 'JSONPath' if set to 'JSONata' for whole state machine",
        `${place}/QueryLanguage`,
      );
    } else {
      return language;
    }
    return inherited;
  }

  #exactlyOne(state: Fields, names: readonly string[], place: string): string | undefined {
    const present = names.filter((name) => state[name] !== undefined);
    if (present.length !== 1) this.#fault(`Exactly one of ${names.join(', ')} is required`, place);
    return present.length === 1 ? present[0] : undefined;
  }

  #knownOnly(fields: Fields, known: readonly string[], place: string): void {
    for (const name of Object.keys(fields)) {
      if (!known.includes(name)) this.#fault('Field is not supported', `${place}/${name}`);
    }
  }

  #target(name: Json | undefined, names: ReadonlySet<string>, field: string, place: string): void {
    if (typeof name === 'string' && names.has(name)) return;
    this.#fault(`Missing '${field}' target: ${String(name)}`, place, 'MISSING_TRANSITION_TARGET');
  }

  #fault(message: string, place: string, code = 'SCHEMA_VALIDATION_FAILED'): void {
    this.#faults.push(`${code}: ${message} at ${place}`);
  }
}
