/**
 * JSONPath in fields: paths, and payload templates, in which a name that ends in `.$` has a path or an intrinsic call for
 * a value and loses the suffix (Amazon States Language, "Payload Template").
 */
import { runtimeFailure, StatesError, type Json } from './failure.ts';
import { callIntrinsic, parseIntrinsic } from './intrinsics.ts';
import { parsePath, query, type Roots } from './jsonpath.ts';

/** Fills a payload template. Throws StatesError: States.ParameterPathFailure, States.IntrinsicFailure. */
export function fillTemplate(template: Json, roots: Roots): Json {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, roots));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), evaluate(String(value), name, roots)]
        : [name, fillTemplate(value, roots)],
    ),
  );
}

/** Calls `check` with every value of a template that is a path or an intrinsic call, and its place. */
export function visitTemplate(template: Json, place: string, check: (text: Json, place: string) => void): void {
  if (typeof template !== 'object' || template === null) return;
  for (const [name, value] of Object.entries(template)) {
    if (!Array.isArray(template) && name.endsWith('.$')) check(value, `${place}/${name}`);
    else visitTemplate(value, `${place}/${name}`, check);
  }
}

/** What a field that holds a path finds. Throws States.Runtime when that is nothing. */
export function queryField(text: string, field: string, roots: Roots): Json {
  const value = query(parsePath(text), roots);
  if (value !== undefined) return value;
  throw runtimeFailure(`The path '${text}' of ${field} leads to nothing in the input ${describe(roots('$'))}.`);
}

function evaluate(text: string, name: string, roots: Roots): Json {
  if (text.startsWith('States.')) return callIntrinsic(parseIntrinsic(text), roots);
  const value = query(parsePath(text), roots);
  if (value !== undefined) return value;
  const cause = `The JSONPath '${text}' specified for the field '${name}' could not be found in the input '${describe(roots('$'))}'`;
  throw new StatesError('States.ParameterPathFailure', cause);
}

const SHOWN_MAX = 1000;

function describe(input: Json | undefined): string {
  const text = JSON.stringify(input) ?? '';
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
