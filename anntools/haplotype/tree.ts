/**
 * The haplotypes of one transcript as a tree of steps: haplotypes that begin alike share their steps, so that thousands
 * of samples cost little more than the haplotypes that differ.
 */
import { Haplotype, type Tell } from './consequence.ts';
import type { GeneModel } from './gene-model.ts';
import type { Node, Step } from './node.ts';

interface Branch<Where extends Step> {
  /** Null at the root. */
  node: Node<Where> | null;
  parent: Branch<Where> | null;
  children: Branch<Where>[];
  /** Haplotypes that end here. */
  ends: number;
}

export class HaplotypeTree<Where extends Step> {
  readonly #root: Branch<Where> = { node: null, parent: null, children: [], ends: 0 };
  /** Where each haplotype is; the root for those that are not here. */
  readonly #tips = new Map<number, Branch<Where>>();

  constructor(readonly model: GeneModel) {}

  /** Takes a haplotype one step on, unless its last step covers the place already. */
  grow(haplotype: number, node: Node<Where>): void {
    const tip = this.#tips.get(haplotype) ?? this.#root;
    const last = tip.node;
    if (last !== null && last.segment === node.segment && node.offset < last.offset + last.refLength) return;
    let next = tip.children.find((child) => child.node === node);
    if (next === undefined) tip.children.push((next = { node, parent: tip, children: [], ends: 0 }));
    if (tip.ends > 0) tip.ends--;
    next.ends++;
    this.#tips.set(haplotype, next);
  }

  /** Tells of every haplotype, in the order in which they part. */
  finish(tell: Tell<Where>): void {
    const waiting: Branch<Where>[] = [this.#root];
    for (let branch = waiting.pop(); branch !== undefined; branch = waiting.pop()) {
      if (branch.ends > 0) new Haplotype(this.model, stepsTo(branch), tell).finish();
      for (let i = branch.children.length - 1; i >= 0; i--) waiting.push(branch.children[i]);
    }
  }
}

function stepsTo<Where extends Step>(branch: Branch<Where>): Node<Where>[] {
  const steps: Node<Where>[] = [];
  for (let at: Branch<Where> | null = branch; at !== null; at = at.parent) if (at.node !== null) steps.push(at.node);
  return steps.reverse();
}
