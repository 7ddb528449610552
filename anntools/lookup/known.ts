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
import { KnownContig } from './known-contig.ts';
import {
  type KnownManifest,
  KNOWN_FORMAT,
  MANIFEST_FILE,
  NONE,
  WORDS_FILE,
  WORD_LEAST,
  contigFile,
} from './known-format.ts';
import { IdentifierText } from './identifier-text.ts';
import { ValueText, type Words } from './value-text.ts';

const COMMA = 44;
const DOT = 46;

export class KnownVariants {
  readonly manifest: KnownManifest;
  /** The contig of a name in any spelling, or -1. */
  readonly contigOf: (name: string) => number;
  private readonly heads: ContainerHead[];
  private readonly contigs: (KnownContig | undefined)[] = [];
  private readonly texts: ValueText[];
  private readonly identifiers: { field: number; text: IdentifierText }[];
  /** Where the ALTs of the record were looked up that was asked for last, how many they are, and their entries or -1. */
  private found: KnownContig | undefined;
  private alts = 0;
  private entries = new Int32Array(8);

  /** Opens a folder that `KnownWriter` made. @throws InputError BAD_REFERENCE */
  constructor(readonly folder: string) {
    this.manifest = readManifest(folder);
    this.contigOf = contigNameIndex(this.manifest.contigs);
    const { heads, words } = asKnown(this.folder, () => openFiles(folder, this.manifest));
    this.heads = heads;
    const { fields } = this.manifest;
    this.texts = fields.map((field) => new ValueText(field, words));
    this.identifiers = fields.flatMap((field, i) => {
      const prefix = this.identifierPrefix(i);
      return prefix === '' ? [] : [{ field: i, text: new IdentifierText(field, prefix, words) }];
    });
  }

  /**
   * Looks up the ALTs of a record. Answers how many are known; `write` and `writeIdentifiers` then tell of them.
   * @param leftmost the same alleles at their left-most places, where they are asked for when they are not known as
   * they are written.
   */
  find(contig: number, alleles: AltAlleles, leftmost?: AltAlleles): number {
    const known = this.contig(contig);
    const { count } = alleles;
    if (this.entries.length < count) this.entries = new Int32Array(count * 2);
    this.found = known;
    this.alts = count;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const entry = entryOf(known, alleles, leftmost, i);
      this.entries[i] = entry;
      if (entry >= 0) sum++;
    }
    return sum;
  }

  /**
   * Appends `;FIELD=value,…` for every field with a value, a value or `.` per ALT. The first `;` is left out when
   * `first`.
   */
  write(out: ByteBuffer, first: boolean): void {
    if (this.found === undefined) return;
    if (this.alts === 1) this.writeOne(this.found, this.entries[0], out, first);
    else this.writeMany(this.found, out, first);
  }

  /** The usual case: one ALT, whose missing fields are left out. */
  private writeOne({ columns }: KnownContig, entry: number, out: ByteBuffer, first: boolean): void {
    const { texts } = this;
    for (let i = 0; i < texts.length; i++) {
      const code = columns[i].at(entry);
      if (code === NONE) continue;
      const text = texts[i];
      out.append(text.label, first ? 1 : 0);
      text.write(code, out);
      first = false;
    }
  }

  private writeMany({ columns }: KnownContig, out: ByteBuffer, first: boolean): void {
    const { entries, alts, texts } = this;
    for (let field = 0; field < texts.length; field++) {
      const start = out.length;
      out.append(texts[field].label, first ? 1 : 0);
      let any = false;
      for (let i = 0; i < alts; i++) {
        if (i > 0) out.byte(COMMA);
        const code = entries[i] < 0 ? NONE : columns[field].at(entries[i]);
        if (code === NONE) out.byte(DOT);
        else {
          texts[field].write(code, out);
          any = true;
        }
      }
      if (any) first = false;
      else out.length = start;
    }
  }

  /** Appends the identifiers of ALT `alt`, from 0, each with `&` before it: `&rs123&COSV456`. */
  writeIdentifiers(alt: number, out: ByteBuffer): void {
    const { found, entries, identifiers } = this;
    if (found === undefined || entries[alt] < 0) return;
    for (const { field, text } of identifiers) {
      const code = found.columns[field].at(entries[alt]);
      if (code !== NONE) text.write(code, out);
    }
  }

  /**
   * Puts the numbers of an allele's fields into words[at …], `NONE` for a field without; false when it is not known.
   * The allele is trimmed, REF = bytes[refStart, refEnd), ALT = bytes[altStart, altEnd).
   */
  readCodes(
    contig: number,
    offset: number,
    bytes: Uint8Array,
    refStart: number,
    refEnd: number,
    altStart: number,
    altEnd: number,
    words: Int32Array,
    at: number,
  ): boolean {
    const known = this.contig(contig);
    const entry = known.find(offset, bytes, refStart, refEnd, altStart, altEnd);
    if (entry < 0) return false;
    const { columns } = known;
    for (let i = 0; i < columns.length; i++) words[at + i] = columns[i].at(entry);
    return true;
  }

  /** The variants of a contig, for looking among them (`KnownContig.readWindow`). */
  variantsOf(contig: number): KnownContig {
    return this.contig(contig);
  }

  /** Appends what a number of a field stands for, which is not `NONE`. */
  writeValue(field: number, code: number, out: ByteBuffer): void {
    this.texts[field].write(code, out);
  }

  /** What stands before the numbers of a field that identify variants; empty for other fields. */
  identifierPrefix(field: number): string {
    const { id, prefix = '' } = this.manifest.fields[field];
    return id === this.manifest.rsField ? 'rs' : prefix;
  }

  /** Whether its variants have identifiers that others know them by: rs numbers, COSMIC's. */
  get hasIdentifiers(): boolean {
    return this.identifiers.length > 0;
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
        const number = contig.columns[column].at(entry) >>> 0;
        if (number < WORD_LEAST) places.set(number, { contig: id, offset });
      }
    });
    return places;
  }

  /** Reads all of it and compares checksums. @throws InputError BAD_REFERENCE that names what is damaged. */
  verify(): void {
    const words = asKnown(this.folder, () => readHead(join(this.folder, WORDS_FILE), 'known'));
    for (const head of [words, ...this.heads]) {
      const damaged = damagedSection(head);
      if (damaged !== undefined)
        asKnown(this.folder, () => fail(refused(head.path, `is damaged in its section ${damaged}`)));
    }
  }

  private contig(index: number): KnownContig {
    return (this.contigs[index] ??= asKnown(
      this.folder,
      () => new KnownContig(this.heads[index], this.manifest.fields.length, this.manifest.contigs[index].entries),
    ));
  }
}

/** The entry of an ALT as it is written or, when that is not known, at its left-most place; -1. */
function entryOf(known: KnownContig, alleles: AltAlleles, leftmost: AltAlleles | undefined, i: number): number {
  if (alleles.classes[i] > AlleleClass.DELINS) return -1;
  const entry = entryAs(known, alleles, i);
  if (entry >= 0 || leftmost === undefined || leftmost.offsets[i] === alleles.offsets[i]) return entry;
  return entryAs(known, leftmost, i);
}

function entryAs(
  known: KnownContig,
  { bytes, offsets, refStarts, refEnds, altStarts, altEnds }: AltAlleles,
  i: number,
): number {
  return known.find(offsets[i], bytes, refStarts[i], refEnds[i], altStarts[i], altEnds[i]);
}

function openFiles(folder: string, { contigs }: KnownManifest): { heads: ContainerHead[]; words: Words } {
  const words = readHead(join(folder, WORDS_FILE), 'known');
  const heads = contigs.map((_, i) => readHead(join(folder, contigFile(i)), 'known'));
  const stray = heads.find(({ id }) => id !== words.id);
  if (stray) throw refused(stray.path, 'belongs to another source');
  const texts = { bytes: mapNumbers(words, 'words', Uint8Array), ends: mapNumbers(words, 'ends', Uint32Array) };
  return { heads, words: texts };
}

function fail(error: InputError): never {
  throw error;
}

/** Says what is wrong with a file as a matter of the source: the container's reader speaks of references. */
export function asKnown<Result>(folder: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    const what = cause.message.replace(/^the reference's (\S+) (.*): .*$/s, '$1 $2');
    const message = `the known variants in ${basename(folder)} cannot be used: ${what}. Build them again`;
    throw new InputError(cause.code, message);
  }
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
