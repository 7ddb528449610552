/**
 * Writes a source of known variants (`FORMAT.md`) out of variants in any order. Of a variant that comes twice the first
 * one counts, and what it leaves missing is taken from the next.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerWriter } from '../bundle/container.ts';
import { packStrings, WordList } from '../bundle/string-pool.ts';
import { InputError } from '../errors.ts';
import { NARROW_BITS, STRETCH_BITS, isLong } from './allele-key.ts';
import { codeOfNumber } from './decimal-code.ts';
import { WidthCounter, columnSections, narrow } from './known-column.ts';
import {
  type KnownField,
  type KnownManifest,
  KNOWN_FORMAT,
  MANIFEST_FILE,
  MISSING,
  WORDS_FILE,
  WORD_LEAST,
  WORD_TOP,
  contigFile,
  infoText,
} from './known-format.ts';
import { SectionSpool } from './section-spool.ts';
import { COLUMNS, SHORT, type SortedStretch, VariantRows } from './variant-rows.ts';

export type KnownValue = number | string | null;

/** What a source says of itself before anything is in it. */
export type KnownSource = Omit<KnownManifest, 'format' | 'contigs'>;

/** More different texts than this are no vocabulary: they would have to stay in memory. */
const WORDS_MAX = 1 << 24;

/** A field's numbers as they arrived: how wide are they, and are they numbers, texts, or both? */
interface FieldFacts {
  all: WidthCounter;
  words: WidthCounter;
  hasNumbers: boolean;
  hasWords: boolean;
}

export class KnownWriter {
  private readonly words = new WordList();
  private readonly contigNames: string[] = [];
  private readonly contigIds = new Map<string, number>();
  private readonly facts: FieldFacts[][] = [];
  private readonly rows: VariantRows;
  private readonly codes: Uint32Array;
  private readonly id: Uint8Array;
  private contig = -1;
  private duplicateCount = 0;

  /**
   * @param folder is made; it must not hold a source yet.
   * @param memoryMax bytes of rows kept in memory before they go to a file in the folder.
   */
  constructor(
    private readonly folder: string,
    private readonly source: KnownSource,
    memoryMax?: number,
  ) {
    mkdirSync(folder, { recursive: true });
    this.id = new Bun.CryptoHasher('md5').update(JSON.stringify(source)).digest();
    this.words.indexOf('');
    this.rows = new VariantRows(source.fields.length, join(folder, 'rows.unfinished'), memoryMax);
    this.codes = new Uint32Array(source.fields.length);
  }

  /** Variants that came more than once so far; known after `finish`. */
  get duplicates(): number {
    return this.duplicateCount;
  }

  /** The id of a contig, for `addAllele`. */
  contigId(name: string): number {
    let id = this.contigIds.get(name);
    if (id === undefined) {
      id = this.contigNames.push(name) - 1;
      this.contigIds.set(name, id);
      const facts = (): FieldFacts => ({
        all: new WidthCounter(),
        words: new WidthCounter(),
        hasNumbers: false,
        hasWords: false,
      });
      this.facts.push(this.source.fields.map(facts));
    }
    return id;
  }

  /** The number that stands for a text. @throws InputError TOO_LARGE when there are too many different ones. */
  wordCode(text: string): number {
    const index = this.words.indexOf(text);
    if (index >= WORDS_MAX) {
      throw new InputError(
        'TOO_LARGE',
        `the fields of ${this.source.name} have more than ${WORDS_MAX.toLocaleString('en')} different texts, which is ` +
          'more than an index can hold: leave out the one that is different for every variant',
      );
    }
    return WORD_TOP - index;
  }

  /** The variants that follow lie on this contig. */
  begin(contig: string): void {
    this.contig = this.contigId(contig);
  }

  /**
   * Adds a variant, trimmed or not.
   * @param offset zero-based offset of the first base of `ref`.
   * @param values in the order of the fields; null for missing.
   */
  add(offset: number, ref: string, alt: string, values: readonly KnownValue[]): void {
    const { start, end } = sharedBases(ref, alt);
    const changed = ref.slice(start, ref.length - end);
    const text = Buffer.from(changed + alt.slice(start, alt.length - end), 'latin1');
    const codes = this.codes;
    this.source.fields.forEach((field, i) => (codes[i] = this.codeOf(field, values[i] ?? null)));
    this.addAllele(this.contig, offset + start, text, 0, changed.length, changed.length, text.length, codes);
  }

  /** Adds a trimmed allele, REF = bytes[refStart, refEnd), ALT = bytes[altStart, altEnd), with its fields' numbers. */
  addAllele(
    contig: number,
    offset: number,
    bytes: Uint8Array,
    refStart: number,
    refEnd: number,
    altStart: number,
    altEnd: number,
    codes: Uint32Array,
  ): void {
    const facts = this.facts[contig];
    for (let i = 0; i < codes.length; i++) this.note(facts[i], this.source.fields[i], codes[i]);
    this.rows.add(contig, offset, bytes, refStart, refEnd, altStart, altEnd, codes);
  }

  /** Writes everything. `more` is what is known of the source only now. */
  finish(more: Partial<KnownSource> = {}): KnownManifest {
    const { fields: described = this.source.fields } = more;
    const fields = described.map((field, i) => ({ ...field, column: this.columnOf(field, i) }));
    const contigs: KnownManifest['contigs'] = [];
    this.contigNames.forEach((name, contig) => {
      const entries = this.writeContig(contig, contigs.length, fields);
      if (entries > 0) contigs.push({ name, entries });
    });
    this.rows.close();
    const words = new ContainerWriter(join(this.folder, WORDS_FILE), 'known', this.id);
    const pool = packStrings(this.words.all);
    words.section('words', pool.bytes);
    words.section('ends', pool.offsets.subarray(1));
    words.finish();
    const manifest: KnownManifest = { format: KNOWN_FORMAT, ...this.source, ...more, fields, contigs };
    writeFileSync(join(this.folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  }

  /** Lets go of what is under way. */
  abandon(): void {
    this.rows.close();
  }

  private codeOf({ column }: KnownField, value: KnownValue): number {
    if (value === null || value === '') return MISSING;
    if (column === 'float') return codeOfNumber(Number(value));
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < WORD_LEAST) return value;
    return this.wordCode(infoText(String(value)));
  }

  private note(facts: FieldFacts, { column }: KnownField, code: number): void {
    facts.all.count(code);
    if (column === 'float') return;
    if (code === MISSING) facts.words.count(MISSING);
    else if (code >= WORD_LEAST) {
      facts.words.count(WORD_TOP - code);
      facts.hasWords = true;
    } else facts.hasNumbers = true;
  }

  /** What a field's column is, now that all of its values are known. */
  private columnOf({ column }: KnownField, field: number): KnownField['column'] {
    if (column === 'float') return column;
    const numbers = this.facts.some((facts) => facts[field].hasNumbers);
    const words = this.facts.some((facts) => facts[field].hasWords);
    if (numbers && words) return 'mixed';
    return words || (!numbers && column === 'word') ? 'word' : 'integer';
  }

  /** Writes the file of a contig; answers how many entries it has. */
  private writeContig(contig: number, index: number, fields: readonly KnownField[]): number {
    const file = new ContigFile(join(this.folder, contigFile(index)), fields, this.facts[contig]);
    try {
      for (const stretch of this.rows.stretches(contig)) {
        this.duplicateCount += mergeDuplicates(stretch, this.rows.stride);
        file.add(stretch, this.rows.stride);
      }
      return file.finish(this.id);
    } finally {
      file.close();
    }
  }
}

/** Takes rows that tell of the same allele out of the order, but the first; answers how many. */
function mergeDuplicates(sorted: SortedStretch, stride: number): number {
  const { rows, order, text } = sorted;
  let kept = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i] * stride;
    let same = -1;
    for (let k = kept - 1; k >= 0 && rows[order[k] * stride] === rows[row]; k--) {
      if (spellSame(text, rows[order[k] * stride + 1], rows[row + 1])) same = order[k] * stride;
    }
    if (same < 0) order[kept++] = order[i];
    else {
      for (let column = COLUMNS; column < stride; column++) {
        if (rows[same + column] === MISSING) rows[same + column] = rows[row + column];
      }
    }
  }
  sorted.order = order.subarray(0, kept);
  return order.length - kept;
}

/** Whether two spelled alleles are the same; short ones of one key always are. */
function spellSame(text: Uint8Array, one: number, other: number): boolean {
  if (one === SHORT || other === SHORT) return one === other;
  while (text[one] === text[other]) {
    if (text[one] === 0) return true;
    one++;
    other++;
  }
  return false;
}

/** The file of one contig while its stretches arrive. */
class ContigFile {
  /** Entries of each block of 2^12 bases. */
  private readonly blocks: number[] = [];
  private readonly spools: SectionSpool[] = [];
  private readonly keys = this.spool('keys');
  private readonly long = this.spool('long');
  private readonly alleles = this.spool('alleles');
  private readonly ends = this.spool('ends');
  private readonly columns;
  private entries = 0;

  constructor(
    private readonly path: string,
    fields: readonly KnownField[],
    facts: readonly FieldFacts[],
  ) {
    this.columns = fields.map(({ column }, i) => ({
      isWord: column === 'word',
      width: (column === 'word' ? facts[i].words : facts[i].all).best(),
      numbers: this.spool(`${i}`),
      entries: this.spool(`${i}.entries`),
      values: this.spool(`${i}.values`),
    }));
  }

  add({ stretch, rows, order, text }: SortedStretch, stride: number): void {
    const count = order.length;
    const codes = new Uint32Array(count);
    const firstBlock = stretch << (STRETCH_BITS - NARROW_BITS);
    for (let i = 0; i < count; i++) {
      codes[i] = rows[order[i] * stride];
      const block = firstBlock + (codes[i] >>> (12 + NARROW_BITS));
      while (this.blocks.length <= block) this.blocks.push(0);
      this.blocks[block]++;
    }
    this.keys.write(codes);
    for (let i = 0; i < count; i++) if (isLong(codes[i])) this.addLong(i, text, rows[order[i] * stride + 1]);
    this.columns.forEach((column, c) => {
      for (let i = 0; i < count; i++) {
        const code = rows[order[i] * stride + COLUMNS + c];
        codes[i] = column.isWord && code !== MISSING ? WORD_TOP - code : code;
      }
      const out = new Uint8Array(count * column.width);
      narrow(codes, count, column.width, out, (i, code) => {
        column.entries.write(Uint32Array.of(this.entries + i));
        column.values.write(Uint32Array.of(code));
      });
      column.numbers.write(out);
    });
    this.entries += count;
  }

  private addLong(i: number, text: Uint8Array, start: number): void {
    this.alleles.write(text.subarray(start, text.indexOf(0, start)));
    this.long.write(Uint32Array.of(this.entries + i));
    this.ends.write(Uint32Array.of(this.alleles.size));
  }

  /** Writes the file, unless there is nothing to write; answers the count of entries. */
  finish(id: Uint8Array): number {
    if (this.entries === 0) return 0;
    const file = new ContainerWriter(this.path, 'known', id);
    // Three bytes a key pay for the longer table of blocks where there are many.
    const isNarrow = this.entries > 4 * this.blocks.length;
    file.section('blocks', firsts(this.blocks, isNarrow ? 1 : 1 << (STRETCH_BITS - NARROW_BITS)));
    if (isNarrow) this.keys.copyTo(file, 'keys', 1, lowerThree);
    else this.keys.copyTo(file, 'keys', 4);
    this.long.copyTo(file, 'long', 4);
    this.alleles.copyTo(file, 'alleles', 1);
    this.ends.copyTo(file, 'ends', 4);
    this.columns.forEach((column, i) => {
      const names = columnSections(i);
      column.numbers.copyTo(file, names.numbers, 1);
      column.entries.copyTo(file, names.entries, 4);
      column.values.copyTo(file, names.values, 4);
    });
    file.finish();
    return this.entries;
  }

  close(): void {
    for (const spool of this.spools) spool.close();
  }

  private spool(name: string): SectionSpool {
    const spool = new SectionSpool(`${this.path}.${name}.unfinished`);
    this.spools.push(spool);
    return spool;
  }
}

/** The first entry of each group of `size` blocks, and the count of entries. */
function firsts(counts: readonly number[], size: number): Uint32Array {
  const table = new Uint32Array(Math.ceil(counts.length / size) + 1);
  counts.forEach((count, block) => (table[Math.floor(block / size) + 1] += count));
  for (let i = 1; i < table.length; i++) table[i] += table[i - 1];
  return table;
}

/** Of every four bytes the lower three. */
function lowerThree(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length / 4) * 3);
  for (let from = 0, to = 0; from < bytes.length; from += 4) {
    out[to++] = bytes[from];
    out[to++] = bytes[from + 1];
    out[to++] = bytes[from + 2];
  }
  return out;
}

/** How many bases both alleles share at the start and, first, at the end (as `vcf/alleles.ts` trims). */
function sharedBases(ref: string, alt: string): { start: number; end: number } {
  const least = Math.min(ref.length, alt.length);
  let end = 0;
  while (end < least && ref.at(-1 - end)?.toUpperCase() === alt.at(-1 - end)?.toUpperCase()) end++;
  let start = 0;
  while (start < least - end && ref[start].toUpperCase() === alt[start].toUpperCase()) start++;
  return { start, end };
}
