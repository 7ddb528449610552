/** Sources of known variants as the kernel sees them: their fields laid out (`assembly/known.ts`), their lookups done. */
import { ByteBuffer } from '../bytes/buffer.ts';
import type { KnownVariants } from '../lookup/known.ts';
import type { KnownContig } from '../lookup/known-contig.ts';
import type { ColumnType } from '../lookup/known-format.ts';
import type { Arena } from './arena.ts';
import * as layout from './assembly/layout.ts';
import * as words from './assembly/source-words.ts';

/** Variants that the kernel looks among at once: twice as many each time that it asks for those that follow. */
const WINDOW_MIN = 16;
const WINDOW_MAX = 1024;

/** How the kernel reads a column's numbers. */
const KINDS: Record<ColumnType, number> = { float: words.IS_FLOAT, word: words.IS_WORD, integer: 2, mixed: 2 };

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
    let codes = layout.CODES;
    sources.forEach((source, i) => {
      const { fields } = source.manifest;
      const laidOut = arena.room(fields.length * words.FIELD_SIZE);
      fields.forEach(({ id, column, prefix = '' }, field) => {
        const identifier = tellsIdentifiers ? source.identifierPrefix(field) : '';
        const at = laidOut + field * words.FIELD_SIZE;
        arena.setWord(at + words.KIND, KINDS[column]);
        arena.setWord(at + words.LABEL, this.#keep(`;${id}=`));
        arena.setWord(at + words.PREFIX, this.#keep(prefix));
        arena.setWord(at + words.IDENTIFIER, identifier === '' ? 0 : this.#keep(identifier));
        arena.setWord(at + words.NUMBERS, arena.room(4 * WINDOW_MAX));
      });
      const own = addressOf(i);
      arena.setWord(own + words.FIELDS, laidOut);
      arena.setWord(own + words.FIELD_COUNT, fields.length);
      arena.setWord(own + words.CODES_AT, codes);
      arena.setWord(own + words.WINDOW_AT, arena.room(8 * WINDOW_MAX));
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
    const { arena } = this;
    this.sources.forEach((_, i) => {
      const own = addressOf(i);
      arena.setWord(own + words.IS_ON_CONTIG, contigs[i] >= 0 ? 1 : 0);
      if (contigs[i] >= 0) {
        this.#contigOf(i).columns.forEach(({ width }, field) => {
          arena.setWord(this.#fieldOf(i, field) + words.WIDTH, width);
        });
      }
      // Nothing lies in the window of another contig.
      this.#setWindow(own, 0, 0, 0, 0);
    });
  }

  /** Puts the variants of a source from an offset on where the kernel looks for them, with the numbers of their fields. */
  readWindow(source: number, offset: number): void {
    const { arena } = this;
    const own = addressOf(source);
    const contig = this.#contigOf(source);
    const from = arena.word(own + words.WINDOW_FROM);
    const end = arena.word(own + words.WINDOW_END);
    const hadAny = arena.word(own + words.WINDOW_FIRST) + arena.word(own + words.WINDOW_COUNT) > 0;
    const isNext = hadAny && offset >= end && offset - end <= end - from;
    const most = isNext ? Math.min(WINDOW_MAX, 2 * this.#sizes[source]) : WINDOW_MIN;
    this.#sizes[source] = most;
    const count = contig.readWindow(offset, arena.words, arena.word(own + words.WINDOW_AT) >> 2, most);
    const { windowFirst: first, windowEnd } = contig;
    this.#setWindow(own, offset, windowEnd, first, count);
    contig.columns.forEach((column, field) => {
      column.copy(first, count, arena.bytes, arena.word(this.#fieldOf(source, field) + words.NUMBERS));
    });
  }

  #setWindow(own: number, from: number, end: number, first: number, count: number): void {
    const { arena } = this;
    arena.setWord(own + words.WINDOW_FROM, from);
    arena.setWord(own + words.WINDOW_END, end);
    arena.setWord(own + words.WINDOW_FIRST, first);
    arena.setWord(own + words.WINDOW_COUNT, count);
    arena.setWord(own + words.WINDOW_CURSOR, 0);
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
    const { bytes, words: into } = this.arena;
    const contig = this.#contigs[source];
    return this.sources[source].readCodes(contig, offset, bytes, ref, refEnd, alt, altEnd, into, codes >> 2);
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

  /** Where a field of a source is laid out. */
  #fieldOf(source: number, field: number): number {
    return this.arena.word(addressOf(source) + words.FIELDS) + field * words.FIELD_SIZE;
  }

  #keep(text: string): number {
    return this.arena.keepText(Buffer.from(text, 'latin1'));
  }
}

/** Where a source is laid out. */
function addressOf(source: number): number {
  return layout.SOURCES + source * words.SOURCE_SIZE;
}
