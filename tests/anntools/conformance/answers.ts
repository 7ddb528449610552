/** A peer's answers and ours, row by row: what the conformance tests compare. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseGeneFile } from '../../../anntools/annotation-files/read.ts';
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import type { Reference } from '../../../anntools/bundle/reference.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { ConsequenceEngine, type EngineOptions } from '../../../anntools/engine/engine.ts';
import { VcfRecord } from '../../../anntools/vcf/record.ts';

/** The shared data, which a checkout alone does not have. */
export const SHARED = join(import.meta.dir, '../../../../shared/data');

/** One CSQ block by column name; `key` names record, allele and transcript. */
export interface Row {
  key: string;
  columns: Record<string, string>;
}

export function readData(path: string): Buffer {
  const bytes = readFileSync(path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

/** A reference out of a FASTA (none: models only) and a GFF3. */
export function referenceOf(
  fasta: string | null,
  genes: string,
  { codonTable = 1 }: { codonTable?: number } = {},
): Reference {
  const models = parseGeneFile(readData(genes));
  const sequences = fasta === null ? new Map<string, Uint8Array>() : sequencesOf(readData(fasta));
  const lengths = new Map([...sequences].map(([name, bases]) => [name, bases.length]));
  if (fasta === null) {
    for (const { contig, exons } of models.transcripts) {
      lengths.set(contig, Math.max(lengths.get(contig) ?? 0, exons[exons.length - 1]?.end ?? 0));
    }
  }
  return referenceFromModels({
    name: 'test',
    assembly: 'test',
    contigs: [...lengths].map(([name, length]) => ({ name, length, codonTable })),
    sequences,
    genes: models.genes.filter(({ contig }) => lengths.has(contig)),
    transcripts: models.transcripts.filter(({ contig }) => lengths.has(contig)),
  });
}

function sequencesOf(text: Buffer): Map<string, Uint8Array> {
  const sequences = new Map<string, Uint8Array>();
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf(10, at);
    const name = text.toString('latin1', at + 1, lineEnd).split(/\s/)[0] ?? '';
    const found = text.indexOf(62, lineEnd);
    const end = found < 0 ? text.length : found;
    const bases = new Uint8Array(end - lineEnd);
    let length = 0;
    for (let i = lineEnd; i < end; i++) if (text[i]! > 32) bases[length++] = text[i]!;
    sequences.set(name, bases.subarray(0, length));
    at = end;
  }
  return sequences;
}

/** Data lines of a VCF, one reused record after the other. */
export function* recordsOf(vcf: string): Generator<VcfRecord> {
  const bytes = readData(vcf);
  const record = new VcfRecord();
  for (let at = 0, line = 1; at < bytes.length; line++) {
    const found = bytes.indexOf(10, at);
    const end = found < 0 ? bytes.length : found;
    if (bytes[at] !== 35 && end > at) {
      record.parse(bytes, at, end, line);
      yield record;
    }
    at = end + 1;
  }
}

function keyOf(contig: string, position: string, ref: string, alt: string, columns: Record<string, string>): string {
  const allele = alt.includes(',') ? (columns['Allele'] ?? '') : '';
  return [contig, position, ref, alt, allele, columns['Feature'] ?? ''].join(' ');
}

/** The rows of a table whose header starts with `#id`. */
export function rowsOfTable(path: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  let names: string[] = [];
  for (const line of readData(path).toString('latin1').split('\n')) {
    const values = line.split('\t');
    if (line.startsWith('#id\t')) names = values.map((name) => name.replace('#', ''));
    else if (line !== '' && !line.startsWith('#')) {
      const columns: Record<string, string> = {};
      for (const [i, name] of names.entries())
        columns[name] = values[i] === '-' && name !== 'Allele' ? '' : (values[i] ?? '');
      const { chrom = '', pos = '', ref = '', alt = '' } = columns;
      const key = keyOf(chrom, pos, ref, alt, columns);
      rows.set(key, { key, columns });
    }
  }
  return rows;
}

/** The CSQ blocks of an annotated VCF. */
export function rowsOfVcf(path: string): Map<string, Row> {
  const format = /ID=CSQ,[^\n]*Format: ([^">]+)/.exec(readData(path).toString('latin1', 0, 100_000))?.[1] ?? '';
  const rows = new Map<string, Row>();
  for (const record of recordsOf(path)) {
    const csq = /(?:^|;)CSQ=([^;]*)/.exec(record.text(7))?.[1] ?? '';
    for (const row of blocksOf(record, csq, format.split('|'))) rows.set(row.key, row);
  }
  return rows;
}

function blocksOf(record: VcfRecord, csq: string, names: readonly string[]): Row[] {
  if (csq === '') return [];
  return csq.split(',').map((block) => {
    const values = block.split('|');
    const columns: Record<string, string> = {};
    for (const [i, name] of names.entries()) columns[name] = decodeURIComponent(values[i] ?? '');
    return { key: keyOf(record.text(0), record.text(1), record.text(3), record.text(4), columns), columns };
  });
}

/** Our rows for a VCF. */
export function ourRows(reference: Reference, vcf: string, options: EngineOptions): Map<string, Row> {
  const engine = new ConsequenceEngine(reference, options);
  const out = new ByteBuffer();
  const rows = new Map<string, Row>();
  for (const record of recordsOf(vcf)) {
    const contig = reference.contigs.idOf(record.text(0));
    if (contig < 0) continue;
    out.clear();
    engine.annotate(record, contig, out);
    for (const row of blocksOf(record, out.view().toString('latin1'), engine.columns)) rows.set(row.key, row);
  }
  return rows;
}

export interface Difference {
  column: string;
  key: string;
  want: string;
  got: string;
  /** The peer's row. */
  row: Record<string, string>;
}

export interface Comparison {
  matched: number;
  missing: string[];
  /** Percent of matched rows that agree, by column. */
  agreement: Record<string, number>;
  differences: Difference[];
}

/** Compares the columns, terms as sets. */
export function compare(want: Map<string, Row>, got: Map<string, Row>, columns: readonly string[]): Comparison {
  const differences: Difference[] = [];
  const missing: string[] = [];
  let matched = 0;
  for (const [key, { columns: wanted }] of want) {
    const ours = got.get(key)?.columns;
    if (ours === undefined) {
      missing.push(key);
      continue;
    }
    matched++;
    for (const column of columns) {
      const a = comparable(column, wanted[column] ?? '');
      const b = comparable(column, ours[column] ?? '');
      if (a !== b) differences.push({ column, key, want: a, got: b, row: wanted });
    }
  }
  const agreement: Record<string, number> = {};
  for (const column of columns) {
    const differing = differences.filter((difference) => difference.column === column).length;
    agreement[column] = (100 * (matched - differing)) / Math.max(1, matched);
  }
  return { matched, missing, agreement, differences };
}

function comparable(column: string, value: string): string {
  if (column !== 'Consequence') return decodeURIComponent(value);
  return value.split(/[&,]/).sort().join('&');
}
