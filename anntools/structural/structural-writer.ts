/** Collects the variants of a source of known structural variants and writes them sorted (`known-structural.ts` draws the file). */
import { join } from 'node:path';
import { ContainerWriter } from '../bundle/container.ts';
import { WordList, packStrings } from '../bundle/string-pool.ts';
import { BINS, type Shape, binOf, sizeOf } from './match.ts';
import { StructuralEffect } from '../consequence/structural-alleles.ts';
import { chromosomeOf } from '../genome/chromosome.ts';
import { EFFECTS, VARIANTS_FILE, WORD_ENDS } from './known-structural.ts';

export class StructuralWriter {
  /** In the order in which they were met. */
  readonly contigs: { name: string; entries: number }[] = [];
  readonly #contigIds = new Map<string, number>();
  readonly #shapes: Shape[] = [];
  readonly #values: number[] = [];
  readonly #words = new WordList();

  constructor(readonly fields: number) {
    this.#words.indexOf('');
  }

  /** Variants so far. */
  get count(): number {
    return this.#shapes.length;
  }

  /** The id of a contig; `chr1` is the same as `1`. */
  contigId(name: string): number {
    let id = this.#contigIds.get(name);
    if (id === undefined) {
      const key = chromosomeOf(name) ?? name;
      id = this.#contigIds.get(key) ?? this.contigs.push({ name, entries: 0 }) - 1;
      this.#contigIds.set(key, id).set(name, id);
    }
    return id;
  }

  /** Adds a variant with the texts of its fields, as they can stand in INFO; empty for those it lacks. */
  add(shape: Shape, values: readonly string[]): void {
    this.#shapes.push(shape);
    this.contigs[shape.contig].entries++;
    for (const value of values) this.#values.push(this.#words.indexOf(value));
  }

  /** Writes the file into a folder. */
  write(folder: string, id: Uint8Array): void {
    const shapes = this.#shapes;
    const groups = Float64Array.from(shapes, groupOf);
    const order = Uint32Array.from(shapes, (_, i) => i);
    order.sort((a, b) => groups[a] - groups[b] || shapes[a].start - shapes[b].start || a - b);
    const firsts = new Uint32Array(this.contigs.length * EFFECTS * BINS + 1);
    for (const group of groups) firsts[group + 1]++;
    for (let i = 1; i < firsts.length; i++) firsts[i] += firsts[i - 1];
    const isBreakend = ({ effect }: Shape) => effect === StructuralEffect.BREAKEND;
    const column = (value: (shape: Shape) => number) => Int32Array.from(order, (i) => value(shapes[i]));
    const values = new Uint32Array(order.length * this.fields);
    order.forEach((from, to) => {
      for (let i = 0; i < this.fields; i++) values[to * this.fields + i] = this.#values[from * this.fields + i];
    });
    const pool = packStrings(this.#words.all);
    const file = new ContainerWriter(join(folder, VARIANTS_FILE), 'known', id);
    file.section('groups', firsts);
    file.section(
      'starts',
      column(({ start }) => start),
    );
    file.section(
      'ends',
      column((shape) => (isBreakend(shape) ? shape.mateBase : shape.end)),
    );
    file.section(
      'lengths',
      column((shape) => (isBreakend(shape) ? shape.mateContig : shape.length)),
    );
    file.section('values', values);
    file.section('words', pool.bytes);
    file.section(WORD_ENDS, pool.offsets.subarray(1));
    file.finish();
  }
}

function groupOf(shape: Shape): number {
  return (shape.contig * EFFECTS + shape.effect) * BINS + binOf(sizeOf(shape));
}
