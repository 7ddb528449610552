/** Paths that may stand side by side in one expression: none inside another, none a map where another is a list. */
import type { Path } from './syntax.ts';
import { pathText } from './syntax.ts';

/** Collects paths and tells of the first two that do not go together. */
export class PathSet {
  readonly #paths: Path[] = [];
  readonly #note: (problem: 'overlap' | 'conflict', reason: string) => void;

  constructor(note: (problem: 'overlap' | 'conflict', reason: string) => void) {
    this.#note = note;
  }

  add(path: Path): void {
    for (const other of this.#paths) {
      const verb = relation(other, path);
      if (!verb) continue;
      this.#note(
        verb,
        `Two document paths ${verb} with each other; must remove or rewrite one of these paths; ` +
          `path one: ${pathText(other)}, path two: ${pathText(path)}`,
      );
    }
    this.#paths.push(path);
  }

  [Symbol.iterator](): Iterator<Path> {
    return this.#paths.values();
  }
}

function relation(a: Path, b: Path): 'overlap' | 'conflict' | undefined {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (typeof a[i] !== typeof b[i]) return 'conflict';
    if (a[i] !== b[i]) return undefined;
  }
  return 'overlap';
}
