/** Sources of known variants as the kernel sees them: their fields laid out (`assembly/known.ts`), their lookups done. */
import { ByteBuffer } from '../bytes/buffer.ts';
import type { KnownVariants } from '../lookup/known.ts';
import type { ColumnType } from '../lookup/known-format.ts';
import type { Arena } from './arena.ts';
import * as layout from './assembly/layout.ts';

/** Words of a source, by their numbers (`assembly/known.ts`). */
const SOURCE_WORDS = 12;
const IS_ON_CONTIG = 3;
const WINDOW_AT = 5;
const WINDOW_FROM = 6;

/** Variants that the kernel looks among at once: few, since a sparse file asks for others every time. */
const WINDOW = 512;

/** How the kernel reads a column's numbers. */
const KINDS: Record<ColumnType, number> = { float: 0, word: 1, integer: 2, mixed: 2 };

export class KernelSources {
  readonly #text = new ByteBuffer(layout.WORD_MAX);
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
        return [KINDS[column], this.#keep(`;${id}=`), this.#keep(prefix), identifier && this.#keep(identifier)].map(
          Number,
        );
      });
      const window = arena.room(8 * WINDOW);
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
      // Nothing lies in the window of another contig.
      this.arena.words.fill(0, this.#wordsOf(i) + WINDOW_FROM, this.#wordsOf(i) + SOURCE_WORDS);
    });
  }

  /** Puts the variants of a source from an offset on where the kernel looks for them. */
  readWindow(source: number, offset: number): void {
    const { words } = this.arena;
    const own = this.#wordsOf(source);
    const contig = this.sources[source].variantsOf(this.#contigs[source]);
    const count = contig.readWindow(offset, words, words[own + WINDOW_AT] >> 2, WINDOW);
    words.set([offset, contig.windowEnd, contig.windowFirst, count, 0], own + WINDOW_FROM);
  }

  /** Puts the numbers of a variant where the kernel reads them. */
  readEntry(source: number, entry: number, codes: number): void {
    this.sources[source].readEntry(this.#contigs[source], entry, this.arena.words, codes >> 2);
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

  #wordsOf(source: number): number {
    return (layout.SOURCES >> 2) + source * SOURCE_WORDS;
  }

  #keep(text: string): number {
    return this.arena.keepText(Buffer.from(text, 'latin1'));
  }
}
