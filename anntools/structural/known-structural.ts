/**
 * Is this structural variant known, as far as two calls of one variant can be told to be one? The variants of a source
 * are mapped, not read. They are sorted by contig, effect, bin of size and start: what can match lies in a few of the bins
 * and there in a short run, however large the variant and whatever small ones lie inside it.
 *
 * `variants.known`, a container (`bundle/FORMAT.md`) of n variants with f fields on c contigs:
 *
 *     groups    u32  c × 9 × 32 + 1   the first variant of each contig, effect and bin, in this order; then n
 *     starts    i32  n                zero-based; of a breakend its base
 *     ends      i32  n                exclusive; of a breakend the base of its mate
 *     lengths   i32  n                bases inserted, 0 where not told; of a breakend the contig of its mate
 *     values    u32  n × f            texts, by number
 *     words     u8                    the texts one after another; text 0 is empty
 *     ends of words  u32              where each ends
 */
import { join } from 'node:path';
import { contigNameIndex } from '../bundle/contig-names.ts';
import { damagedSection, readHead, refused } from '../bundle/container.ts';
import { mapNumbers } from '../bundle/mapping.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { StructuralEffect } from '../consequence/structural-alleles.ts';
import type { KnownManifest } from '../lookup/known-format.ts';
import { asKnown, readManifest } from '../lookup/known.ts';
import type { StructuralEvent } from './events.ts';
import {
  BINS,
  type Shape,
  type Tolerance,
  binOf,
  comparedWith,
  lengthRatio,
  reciprocalOverlap,
  sizeOf,
} from './match.ts';

export const VARIANTS_FILE = 'variants.known';
export const WORD_ENDS = 'ends of words';
/** Effects are numbered from 0 to 8. */
export const EFFECTS = 9;
/** Fields that are not kept but told of the match: the last two of every source. */
export const MATCH_FIELDS = 2;

const ALL_BINS = Array.from({ length: BINS }, (_, bin) => bin);
const COMMA = 44;
const DOT = 46;

/** The sections of the file. */
interface Variants {
  groups: Uint32Array;
  starts: Int32Array;
  ends: Int32Array;
  lengths: Int32Array;
  values: Uint32Array;
  words: Uint8Array;
  wordEnds: Uint32Array;
}

function mapped(path: string): Variants {
  const head = readHead(path, 'known');
  return {
    groups: mapNumbers(head, 'groups', Uint32Array),
    starts: mapNumbers(head, 'starts', Int32Array),
    ends: mapNumbers(head, 'ends', Int32Array),
    lengths: mapNumbers(head, 'lengths', Int32Array),
    values: mapNumbers(head, 'values', Uint32Array),
    words: mapNumbers(head, 'words', Uint8Array),
    wordEnds: mapNumbers(head, WORD_ENDS, Uint32Array),
  };
}

/** The best match of a variant so far. */
class Match {
  /** Its number, -1 for none. */
  entry = -1;
  /** Share of each that the other covers, or ratio of lengths; NaN where there is none (breakends, unknown lengths). */
  likeness = Number.NaN;
  /** How many match. */
  count = 0;
  #rank: readonly number[] = [];

  /** Takes one that matches: the smallest rank is the best, and the first of several of one rank. */
  take(entry: number, likeness: number, rank: readonly number[]): void {
    this.count++;
    const at = rank.findIndex((value, i) => value !== this.#rank[i]);
    if (this.entry >= 0 && (at < 0 ? entry > this.entry : rank[at] > this.#rank[at])) return;
    this.entry = entry;
    this.likeness = likeness;
    this.#rank = rank;
  }
}

export class KnownStructural {
  readonly manifest: KnownManifest;
  /** The contig of a name in any spelling, or -1. */
  readonly contigOf: (name: string) => number;
  readonly #tolerance: Tolerance;
  readonly #path: string;
  readonly #variants: Variants;
  readonly #labels: readonly Uint8Array[];

  /** Opens a folder that `buildStructural` made. @throws InputError BAD_REFERENCE */
  constructor(
    readonly folder: string,
    tolerance: Tolerance,
  ) {
    this.manifest = readManifest(folder);
    this.contigOf = contigNameIndex(this.manifest.contigs);
    this.#tolerance = tolerance;
    this.#path = join(folder, VARIANTS_FILE);
    this.#variants = asKnown(folder, () => mapped(this.#path));
    this.#labels = this.manifest.fields.map(({ id }) => Buffer.from(`;${id}=`, 'latin1'));
  }

  /** Reads all of it and compares checksums. @throws InputError BAD_REFERENCE that names what is damaged. */
  verify(): void {
    asKnown(this.folder, () => {
      const damaged = damagedSection(readHead(this.#path, 'known'));
      if (damaged !== undefined) throw refused(this.#path, `is damaged in its section ${damaged}`);
    });
  }

  /**
   * Appends `;FIELD=value,…` for every field, a value or `.` for each of so many ALTs, when at least one is known. A
   * leading `;` is left out when `first`. Answers how many are known.
   */
  annotate(contig: number, events: readonly StructuralEvent[], alts: number, out: ByteBuffer, first: boolean): number {
    const matches = events.map((event) => ({ number: event.number, match: this.find(this.#shapeOf(event, contig)) }));
    const known = matches.filter(({ match }) => match.entry >= 0);
    if (known.length === 0) return 0;
    for (let field = 0; field < this.#labels.length; field++) {
      const start = out.length;
      out.append(this.#labels[field], first ? 1 : 0);
      let any = false;
      for (let alt = 1; alt <= alts; alt++) {
        if (alt > 1) out.byte(COMMA);
        const found = known.find(({ number }) => number === alt);
        if (found && this.#write(field, found.match, out)) any = true;
        else out.byte(DOT);
      }
      if (any) first = false;
      else out.length = start;
    }
    return known.length;
  }

  #shapeOf({ effect, start, end, length, mate }: StructuralEvent, contig: number): Shape {
    const mateContig = mate === null ? -1 : this.contigOf(mate.contig);
    return { effect, contig, start, end, length, mateContig, mateBase: mateContig < 0 ? -1 : (mate?.base ?? -1) };
  }

  /** Appends a field of a match; false when it has no value. */
  #write(field: number, { entry, likeness, count }: Match, out: ByteBuffer): boolean {
    const kept = this.#labels.length - MATCH_FIELDS;
    if (field === kept) {
      if (!Number.isNaN(likeness)) out.ascii(String(Number(likeness.toFixed(4))));
      return !Number.isNaN(likeness);
    }
    if (field > kept) {
      out.integer(count);
      return true;
    }
    const word = this.#variants.values[entry * kept + field];
    if (word > 0) out.append(this.#variants.words, this.#variants.wordEnds[word - 1], this.#variants.wordEnds[word]);
    return word > 0;
  }

  /** The known variant that is most like one, the first of several that are equally so. */
  find(shape: Shape): Match {
    const match = new Match();
    if (shape.effect === StructuralEffect.BREAKEND) this.#findBreakend(shape, match);
    else if (shape.effect === StructuralEffect.INSERTION) this.#findInsertion(shape, match);
    else this.#findStretch(shape, match);
    return match;
  }

  #findStretch(shape: Shape, match: Match): void {
    const { contig, start, end } = shape;
    const { overlap } = this.#tolerance;
    const size = sizeOf(shape);
    // An overlap of a share f of both: neither is longer than 1/f of the other, nor begins so far from it.
    const from = start - Math.ceil(((1 - overlap) * size) / overlap) - 1;
    const to = start + Math.ceil((1 - overlap) * size) + 1;
    for (const effect of comparedWith(shape.effect)) {
      this.#near(contig, effect, this.#likeBins(size), from, to, (entry) => {
        const likeness = reciprocalOverlap(start, end, this.#variants.starts[entry], this.#variants.ends[entry]);
        if (likeness > 0 && likeness >= overlap) match.take(entry, likeness, [-likeness]);
      });
    }
  }

  #findInsertion({ contig, effect, start, length }: Shape, match: Match): void {
    const { overlap, window } = this.#tolerance;
    // Lengths that nobody tells match all others.
    const bins = length === 0 ? ALL_BINS : [0, ...this.#likeBins(length).filter((bin) => bin > 0)];
    this.#near(contig, effect, bins, start - window, start + window, (entry) => {
      const ratio = lengthRatio(length, this.#variants.lengths[entry]);
      if (ratio > 0 && ratio < overlap) return;
      match.take(entry, ratio === 0 ? Number.NaN : ratio, [-ratio, Math.abs(this.#variants.starts[entry] - start)]);
    });
  }

  /** A breakend may be told from either of its ends. */
  #findBreakend({ contig, effect, start, mateContig, mateBase }: Shape, match: Match): void {
    if (mateContig < 0) return;
    const { window } = this.#tolerance;
    const taken = new Set<number>();
    const find = (contigHere: number, base: number, contigThere: number, baseThere: number): void => {
      this.#near(contigHere, effect, [0], base - window, base + window, (entry) => {
        const there = Math.abs(this.#variants.ends[entry] - baseThere);
        if (this.#variants.lengths[entry] !== contigThere || there > window || taken.has(entry)) return;
        taken.add(entry);
        match.take(entry, Number.NaN, [there + Math.abs(this.#variants.starts[entry] - base)]);
      });
    };
    find(contig, start, mateContig, mateBase);
    find(mateContig, mateBase, contig, start);
  }

  /** The bins of sizes that are neither too small nor too large to match. */
  #likeBins(size: number): number[] {
    const { overlap } = this.#tolerance;
    const first = binOf(Math.floor(size * overlap));
    const last = binOf(Math.ceil(size / overlap));
    return ALL_BINS.slice(first, last + 1);
  }

  /** Takes the variants of some groups that start in [from, to]. */
  #near(
    contig: number,
    effect: number,
    bins: readonly number[],
    from: number,
    to: number,
    take: (entry: number) => void,
  ): void {
    const { groups, starts } = this.#variants;
    for (const bin of bins) {
      const group = (contig * EFFECTS + effect) * BINS + bin;
      const end = groups[group + 1];
      let low = groups[group];
      let high = end;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (starts[middle] < from) low = middle + 1;
        else high = middle;
      }
      for (; low < end && starts[low] <= to; low++) take(low);
    }
  }
}
