/**
 * UpdateExpression (Developer Guide, "Update expressions"): read, then applied to an item. What is hard: all clauses
 * see the item as it was before. So every right-hand side is worked out first, and list elements are removed and
 * appended only when everything else is done, since their numbers mean the places before the update.
 */
import type { AttributeMap, AttributeType, AttributeValue, Item } from '../attribute-value.ts';
import { setMember, typeOf } from '../attribute-value.ts';
import { validation } from '../errors.ts';
import { addNumbers, subtractNumbers } from '../number.ts';
import { lookup } from './evaluate.ts';
import { ExpressionParser } from './parser.ts';
import { PathSet } from './path-set.ts';
import type { Substitutions } from './substitutions.ts';
import type { Operand, Path } from './syntax.ts';

/** One change of one path. */
export type Action =
  | { kind: 'set'; path: Path; value: SetValue }
  | { kind: 'remove'; path: Path }
  | { kind: 'add' | 'delete'; path: Path; operand: AttributeValue };

type SetValue = Operand | { kind: '+' | '-'; left: Operand; right: Operand };

const clauses = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

/** Reads an update. Throws ValidationException. */
export function parseUpdate(text: string, substitutions: Substitutions): Action[] {
  return new UpdateParser(text, 'UpdateExpression', substitutions, clauses).parse();
}

class UpdateParser extends ExpressionParser {
  readonly #actions: Action[] = [];

  parse(): Action[] {
    const seen = new Set<string>();
    do {
      const clause = this.tokens.takeKeyword(...clauses);
      if (!clause) throw this.tokens.syntaxError();
      if (seen.has(clause)) {
        this.note('section', `The "${clause}" section can only be used once in an update expression;`);
      }
      seen.add(clause);
      do this.#actions.push(this.#action(clause));
      while (this.tokens.takeSymbol(','));
    } while (this.tokens.atKeyword(...clauses));
    const paths = new PathSet((problem, reason) => this.note(problem, reason));
    for (const { path } of this.#actions) paths.add(path);
    this.finish();
    return this.#actions;
  }

  #action(clause: string): Action {
    const path = this.path();
    if (clause === 'REMOVE') return { kind: 'remove', path };
    if (clause === 'SET') {
      this.tokens.expectSymbol('=');
      return { kind: 'set', path, value: this.#setValue() };
    }
    const value = this.value();
    const operand: AttributeValue = value.kind === 'value' ? value.value : { NULL: true };
    this.#checkClauseOperand(clause, operand);
    return { kind: clause === 'ADD' ? 'add' : 'delete', path, operand };
  }

  #setValue(): SetValue {
    const left = this.operandInParentheses();
    this.#checkFunctions(left);
    const operator = this.tokens.takeSymbol('+', '-');
    if (!operator) return left;
    const right = this.operandInParentheses();
    this.#checkFunctions(right);
    for (const operand of [left, right]) this.checkType(operator, operand, ['N']);
    return { kind: operator === '+' ? '+' : '-', left, right };
  }

  #checkFunctions(operand: Operand): void {
    if (operand.kind !== 'call') return;
    const { name, operands } = operand;
    if (name === 'if_not_exists') this.checkIsPath(name, operands[0]);
    else if (name !== 'list_append') this.noteMisuse(name);
    for (const each of operands) {
      this.#checkFunctions(each);
      if (name !== 'list_append') continue;
      this.checkType(name, each, ['L']);
      // AWS allows if_not_exists inside list_append, but not list_append inside itself.
      if (each.kind === 'call' && each.name === name) this.noteMisuse(name);
    }
  }

  #checkClauseOperand(clause: string, operand: AttributeValue): void {
    const type = typeOf(operand);
    if (type === 'SS' || type === 'NS' || type === 'BS' || (type === 'N' && clause === 'ADD')) return;
    this.note(
      'operandType',
      `Incorrect operand type for operator or function; operator: ${clause}, operand type: ${typeNames[type]}`,
    );
  }
}

const typeNames: Record<AttributeType, string> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  L: 'LIST',
  M: 'MAP',
};

/** Whether every action only takes away: such an update makes no item where there is none. */
export function onlyRemoves(actions: readonly Action[]): boolean {
  return actions.every(({ kind }) => kind === 'remove' || kind === 'delete');
}

/**
 * Changes `item`, which must be the caller's own copy. Throws ValidationException when the item is not such that the
 * update can be made; the copy is worthless then.
 */
export function applyUpdate(actions: readonly Action[], item: Item): void {
  const changes = actions.map((action) => ({ path: action.path, value: newValue(action, item) }));
  const lists = new ListChanges();
  for (const { path, value } of changes) {
    const parent = parentOf(item, path);
    const last = path.at(-1) ?? '';
    if (typeof last === 'number') lists.change(parent, last, value);
    else if (!('M' in parent)) throw invalidPath();
    else if (value) setMember(parent.M, last, value);
    else delete parent.M[last];
  }
  lists.apply();
}

/** The value the path shall have; nothing means that it shall be gone. */
function newValue(action: Action, item: Item): AttributeValue | undefined {
  switch (action.kind) {
    case 'set':
      return setValue(action.value, item);
    case 'remove':
      return undefined;
    case 'add':
      return added(lookup(item, action.path), action.operand);
    case 'delete':
      return without(lookup(item, action.path), action.operand);
  }
}

function setValue(value: SetValue, item: Item): AttributeValue {
  if (!('left' in value)) return resolve(value, item);
  const left = resolve(value.left, item);
  const right = resolve(value.right, item);
  if (!('N' in left) || !('N' in right)) throw wrongOperand();
  return { N: value.kind === '+' ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) };
}

function resolve(operand: Operand, item: Item): AttributeValue {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') {
    const value = lookup(item, operand.path);
    if (value) return value;
    throw validation('The provided expression refers to an attribute that does not exist in the item');
  }
  const [first, second] = operand.operands;
  if (!first || !second) throw new Error(`${operand.name} without its operands`);
  if (operand.name === 'if_not_exists') {
    return (first.kind === 'path' ? lookup(item, first.path) : undefined) ?? resolve(second, item);
  }
  const head = resolve(first, item);
  const tail = resolve(second, item);
  if (!('L' in head) || !('L' in tail)) throw wrongOperand();
  return { L: [...head.L, ...tail.L] };
}

function added(existing: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (!existing) return operand;
  if ('N' in operand && 'N' in existing) return { N: addNumbers(existing.N, operand.N) };
  if ('SS' in operand && 'SS' in existing) return { SS: union(existing.SS, operand.SS) };
  if ('NS' in operand && 'NS' in existing) return { NS: union(existing.NS, operand.NS) };
  if ('BS' in operand && 'BS' in existing) return { BS: union(existing.BS, operand.BS) };
  throw wrongOperand();
}

function union(a: string[], b: string[]): string[] {
  return [...new Set([...a, ...b])];
}

/** A set without some members; a set that becomes empty is gone. */
function without(existing: AttributeValue | undefined, operand: AttributeValue): AttributeValue | undefined {
  if (!existing) return undefined;
  let rest: AttributeValue | undefined;
  if ('SS' in operand && 'SS' in existing) rest = { SS: difference(existing.SS, operand.SS) };
  if ('NS' in operand && 'NS' in existing) rest = { NS: difference(existing.NS, operand.NS) };
  if ('BS' in operand && 'BS' in existing) rest = { BS: difference(existing.BS, operand.BS) };
  if (!rest) throw wrongOperand();
  return Object.values(rest)[0].length > 0 ? rest : undefined;
}

function difference(a: string[], b: string[]): string[] {
  const gone = new Set(b);
  return a.filter((each) => !gone.has(each));
}

/** The map or list that the last step of a path is in. */
function parentOf(item: Item, path: Path): { M: AttributeMap } | { L: AttributeValue[] } {
  const [head, ...rest] = path;
  if (rest.length === 0) return { M: item };
  const parent = lookup(item, [head, ...rest.slice(0, -1)]);
  if (parent && ('M' in parent || 'L' in parent)) return parent;
  throw invalidPath();
}

/** Changes of list elements by their old places: made at once for each list, appended ones last, in order. */
class ListChanges {
  readonly #changes = new Map<AttributeValue[], Map<number, AttributeValue | undefined>>();

  change(parent: AttributeValue, place: number, value: AttributeValue | undefined): void {
    if (!('L' in parent)) throw invalidPath();
    const changes = this.#changes.get(parent.L) ?? new Map<number, AttributeValue | undefined>();
    this.#changes.set(parent.L, changes.set(place, value));
  }

  apply(): void {
    for (const [list, changes] of this.#changes) {
      const kept = list.map((value, place) => (changes.has(place) ? changes.get(place) : value));
      const appended = [...changes].filter(([place]) => place >= list.length).sort(([a], [b]) => a - b);
      const elements = [...kept, ...appended.map(([, value]) => value)].filter((value) => value !== undefined);
      list.splice(0, list.length, ...elements);
    }
  }
}

function wrongOperand(): Error {
  return validation('An operand in the update expression has an incorrect data type');
}

function invalidPath(): Error {
  return validation('The document path provided in the update expression is invalid for update');
}

/** The attributes an update changes, wholly or inside. */
export function topLevelNames(actions: readonly Action[]): Set<string> {
  return new Set(actions.map(({ path }) => path[0]));
}
