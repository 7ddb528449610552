/**
 * JSONPath as the Amazon States Language uses it: parsed once into steps, then walked. A definite path (names and single
 * indexes only) finds one value; any other finds a list.
 *
 *     path     = root segment*                root = "$" | "$$" | "$" variable
 *     segment  = "." name | ".*" | ".." (name | "*" | bracket) | bracket
 *     bracket  = "[" (selector ("," selector)* | "?(" filter ")") "]"
 *     selector = 'name' | index | start:end:step | *
 *     filter   = and ("||" and)*    and = not ("&&" not)*    not = "!"? (comparison | "(" filter ")")
 *     comparison = operand (("==" | "!=" | "<" | "<=" | ">" | ">=") operand)?     operand = "@"… | "$"… | literal
 */
import { isObject, type Json } from './failure.ts';
import { Scanner } from './scanner.ts';

export interface Path {
  text: string;
  /** `$` the input, `$$` the context object, otherwise the name of a variable. */
  root: string;
  segments: readonly Segment[];
  definite: boolean;
}

interface Segment {
  /** `..`: also below. */
  descend: boolean;
  selectors: readonly Selector[];
}

type Selector =
  | { kind: 'name'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'all' }
  | { kind: 'slice'; start: number | undefined; end: number | undefined; step: number }
  | { kind: 'filter'; test: Filter };

/** Values by root: the input is `$`, the context object `$$`, variables go by their names. */
export type Roots = (root: string) => Json | undefined;

type Filter = (candidate: Json, roots: Roots) => boolean;
type Operand = (candidate: Json, roots: Roots) => Json | undefined;

/** Parses a path. Throws SyntaxError saying what was expected where. */
export function parsePath(text: string): Path {
  const scanner = new Scanner(text);
  const path = scanPath(scanner);
  scanner.expectEnd();
  return path;
}

/** Scans a path that other text may follow. */
export function scanPath(scanner: Scanner): Path {
  const from = scanner.at;
  scanner.expect('$');
  const root = scanner.take('$') ? '$$' : (scanner.match(/[A-Za-z_]\w*/y) ?? '$');
  const segments = scanSegments(scanner);
  return { text: scanner.text.slice(from, scanner.at), root, segments, definite: isDefinite(segments) };
}

/** What a path finds: one value, or the list of them; undefined when a definite path leads nowhere. */
export function query(path: Path, roots: Roots): Json | undefined {
  const root = roots(path.root);
  if (root === undefined) return undefined;
  const found = walk(path.segments, root, roots);
  return path.definite ? found[0] : found;
}

/** Puts a value where a reference path points, making objects on the way; undefined where that cannot be. */
export function put(path: Path, target: Json, value: Json): Json | undefined {
  const [segment, ...rest] = path.segments;
  if (!segment) return value;
  const selector = segment.selectors[0];
  const deeper = { ...path, segments: rest };
  if (selector?.kind === 'name') {
    if (target !== null && !isObject(target)) return undefined;
    const inner = put(deeper, target?.[selector.name] ?? null, value);
    return inner === undefined ? undefined : { ...target, [selector.name]: inner };
  }
  if (selector?.kind !== 'index' || !Array.isArray(target)) return undefined;
  const present = target[selector.index];
  const inner = present === undefined ? undefined : put(deeper, present, value);
  return inner === undefined ? undefined : target.with(selector.index, inner);
}

function scanSegments(scanner: Scanner): Segment[] {
  const segments: Segment[] = [];
  for (;;) {
    if (scanner.take('..')) {
      segments.push({ descend: true, selectors: scanner.peek('[') ? scanBracket(scanner) : [scanName(scanner)] });
    } else if (scanner.take('.')) {
      segments.push({ descend: false, selectors: [scanName(scanner)] });
    } else if (scanner.peek('[')) {
      segments.push({ descend: false, selectors: scanBracket(scanner) });
    } else {
      return segments;
    }
  }
}

function scanName(scanner: Scanner): Selector {
  if (scanner.take('*')) return { kind: 'all' };
  const name = scanner.match(/[^\s.,:;()[\]{}'"*?!@&|<>=+/\\]+/y);
  return name === undefined ? scanner.fail('a name') : { kind: 'name', name };
}

function scanBracket(scanner: Scanner): Selector[] {
  scanner.expect('[');
  const selectors: Selector[] = [];
  do {
    scanner.skipSpace();
    selectors.push(scanSelector(scanner));
    scanner.skipSpace();
  } while (scanner.take(','));
  scanner.expect(']');
  return selectors;
}

function scanSelector(scanner: Scanner): Selector {
  if (scanner.take('*')) return { kind: 'all' };
  if (scanner.take('?')) {
    scanner.expect('(');
    const test = scanFilter(scanner);
    scanner.expect(')');
    return { kind: 'filter', test };
  }
  const name = scanner.quoted();
  if (name !== undefined) return { kind: 'name', name };
  const start = scanInteger(scanner);
  if (!scanner.take(':'))
    return start === undefined ? scanner.fail('a name or an index') : { kind: 'index', index: start };
  const end = scanInteger(scanner);
  const step = scanner.take(':') ? (scanInteger(scanner) ?? 1) : 1;
  return step > 0 ? { kind: 'slice', start, end, step } : scanner.fail('a positive step');
}

function scanInteger(scanner: Scanner): number | undefined {
  const digits = scanner.match(/-?\d+/y);
  return digits === undefined ? undefined : Number(digits);
}

function scanFilter(scanner: Scanner): Filter {
  let test = scanAll(scanner);
  while (scanner.takeSpaced('||')) {
    const [left, right] = [test, scanAll(scanner)];
    test = (candidate, roots) => left(candidate, roots) || right(candidate, roots);
  }
  return test;
}

function scanAll(scanner: Scanner): Filter {
  let test = scanTest(scanner);
  while (scanner.takeSpaced('&&')) {
    const [left, right] = [test, scanTest(scanner)];
    test = (candidate, roots) => left(candidate, roots) && right(candidate, roots);
  }
  return test;
}

function scanTest(scanner: Scanner): Filter {
  if (scanner.takeSpaced('!')) {
    const inner = scanTest(scanner);
    return (candidate, roots) => !inner(candidate, roots);
  }
  if (scanner.takeSpaced('(')) {
    const inner = scanFilter(scanner);
    scanner.skipSpace();
    scanner.expect(')');
    return inner;
  }
  const left = scanOperand(scanner);
  const operator = ['==', '!=', '<=', '>=', '<', '>'].find((each) => scanner.takeSpaced(each));
  if (operator === undefined) return (candidate, roots) => left(candidate, roots) !== undefined;
  const right = scanOperand(scanner);
  return (candidate, roots) => compare(operator, left(candidate, roots), right(candidate, roots));
}

function scanOperand(scanner: Scanner): Operand {
  scanner.skipSpace();
  if (scanner.take('@')) {
    const segments = scanSegments(scanner);
    const definite = isDefinite(segments);
    return (candidate, roots) => {
      const found = walk(segments, candidate, roots);
      return definite ? found[0] : found;
    };
  }
  if (scanner.peek('$')) {
    const path = scanPath(scanner);
    return (_, roots) => query(path, roots);
  }
  const literal = scanner.literal();
  return literal === undefined ? scanner.fail('a path or a literal') : () => literal;
}

function compare(operator: string, left: Json | undefined, right: Json | undefined): boolean {
  if (operator === '==' || operator === '!=') {
    return (JSON.stringify(left) === JSON.stringify(right)) === (operator === '==');
  }
  const comparable =
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!comparable) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function isDefinite(segments: readonly Segment[]): boolean {
  return segments.every(
    ({ descend, selectors }) =>
      !descend && selectors.length === 1 && (selectors[0]?.kind === 'name' || selectors[0]?.kind === 'index'),
  );
}

function walk(segments: readonly Segment[], root: Json, roots: Roots): Json[] {
  let found = [root];
  for (const { descend, selectors } of segments) {
    const from = descend ? found.flatMap(withDescendants) : found;
    found = from.flatMap((value) => selectors.flatMap((selector) => select(selector, value, roots)));
  }
  return found;
}

function withDescendants(value: Json): Json[] {
  return [value, ...children(value).flatMap(withDescendants)];
}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function select(selector: Selector, value: Json, roots: Roots): Json[] {
  switch (selector.kind) {
    case 'name': {
      const inner = isObject(value) && Object.hasOwn(value, selector.name) ? value[selector.name] : undefined;
      return inner === undefined ? [] : [inner];
    }
    case 'index': {
      const inner = Array.isArray(value) ? value.at(selector.index) : undefined;
      return inner === undefined ? [] : [inner];
    }
    case 'all':
      return children(value);
    case 'slice': {
      const slice = Array.isArray(value) ? value.slice(selector.start, selector.end) : [];
      return slice.filter((_, index) => index % selector.step === 0);
    }
    case 'filter':
      return children(value).filter((candidate) => selector.test(candidate, roots));
  }
}
