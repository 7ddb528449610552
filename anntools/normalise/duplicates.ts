/** Records that have been seen at the same position, by the rule of what counts as the same. */
import { kindsOf, type Kind } from './kinds.ts';
import { infoOf, type VcfLine } from './line.ts';

/**
 * `exact`: the same alleles (and length, for symbolic ones); `snps`, `indels`: a second one of that kind; `both`: a
 * second one of either kind; `any`: any second record.
 */
export type DuplicateRule = 'exact' | 'snps' | 'indels' | 'both' | 'any';

export class Duplicates {
  readonly #rule: DuplicateRule;
  #place = '';
  readonly #kinds = new Set<Kind>();
  readonly #alleles = new Set<string>();

  constructor(rule: DuplicateRule) {
    this.#rule = rule;
  }

  /** Whether the record repeats one seen before; else it is remembered. Records must come by position. */
  repeats(line: VcfLine): boolean {
    const place = `${line.contig}:${line.position}`;
    if (place !== this.#place) {
      this.#place = place;
      this.#kinds.clear();
      this.#alleles.clear();
    }
    const kinds = kindsOf(line.alleles);
    const [ref = '', ...alts] = line.alleles;
    const spelled = [ref, ...alts.toSorted(), infoOf(line, 'SVLEN') ?? ''].join(',').toUpperCase();
    if (this.#isSame(kinds, spelled)) return true;
    for (const kind of kinds) this.#kinds.add(kind);
    this.#alleles.add(spelled);
    return false;
  }

  #isSame(kinds: ReadonlySet<Kind>, spelled: string): boolean {
    const both = (...some: Kind[]) =>
      some.some((kind) => kinds.has(kind)) && some.some((kind) => this.#kinds.has(kind));
    switch (this.#rule) {
      case 'exact':
        return this.#alleles.has(spelled);
      case 'snps':
        return both('snp', 'mnp');
      case 'indels':
        return both('indel');
      case 'both':
        return both('snp', 'mnp') || both('indel');
      case 'any':
        return this.#alleles.size > 0;
    }
  }
}
