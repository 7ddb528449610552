/** Sources of known variants as the kernel sees them: their fields laid out (`assembly/known.ts`), their lookups done. */
import { ByteBuffer } from '../bytes/buffer.ts';
import type { KnownVariants } from '../lookup/known.ts';
import type { KnownContig } from '../lookup/known-contig.ts';
import type { ColumnType } from '../lookup/known-format.ts';
import type { Arena } from './arena.ts';
import * as layout from './assembly/layout.ts';

/** Words of a source and of a field, by their numbers (`assembly/known.ts`). */
const SOURCE_WORDS = 12;
const FIELDS = 0;
const IS_ON_CONTIG = 3;
const WINDOW_AT = 5;
const WINDOW_FROM = 6;
const WINDOW_END = 7;
const WINDOW_FIRST = 8;
const WINDOW_COUNT = 9;
const FIELD_WORDS = 6;
const NUMBERS = 4;
const WIDTH = 5;

/** Variants that the kernel looks among at once: twice as many each time that it asks for those that follow. */
const WINDOW_MIN = 16;
const WINDOW_MAX = 1024;

/** How the kernel reads a column's numbers. */
const KINDS: Record<ColumnType, number> = { float: 0, word: 1, integer: 2, mixed: 2 };

export class KernelSources {
  readonly #text = new ByteBuffer(layout.WORD_MAX);
  /** How many variants the window of each source was made for. */
  readonly #sizes: number[] = [];
  /** Of each source the number of the contig that records lie on. */
  #contigs: readonly number[] = [];

  /** @param tellsIdentifiers whether a column of the block lists them */
  constructor(
    private readonly sources: readonly KnownVariants[],
    tellsIdentifiers: boolean,
    private readonly arena: Arena,
  ) {
    const { words } = arena;
    let codes = layout.CODES;
    sources.forEach((source, i) => {
      const { fields } = source.manifest;
      const laidOut = fields.flatMap(({ id, column, prefix = '' }, field) => {
        const identifier = tellsIdentifiers ? source.identifierPrefix(field) : '';
        const texts = [this.#keep(`;${id}=`), this.#keep(prefix), identifier === '' ? 0 : this.#keep(identifier)];
        return [KINDS[column], ...texts, arena.room(4 * WINDOW_MAX), 0];
      });
      const window = arena.room(8 * WINDOW_MAX);
      words.set([arena.keepWords(laidOut), fields.length, codes, 0, 0, window], this.#wordsOf(i));
      codes += 4 * fields.length;
    });
  }

  /** Whether there is room for so many sources and fields. */
  static fit(sources: readonly KnownVariants[]): boolean {
    const fields = sources.reduce((sum, { manifest }) => sum + manifest.fields.length, 0);
    return sources.length <= layout.SOURCES_MAX && fields <= layout.CODES_MAX >> 2;
  }

  /** Records lie on these contigs of the sources from now on; -1 where a source has none. */
  enter(contigs: readonly number[]): void {
    this.#contigs = contigs;
    this.sources.forEach((_, i) => {
      this.arena.words[this.#wordsOf(i) + IS_ON_CONTIG] = contigs[i] >= 0 ? 1 : 0;
      if (contigs[i] >= 0) {
        this.#contigOf(i).columns.forEach(({ width }, field) => {
          this.arena.words[this.#fieldOf(i, field) + WIDTH] = width;
        });
      }
      // Nothing lies in the window of another contig.
      this.arena.words.fill(0, this.#wordsOf(i) + WINDOW_FROM, this.#wordsOf(i) + SOURCE_WORDS);
    });
  }

  /** Puts the variants of a source from an offset on where the kernel looks for them, with the numbers of their fields. */
  readWindow(source: number, offset: number): void {
    const { words, bytes } = this.arena;
    const own = this.#wordsOf(source);
    const contig = this.#contigOf(source);
    const isNext = offset >= words[own + WINDOW_END] && words[own + WINDOW_FIRST] + words[own + WINDOW_COUNT] > 0;
    const isNear = isNext && offset - words[own + WINDOW_END] <= words[own + WINDOW_END] - words[own + WINDOW_FROM];
    const most = isNear ? Math.min(WINDOW_MAX, 2 * this.#sizes[source]) : WINDOW_MIN;
    this.#sizes[source] = most;
    const count = contig.readWindow(offset, words, words[own + WINDOW_AT] >> 2, most);
    words.set([offset, contig.windowEnd, contig.windowFirst, count, 0], own + WINDOW_FROM);
    for (let field = 0; field < contig.columns.length; field++) {
      contig.columns[field].copy(contig.windowFirst, count, bytes, this.#numbersOf(source, field));
    }
  }

  /** The number of a variant's field that does not fit into its column. */
  exception(source: number, field: number, entry: number): number {
    return this.#contigOf(source).columns[field].at(entry);
  }

  /** Puts the numbers of an allele where the kernel reads them; false when it is not known. */
  find(
    source: number,
    offset: number,
    ref: number,
    refEnd: number,
    alt: number,
    altEnd: number,
    codes: number,
  ): boolean {
    const { bytes, words } = this.arena;
    const contig = this.#contigs[source];
    return this.sources[source].readCodes(contig, offset, bytes, ref, refEnd, alt, altEnd, words, codes >> 2);
  }

  /** Puts the text of a number where the kernel reads it; its length, -1 when it is too long. */
  writeText(source: number, field: number, code: number): number {
    const text = this.#text;
    text.clear();
    this.sources[source].writeValue(field, code, text);
    if (text.length > layout.WORD_MAX) return -1;
    this.arena.bytes.set(text.view(), layout.WORD);
    return text.length;
  }

  #contigOf(source: number): KnownContig {
    return this.sources[source].variantsOf(this.#contigs[source]);
  }

  /** Where a field's words lie, and the numbers that were copied. */
  #fieldOf(source: number, field: number): number {
    return (this.arena.words[this.#wordsOf(source) + FIELDS] >> 2) + field * FIELD_WORDS;
  }

  #numbersOf(source: number, field: number): number {
    return this.arena.words[this.#fieldOf(source, field) + NUMBERS];
  }

  #wordsOf(source: number): number {
    return (layout.SOURCES >> 2) + source * SOURCE_WORDS;
  }

  #keep(text: string): number {
    return this.arena.keepText(Buffer.from(text, 'latin1'));
  }
}
