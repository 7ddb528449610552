/** Writes a source of known variants (`known-format.ts`), contig after contig, each sorted in memory. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerWriter, type Numbers } from '../bundle/container.ts';
import { packStrings, WordList } from '../bundle/string-pool.ts';
import { alleleKey, isLong, stretchOf } from './allele-key.ts';
import {
  type KnownField,
  type KnownManifest,
  MANIFEST_FILE,
  MISSING_INTEGER,
  WORDS_FILE,
  contigFile,
  infoText,
} from './known-format.ts';

export type KnownValue = number | string | null;

interface Entry {
  stretch: number;
  key: number;
  /** `REF>ALT`; empty when the key says it all. */
  alleles: string;
  values: readonly KnownValue[];
}

export class KnownWriter {
  private readonly words = new WordList();
  private readonly contigs: KnownManifest['contigs'] = [];
  private readonly id: Uint8Array;
  private entries: Entry[] = [];
  private contig = '';

  /** @param folder is made; it must not hold a source yet. */
  constructor(
    private readonly folder: string,
    private readonly source: Omit<KnownManifest, 'format' | 'contigs'>,
  ) {
    mkdirSync(folder, { recursive: true });
    this.id = new Bun.CryptoHasher('md5').update(JSON.stringify(source)).digest();
    this.words.indexOf('');
  }

  /** The variants that follow lie on this contig, which must not have been begun before. */
  begin(contig: string): void {
    this.finishContig();
    this.contig = contig;
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
    const key = alleleKey(offset + start, text, 0, changed.length, changed.length, text.length);
    const alleles = isLong(key) ? `${changed}>${text.toString('latin1', changed.length)}`.toUpperCase() : '';
    this.entries.push({ stretch: stretchOf(offset + start), key, alleles, values });
  }

  /** Writes what is left and the manifest. */
  finish(): KnownManifest {
    this.finishContig();
    const words = new ContainerWriter(join(this.folder, WORDS_FILE), 'known', this.id);
    const pool = packStrings(this.words.all);
    words.section('words', pool.bytes);
    words.section('ends', pool.offsets.subarray(1));
    words.finish();
    const manifest: KnownManifest = { format: 1, ...this.source, contigs: this.contigs };
    writeFileSync(join(this.folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  }

  private finishContig(): void {
    if (this.entries.length === 0) return;
    const entries = this.entries.sort(
      (a, b) => a.stretch - b.stretch || a.key - b.key || (a.alleles < b.alleles ? -1 : 1),
    );
    const stretches = new Uint32Array((entries.at(-1)?.stretch ?? 0) + 2);
    for (const { stretch } of entries) stretches[stretch + 1]++;
    for (let i = 1; i < stretches.length; i++) stretches[i] += stretches[i - 1];
    const long = entries.flatMap(({ alleles }, i) => (alleles === '' ? [] : [i]));
    const alleles = packStrings(long.map((i) => entries[i].alleles));
    const file = new ContainerWriter(join(this.folder, contigFile(this.contigs.length)), 'known', this.id);
    file.section('stretches', stretches);
    file.section(
      'keys',
      Uint32Array.from(entries, ({ key }) => key),
    );
    file.section('long', Uint32Array.from(long));
    file.section('alleles', alleles.bytes);
    file.section('ends', alleles.offsets.subarray(1));
    this.source.fields.forEach((field, i) =>
      file.section(
        String(i),
        this.column(
          field,
          entries.map(({ values }) => values[i] ?? null),
        ),
      ),
    );
    file.finish();
    this.contigs.push({ name: this.contig, entries: entries.length });
    this.entries = [];
  }

  private column({ column }: KnownField, values: readonly KnownValue[]): Numbers {
    if (column === 'float') return Float32Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
    if (column === 'integer')
      return Uint32Array.from(values, (value) => (value === null ? MISSING_INTEGER : Number(value)));
    return Uint32Array.from(values, (value) => this.words.indexOf(value === null ? '' : infoText(String(value))));
  }
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
