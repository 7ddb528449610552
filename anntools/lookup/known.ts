/**
 * Is this variant known, and what is known about it? A source is mapped, not read; looking up moves forward with a
 * sorted file (`known-contig.ts`), so that it costs a few comparisons per variant.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { contigNameIndex } from '../bundle/contig-names.ts';
import { type ContainerHead, damagedSection, readHead, refused } from '../bundle/container.ts';
import { mapNumbers } from '../bundle/mapping.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { InputError } from '../errors.ts';
import type { AltAlleles } from '../vcf/alleles.ts';
import { AlleleClass } from '../vcf/alleles.ts';
import { writeDecimal } from './decimal-code.ts';
import type { KnownColumn } from './known-column.ts';
import { KnownContig } from './known-contig.ts';
import {
  type ColumnType,
  type KnownManifest,
  KNOWN_FORMAT,
  MANIFEST_FILE,
  MISSING,
  WORDS_FILE,
  WORD_LEAST,
  WORD_TOP,
  contigFile,
} from './known-format.ts';

const COMMA = 44;
const DOT = 46;
const SEMICOLON = 59;
const EQUALS = 61;

export class KnownVariants {
  readonly manifest: KnownManifest;
  /** The contig of a name in any spelling, or -1. */
  readonly contigOf: (name: string) => number;
  private readonly heads: ContainerHead[];
  private readonly contigs: (KnownContig | undefined)[] = [];
  private readonly words: Uint8Array;
  private readonly wordEnds: Uint32Array;
  private readonly keys: Uint8Array[];
  private readonly prefixes: Uint8Array[];
  private found = new Int32Array(8);

  /** Opens a folder that `KnownWriter` made. @throws InputError BAD_REFERENCE */
  constructor(readonly folder: string) {
    this.manifest = readManifest(folder);
    this.contigOf = contigNameIndex(this.manifest.contigs);
    const { heads, words, wordEnds } = this.asKnown(() => openFiles(folder, this.manifest));
    this.heads = heads;
    this.words = words;
    this.wordEnds = wordEnds;
    this.keys = this.manifest.fields.map(({ id }) => Buffer.from(id, 'latin1'));
    this.prefixes = this.manifest.fields.map(({ prefix = '' }) => Buffer.from(prefix, 'latin1'));
  }

  /**
   * Appends `;FIELD=value,…` for every field, a value or `.` per ALT, when at least one ALT is known. A leading `;` is
   * left out when `first`. Answers how many ALTs are known.
   * @param leftmost the same alleles at their left-most places, where they are asked for when they are not known as
   * they are written.
   */
  annotate(contig: number, alleles: AltAlleles, out: ByteBuffer, first: boolean, leftmost?: AltAlleles): number {
    const { count } = alleles;
    if (this.found.length < count) this.found = new Int32Array(count * 2);
    const { found } = this;
    let known = 0;
    for (let i = 0; i < count; i++) {
      found[i] = alleles.classes[i] <= AlleleClass.DELINS ? this.find(contig, alleles, i) : -1;
      if (found[i] < 0 && leftmost !== undefined && leftmost.offsets[i] !== alleles.offsets[i]) {
        found[i] = this.find(contig, leftmost, i);
      }
      if (found[i] >= 0) known++;
    }
    if (known === 0) return 0;
    const { columns } = this.contig(contig);
    const { fields } = this.manifest;
    for (let field = 0; field < fields.length; field++) {
      const start = out.length;
      if (!first) out.byte(SEMICOLON);
      out.append(this.keys[field]);
      out.byte(EQUALS);
      let any = false;
      for (let i = 0; i < count; i++) {
        if (i > 0) out.byte(COMMA);
        if (found[i] >= 0 && this.writeValue(fields[field].column, field, columns[field], found[i], out)) any = true;
        else out.byte(DOT);
      }
      if (any) first = false;
      else out.length = start;
    }
    return known;
  }

  /** The entry of an ALT, or -1. */
  find(contig: number, { bytes, offsets, refStarts, refEnds, altStarts, altEnds }: AltAlleles, i: number): number {
    return this.contig(contig).find(offsets[i], bytes, refStarts[i], refEnds[i], altStarts[i], altEnds[i]);
  }

  /** The base of the reference at an offset, as far as a known variant there tells it; empty otherwise. */
  refBaseAt(contig: number, offset: number): string {
    return this.contig(contig).refBaseAt(offset);
  }

  /** Where the variants with a number in a column lie: contig and offset by number. Reads the whole column. */
  placesBy(field: string): Map<number, { contig: number; offset: number }> {
    const places = new Map<number, { contig: number; offset: number }>();
    const column = this.manifest.fields.findIndex(({ id }) => id === field);
    if (column < 0) return places;
    this.manifest.contigs.forEach((_, id) => {
      const contig = this.contig(id);
      for (const { entry, offset } of contig.offsets()) {
        const number = contig.columns[column].at(entry);
        if (number < WORD_LEAST) places.set(number, { contig: id, offset });
      }
    });
    return places;
  }

  /** Reads all of it and compares checksums. @throws InputError BAD_REFERENCE that names what is damaged. */
  verify(): void {
    const words = this.asKnown(() => readHead(join(this.folder, WORDS_FILE), 'known'));
    for (const head of [words, ...this.heads]) {
      const damaged = damagedSection(head);
      if (damaged !== undefined) this.asKnown(() => fail(refused(head.path, `is damaged in its section ${damaged}`)));
    }
  }

  private contig(index: number): KnownContig {
    return (this.contigs[index] ??= this.asKnown(
      () => new KnownContig(this.heads[index], this.manifest.fields.length, this.manifest.contigs[index].entries),
    ));
  }

  /** Writes the value of an entry; false when it is missing. */
  private writeValue(type: ColumnType, field: number, column: KnownColumn, entry: number, out: ByteBuffer): boolean {
    const code = column.at(entry);
    if (code === MISSING) return false;
    if (type === 'float') writeDecimal(code, out);
    else if (type === 'word') this.writeWord(code, out);
    else if (code >= WORD_LEAST) this.writeWord(WORD_TOP - code, out);
    else {
      out.append(this.prefixes[field]);
      out.integer(code);
    }
    return true;
  }

  private writeWord(word: number, out: ByteBuffer): void {
    out.append(this.words, this.wordEnds[word - 1], this.wordEnds[word]);
  }

  /** Says what is wrong with a file as a matter of this source: the container's reader speaks of references. */
  private asKnown<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      const what = cause.message.replace(/^the reference's (\S+) (.*): .*$/s, '$1 $2');
      const message = `the known variants in ${basename(this.folder)} cannot be used: ${what}. Build them again`;
      throw new InputError(cause.code, message);
    }
  }
}

function openFiles(folder: string, { contigs }: KnownManifest) {
  const words = readHead(join(folder, WORDS_FILE), 'known');
  const heads = contigs.map((_, i) => readHead(join(folder, contigFile(i)), 'known'));
  const stray = heads.find(({ id }) => id !== words.id);
  if (stray) throw refused(stray.path, 'belongs to another source');
  return { heads, words: mapNumbers(words, 'words', Uint8Array), wordEnds: mapNumbers(words, 'ends', Uint32Array) };
}

function fail(error: InputError): never {
  throw error;
}

/** Reads `known.json` alone. @throws InputError BAD_REFERENCE */
export function readManifest(folder: string): KnownManifest {
  let manifest: Partial<KnownManifest>;
  try {
    manifest = JSON.parse(readFileSync(join(folder, MANIFEST_FILE), 'utf8')) as Partial<KnownManifest>;
  } catch {
    throw new InputError('BAD_REFERENCE', `there is no readable source of known variants in ${folder}: build it again`);
  }
  if (manifest.format !== KNOWN_FORMAT || !manifest.fields || !manifest.contigs) {
    throw new InputError(
      'BAD_REFERENCE',
      `the known variants in ${folder} are of another format version: build them again`,
    );
  }
  return manifest as KnownManifest;
}
