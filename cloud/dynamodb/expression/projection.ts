/** ProjectionExpression: which parts of an item an answer shows. */
import type { AttributeMap, AttributeValue, Item } from '../attribute-value.ts';
import { getMember, setMember } from '../attribute-value.ts';
import { lookup } from './evaluate.ts';
import { ExpressionParser } from './parser.ts';
import { PathSet } from './path-set.ts';
import type { Substitutions } from './substitutions.ts';
import type { Path } from './syntax.ts';

/** Reads a projection. Throws ValidationException. */
export function parseProjection(text: string, substitutions: Substitutions): Path[] {
  return new ProjectionParser(text, 'ProjectionExpression', substitutions, []).parse();
}

class ProjectionParser extends ExpressionParser {
  parse(): Path[] {
    const paths = new PathSet((problem, reason) => this.note(problem, reason));
    do paths.add(this.path());
    while (this.tokens.takeSymbol(','));
    this.finish();
    return [...paths];
  }
}

/** A tree of what is wanted; a leaf is wanted whole. */
interface Wanted {
  value?: AttributeValue;
  members: Map<string | number, Wanted>;
}

/**
 * The parts of an item at these paths, each inside the maps and lists it was in; list elements move up to close the
 * gaps. Paths that lead nowhere are left out.
 */
export function projectPaths(item: Item, paths: readonly Path[]): Item {
  const root: Wanted = { members: new Map() };
  for (const path of paths) {
    const value = lookup(item, path);
    if (value) want(root, path, value);
  }
  return mapOf(root);
}

function want(root: Wanted, path: Path, value: AttributeValue): void {
  let node = root;
  for (const step of path) {
    const member = node.members.get(step) ?? { members: new Map() };
    node.members.set(step, member);
    node = member;
  }
  node.value = value;
}

function valueOf(node: Wanted): AttributeValue {
  if (node.value) return node.value;
  const [step] = node.members.keys();
  if (typeof step === 'string') return { M: mapOf(node) };
  const inOrder = [...node.members].sort(([a], [b]) => Number(a) - Number(b));
  return { L: inOrder.map(([, member]) => valueOf(member)) };
}

function mapOf(node: Wanted): AttributeMap {
  const map: AttributeMap = {};
  for (const [name, member] of node.members) setMember(map, String(name), valueOf(member));
  return map;
}

/** The top-level attributes of an item by name; absent ones are left out. */
export function pick(item: Item, names: Iterable<string>): Item {
  const picked: Item = {};
  for (const name of names) {
    const value = getMember(item, name);
    if (value) setMember(picked, name, value);
  }
  return picked;
}
