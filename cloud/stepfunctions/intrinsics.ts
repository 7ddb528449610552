/**
 * Intrinsic functions of JSONPath states: `States.Format('{} of {}', $.a, States.ArrayLength($.b))`. All eighteen of the
 * Developer Guide ("Intrinsic functions for JSONPath states").
 */
import { isObject, StatesError, type Json } from './failure.ts';
import { query, scanPath, type Path, type Roots } from './jsonpath.ts';
import { Scanner } from './scanner.ts';

export interface Call {
  name: string;
  arguments: readonly Argument[];
}

type Argument = { literal: Json } | { path: Path } | { call: Call };

const ARRAY_LENGTH_MAX = 1000;

/** Parses a call. Throws SyntaxError. */
export function parseIntrinsic(text: string): Call {
  const scanner = new Scanner(text);
  const call = scanCall(scanner);
  scanner.expectEnd();
  return call;
}

/** Evaluates a call. Throws StatesError: States.IntrinsicFailure, or States.ParameterPathFailure for a path to nothing. */
export function callIntrinsic(call: Call, roots: Roots): Json {
  const values = call.arguments.map((argument) => {
    if ('literal' in argument) return argument.literal;
    if ('call' in argument) return callIntrinsic(argument.call, roots);
    const value = query(argument.path, roots);
    if (value !== undefined) return value;
    const cause = `The JSONPath '${argument.path.text}' given to ${call.name} could not be found in the input.`;
    throw new StatesError('States.ParameterPathFailure', cause);
  });
  const run = INTRINSICS[call.name];
  if (!run) throw failed(call.name, 'there is no such function');
  return run(values, call.name);
}

function scanCall(scanner: Scanner): Call {
  const name = scanner.match(/States\.\w+/y);
  if (name === undefined || !Object.hasOwn(INTRINSICS, name)) return scanner.fail('an intrinsic function');
  scanner.skipSpace();
  scanner.expect('(');
  const list: Argument[] = [];
  if (scanner.takeSpaced(')')) return { name, arguments: list };
  do {
    scanner.skipSpace();
    list.push(scanArgument(scanner));
  } while (scanner.takeSpaced(','));
  scanner.skipSpace();
  scanner.expect(')');
  return { name, arguments: list };
}

function scanArgument(scanner: Scanner): Argument {
  if (scanner.peek('$')) return { path: scanPath(scanner) };
  if (scanner.peek('States.')) return { call: scanCall(scanner) };
  const literal = scanner.literal();
  return literal === undefined ? scanner.fail('an argument') : { literal };
}

const INTRINSICS: Record<string, (values: readonly Json[], name: string) => Json> = {
  'States.Array': (values) => [...values],

  'States.ArrayContains': ([array, wanted], name) =>
    list(array, name).some((item) => JSON.stringify(item) === JSON.stringify(wanted)),

  'States.ArrayGetItem': ([array, index], name) => {
    const item = list(array, name)[integer(index, name)];
    if (item === undefined) throw failed(name, 'the index is out of bounds');
    return item;
  },

  'States.ArrayLength': ([array], name) => list(array, name).length,

  'States.ArrayPartition': ([array, size], name) => partition(list(array, name), positive(size, name)),

  'States.ArrayRange': ([first, last, step], name) =>
    range(integer(first, name), integer(last, name), integer(step, name), (reason) => failed(name, reason)),

  'States.ArrayUnique': ([array], name) => {
    const seen = new Map(list(array, name).map((item) => [JSON.stringify(item), item]));
    return [...seen.values()];
  },

  'States.Base64Decode': ([text], name) => Buffer.from(string(text, name), 'base64').toString(),
  'States.Base64Encode': ([text], name) => Buffer.from(string(text, name)).toString('base64'),

  'States.Format': ([template, ...values], name) => {
    let used = 0;
    const filled = string(template, name).replace(/\\([{}\\'])|\{\}/g, (_, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped;
      const value = values[used++];
      if (value === undefined) throw failed(name, 'it has more {} than values');
      return typeof value === 'string' ? value : JSON.stringify(value);
    });
    if (used < values.length) throw failed(name, 'it has more values than {}');
    return filled;
  },

  'States.Hash': ([data, algorithm], name) =>
    hash(data ?? null, string(algorithm, name)) ?? fail(name, 'the algorithm is unknown'),

  'States.JsonMerge': ([left, right, deep], name) => {
    if (!isObject(left) || !isObject(right)) throw failed(name, 'the first two arguments must be objects');
    if (deep !== false) throw failed(name, 'the third argument must be false: only shallow merging is supported');
    return { ...left, ...right };
  },

  'States.JsonToString': ([value]) => JSON.stringify(value ?? null),

  'States.MathAdd': ([a, b], name) => integer(a, name) + integer(b, name),

  'States.MathRandom': ([start, end, seed], name) => {
    const [from, to] = [integer(start, name), integer(end, name)];
    if (from >= to) throw failed(name, 'the start must be less than the end');
    return from + Math.floor(random(seed === undefined ? undefined : integer(seed, name)) * (to - from));
  },

  'States.StringSplit': ([text, separators], name) => {
    const isSeparator = new Set(string(separators, name));
    return Array.from(string(text, name), (character) => (isSeparator.has(character) ? '\0' : character))
      .join('')
      .split('\0')
      .filter((part) => part !== '');
  },

  'States.StringToJson': ([text], name) => {
    try {
      return JSON.parse(string(text, name)) as Json;
    } catch {
      throw failed(name, 'the text is not JSON');
    }
  },

  'States.UUID': () => crypto.randomUUID(),
};

/** An array cut into arrays of `size`. */
export function partition(array: readonly Json[], size: number): Json[] {
  return Array.from({ length: Math.ceil(array.length / size) }, (_, i) => array.slice(i * size, (i + 1) * size));
}

/** Whole numbers from `first` to `last`, which is included, at most a thousand. */
export function range(first: number, last: number, step: number, refuse: (reason: string) => Error): number[] {
  if (step === 0) throw refuse('the step must not be 0');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > ARRAY_LENGTH_MAX) throw refuse(`the array would have more than ${ARRAY_LENGTH_MAX} items`);
  return Array.from({ length }, (_, i) => first + i * step);
}

/** A digest in hexadecimal; undefined for an algorithm AWS does not have. Other values than texts count as JSON. */
export function hash(data: Json, algorithm: string): string | undefined {
  const hasher = {
    MD5: 'md5',
    'SHA-1': 'sha1',
    'SHA-256': 'sha256',
    'SHA-384': 'sha384',
    'SHA-512': 'sha512',
  } as const;
  if (!Object.hasOwn(hasher, algorithm)) return undefined;
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return new Bun.CryptoHasher(hasher[algorithm as keyof typeof hasher]).update(text).digest('hex');
}

/** A number from 0 to below 1; the same for the same seed (mulberry32). */
export function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  let mixed = (seed + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function list(value: Json | undefined, name: string): Json[] {
  return Array.isArray(value) ? value : fail(name, 'it needs an array');
}

function string(value: Json | undefined, name: string): string {
  return typeof value === 'string' ? value : fail(name, 'it needs a string');
}

function integer(value: Json | undefined, name: string): number {
  return typeof value === 'number' ? Math.round(value) : fail(name, 'it needs a whole number');
}

function positive(value: Json | undefined, name: string): number {
  const number = integer(value, name);
  return number > 0 ? number : fail(name, 'it needs a positive number');
}

function fail(name: string, reason: string): never {
  throw failed(name, reason);
}

function failed(name: string, reason: string): StatesError {
  return new StatesError('States.IntrinsicFailure', `${name} failed: ${reason}.`);
}
