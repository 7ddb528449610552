/**
 * JSONata in fields: a text `{% … %}` is an expression, everything else is as it stands. Expressions see `$states` and the
 * variables, nothing else; Step Functions' own functions are added, and time is the cloud's.
 */
import jsonata from 'jsonata';
import { StatesError, type Json } from './failure.ts';
import { hash, partition, random, range } from './intrinsics.ts';

/** What expressions see. */
export interface JsonataScope {
  states: { [name: string]: Json };
  variables: { [name: string]: Json };
  /** Milliseconds since the epoch, for `$now()` and `$millis()`. */
  nowMs: number;
}

/** A runaway expression fails its state instead of stopping the cloud. */
const LIMITS = { timeout: 5000, stack: 1000, sequence: 1_000_000 };

/** The expression in a field, if it holds one. */
export function expressionIn(text: Json | undefined): string | undefined {
  return typeof text === 'string' && /^\{%[^]*%\}$/.test(text) ? text.slice(2, -2).trim() : undefined;
}

/** Throws an Error that says what is wrong with the syntax of an expression. */
export function checkExpression(expression: string): void {
  try {
    jsonata(expression);
  } catch (error) {
    throw new SyntaxError(messageOf(error));
  }
}

/** Fills a template, whatever its depth. Throws StatesError: States.QueryEvaluationError. */
export async function fillJsonata(template: Json, field: string, scope: JsonataScope): Promise<Json> {
  const expression = expressionIn(template);
  if (expression !== undefined) return evaluate(expression, field, scope);
  if (Array.isArray(template))
    return Promise.all(template.map((item, i) => fillJsonata(item, `${field}[${i}]`, scope)));
  if (typeof template !== 'object' || template === null) return template;
  const filled = Object.entries(template).map(async ([name, value]): Promise<[string, Json]> => [
    name,
    await fillJsonata(value, `${field}/${name}`, scope),
  ]);
  return Object.fromEntries(await Promise.all(filled));
}

async function evaluate(text: string, field: string, scope: JsonataScope): Promise<Json> {
  let value: unknown;
  try {
    const expression = jsonata(text, LIMITS);
    addFunctions(expression, scope.nowMs);
    value = await expression.evaluate(undefined, { ...scope.variables, states: scope.states });
  } catch (error) {
    throw failed(field, text, messageOf(error));
  }
  if (value === undefined) throw failed(field, text, 'it returned nothing (undefined)');
  // Lists that JSONata makes carry marks of its own, which JSON leaves out.
  const json = JSON.stringify(value, (_, inner: unknown) => {
    if (isFunction(inner)) throw failed(field, text, 'it returned a function');
    return inner;
  });
  return JSON.parse(json) as Json;
}

/** Functions are objects in JSONata, marked as such. */
function isFunction(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'function';
  return '_jsonata_lambda' in value || '_jsonata_function' in value;
}

/** Developer Guide, "Transforming data with JSONata in Step Functions". */
function addFunctions(expression: jsonata.Expression, nowMs: number): void {
  const refuse = (reason: string) => new Error(reason);
  expression.registerFunction(
    'partition',
    (array: Json[], size: number) => partition(array, Math.max(1, size)),
    '<an:a>',
  );
  expression.registerFunction(
    'range',
    (first: number, last: number, step: number) => range(first, last, step, refuse),
    '<nnn:a>',
  );
  expression.registerFunction('hash', (data: Json, algorithm: string) => {
    const digest = hash(data, algorithm);
    if (digest === undefined) throw refuse(`The algorithm ${algorithm} is unknown.`);
    return digest;
  });
  expression.registerFunction('random', (seed?: number) => random(seed), '<n?:n>');
  expression.registerFunction('uuid', () => crypto.randomUUID(), '<:s>');
  expression.registerFunction('parse', (text: string) => JSON.parse(text) as unknown, '<s:x>');
  expression.registerFunction('eval', () => {
    throw refuse('Step Functions does not have $eval; use $parse.');
  });
  expression.registerFunction('millis', () => nowMs, '<:n>');
  expression.registerFunction(
    'now',
    (picture?: string, timezone?: string) =>
      picture === undefined
        ? new Date(nowMs).toISOString()
        : jsonata('$fromMillis($ms, $picture, $timezone)').evaluate(undefined, { ms: nowMs, picture, timezone }),
    '<s?s?:s>',
  );
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

function failed(field: string, expression: string, reason: string): StatesError {
  const cause = `The JSONata expression '${expression}' specified for the field '${field}' failed: ${reason}`;
  return new StatesError('States.QueryEvaluationError', cause);
}
