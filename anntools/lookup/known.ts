/**
 * Is this variant known, and what is known about it? A source is mapped, not read; looking up moves forward with a
 * sorted file by galloping from where the last answer was, so that it costs a few comparisons per variant.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contigNameIndex } from '../bundle/contig-names.ts';
import { type ContainerHead, readHead } from '../bundle/container.ts';
import { mapNumbers } from '../bundle/mapping.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { InputError } from '../errors.ts';
import type { AltAlleles } from '../vcf/alleles.ts';
import { AlleleClass } from '../vcf/alleles.ts';
import { STRETCH_BITS, alleleKey, firstKeyAt, firstRefBase, isLong, stretchOf } from './allele-key.ts';
import {
  type KnownField,
  type KnownManifest,
  MANIFEST_FILE,
  MISSING_INTEGER,
  WORDS_FILE,
  contigFile,
} from './known-format.ts';

const GREATER = 62;
const COMMA = 44;
const DOT = 46;
const SEMICOLON = 59;
const EQUALS = 61;

interface KnownContig {
  stretches: Uint32Array;
  keys: Uint32Array;
  long: Uint32Array;
  alleles: Uint8Array;
  ends: Uint32Array;
  columns: (Uint32Array | Float32Array)[];
  /** Entry of the last answer, where the next search starts. */
  cursor: number;
}

export class KnownVariants {
  readonly manifest: KnownManifest;
  /** The contig of a name in any spelling, or -1. */
  readonly contigOf: (name: string) => number;
  private readonly contigs: (KnownContig | undefined)[] = [];
  private readonly words: Uint8Array;
  private readonly wordEnds: Uint32Array;
  private readonly keys: Uint8Array[];
  private found = new Int32Array(8);

  /** Opens a folder that `KnownWriter` made. @throws InputError BAD_REFERENCE */
  constructor(private readonly folder: string) {
    this.manifest = readManifest(folder);
    this.contigOf = contigNameIndex(this.manifest.contigs);
    const words = readHead(join(folder, WORDS_FILE), 'known');
    this.words = mapNumbers(words, 'words', Uint8Array);
    this.wordEnds = mapNumbers(words, 'ends', Uint32Array);
    this.keys = this.manifest.fields.map(({ id }) => Buffer.from(id, 'latin1'));
  }

  /**
   * Appends `;FIELD=value,…` for every field, a value or `.` per ALT, when at least one ALT is known. A leading `;` is
   * left out when `first`. Answers how many ALTs are known.
   */
  annotate(contig: number, alleles: AltAlleles, out: ByteBuffer, first: boolean): number {
    const { count } = alleles;
    if (this.found.length < count) this.found = new Int32Array(count * 2);
    const { found } = this;
    let known = 0;
    for (let i = 0; i < count; i++) {
      found[i] = alleles.classes[i] <= AlleleClass.DELINS ? this.find(contig, alleles, i) : -1;
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
        if (found[i] >= 0 && this.writeValue(fields[field], columns[field], found[i], out)) any = true;
        else out.byte(DOT);
      }
      if (any) first = false;
      else out.length = start;
    }
    return known;
  }

  /** The entry of an ALT, or -1. */
  find(contig: number, alleles: AltAlleles, i: number): number {
    const { bytes } = alleles;
    const offset = alleles.offsets[i];
    const refStart = alleles.refStarts[i];
    const refEnd = alleles.refEnds[i];
    const altStart = alleles.altStarts[i];
    const altEnd = alleles.altEnds[i];
    const data = this.contig(contig);
    const key = alleleKey(offset, bytes, refStart, refEnd, altStart, altEnd);
    const end = endOfStretch(data, offset);
    let entry = seek(data, offset, key);
    if (entry >= end || data.keys[entry] !== key) return -1;
    if (!isLong(key)) return entry;
    for (; entry < end && data.keys[entry] === key; entry++) {
      if (spells(data, entry, bytes, refStart, refEnd, altStart, altEnd)) return entry;
    }
    return -1;
  }

  /** The base of the reference at an offset, as far as a known variant there tells it; empty otherwise. */
  refBaseAt(contig: number, offset: number): string {
    const data = this.contig(contig);
    const first = firstKeyAt(offset);
    const end = endOfStretch(data, offset);
    for (let entry = seek(data, offset, first); entry < end && data.keys[entry] - first < 0x1000; entry++) {
      const base = firstRefBase(data.keys[entry]);
      if (base !== '') return base;
    }
    return '';
  }

  /** Where the variants with a number in an integer column lie: contig and offset by number. Reads the whole column. */
  placesBy(field: string): Map<number, { contig: number; offset: number }> {
    const places = new Map<number, { contig: number; offset: number }>();
    const column = this.manifest.fields.findIndex(({ id }) => id === field);
    if (column < 0) return places;
    this.manifest.contigs.forEach((_, contig) => {
      const { columns, keys, stretches } = this.contig(contig);
      const numbers = columns[column];
      for (let stretch = 0; stretch + 1 < stretches.length; stretch++) {
        for (let entry = stretches[stretch]; entry < stretches[stretch + 1]; entry++) {
          if (numbers[entry] === MISSING_INTEGER) continue;
          places.set(numbers[entry], { contig, offset: stretch * 2 ** STRETCH_BITS + (keys[entry] >>> 12) });
        }
      }
    });
    return places;
  }

  private contig(index: number): KnownContig {
    return (this.contigs[index] ??= this.mapContig(readHead(join(this.folder, contigFile(index)), 'known')));
  }

  private mapContig(head: ContainerHead): KnownContig {
    return {
      stretches: mapNumbers(head, 'stretches', Uint32Array),
      keys: mapNumbers(head, 'keys', Uint32Array),
      long: mapNumbers(head, 'long', Uint32Array),
      alleles: mapNumbers(head, 'alleles', Uint8Array),
      ends: mapNumbers(head, 'ends', Uint32Array),
      columns: this.manifest.fields.map(({ column }, i) =>
        column === 'float' ? mapNumbers(head, String(i), Float32Array) : mapNumbers(head, String(i), Uint32Array),
      ),
      cursor: 0,
    };
  }

  /** Writes the value of an entry; false when it is missing. */
  private writeValue(
    { column }: KnownField,
    numbers: Uint32Array | Float32Array,
    entry: number,
    out: ByteBuffer,
  ): boolean {
    const value = numbers[entry];
    if (column === 'word') {
      if (value === 0) return false;
      out.append(this.words, this.wordEnds[value - 1], this.wordEnds[value]);
    } else if (column === 'integer') {
      if (value === MISSING_INTEGER) return false;
      out.integer(value);
    } else {
      if (Number.isNaN(value)) return false;
      out.ascii(String(Number(value.toPrecision(6))));
    }
    return true;
  }
}

function readManifest(folder: string): KnownManifest {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, MANIFEST_FILE), 'utf8')) as KnownManifest;
    if (manifest.format === 1) return manifest;
  } catch {
    throw new InputError('BAD_REFERENCE', `there is no readable source of known variants in ${folder}: build it again`);
  }
  throw new InputError(
    'BAD_REFERENCE',
    `the known variants in ${folder} are of another format version: build them again`,
  );
}

function endOfStretch({ stretches }: KnownContig, offset: number): number {
  const stretch = stretchOf(offset);
  return stretch + 1 < stretches.length ? stretches[stretch + 1] : 0;
}

/** The first entry of the offset's stretch whose key is not below `key`; the end of the stretch when there is none. */
function seek(data: KnownContig, offset: number, key: number): number {
  const { stretches, keys } = data;
  const stretch = stretchOf(offset);
  if (stretch + 1 >= stretches.length) return 0;
  let low = stretches[stretch];
  let high = stretches[stretch + 1];
  const { cursor } = data;
  if (cursor > low && cursor < high && keys[cursor - 1] < key) {
    low = cursor;
    // Gallop: sorted files ask for something near.
    for (let step = 1; low + step < high; step *= 2) {
      if (keys[low + step] >= key) {
        high = low + step;
        break;
      }
      low += step;
    }
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] < key) low = middle + 1;
    else high = middle;
  }
  data.cursor = low;
  return low;
}

/** Whether a long entry is this allele. */
function spells(
  { long, alleles, ends }: KnownContig,
  entry: number,
  bytes: Uint8Array,
  refStart: number,
  refEnd: number,
  altStart: number,
  altEnd: number,
): boolean {
  let low = 0;
  let high = long.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (long[middle] < entry) low = middle + 1;
    else high = middle;
  }
  let at = low === 0 ? 0 : ends[low - 1];
  if (ends[low] - at !== refEnd - refStart + 1 + altEnd - altStart) return false;
  for (let i = refStart; i < refEnd; i++) if (alleles[at++] !== (bytes[i] & 0xdf)) return false;
  if (alleles[at++] !== GREATER) return false;
  for (let i = altStart; i < altEnd; i++) if (alleles[at++] !== (bytes[i] & 0xdf)) return false;
  return true;
}
