/**
 * The records of a VCF for which an expression holds, their lines as they were. In one pass and bounded memory; with
 * an index where the result is compressed and sorted.
 */
import { type DeflateLevel, EOF_BLOCK } from '../bgzf/block.ts';
import { ByteSource, fileChunks } from '../bgzf/source.ts';
import { BgzfWriter } from '../bgzf/writer.ts';
import { InputError } from '../errors.ts';
import { BatchText } from '../pipeline/batch-text.ts';
import { openInput } from '../pipeline/batches.ts';
import { type ByteSink, type Output, openOutput } from '../pipeline/output.ts';
import type { VcfHeader } from '../vcf/header.ts';
import { IndexCollector } from '../vcf/index-parts.ts';
import { type IndexKind, IndexWriter, TABIX_LENGTH_MAX, depthOf } from '../vcf/index-writer.ts';
import { infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import { VcfRecord } from '../vcf/record.ts';
import { VERSION } from '../version.ts';
import { type RecordTest, compileExpression } from './compile.ts';

export interface FilterRequest {
  expression: string;
  /** Path of a VCF (text, gzip, BGZF), or its bytes. */
  input: string | AsyncIterable<Uint8Array>;
  /** Path of the result, or a stream. Compressed, with an index beside it, unless the path ends in `.vcf`. */
  output: string | ByteSink;
  /** Whether a stream gets BGZF; text by default. */
  compress?: boolean;
  /** Compression, 0–12; 1 by default. */
  level?: DeflateLevel;
  signal?: AbortSignal;
  /** Bytes of the input that are read. */
  onProgress?: (bytes: number) => void;
}

export interface FilterSummary {
  records: number;
  kept: number;
  /** Lines that are no records, and so cannot be asked; they are left out. */
  unreadable: number;
  /** The first of them, one-based; 0 when there is none. */
  firstUnreadable: number;
  /** Suffix of the index beside the result, if one was written. */
  index: IndexKind | null;
}

const NEWLINE = 10;
const HASH = 35;
const LEVEL_DEFAULT = 1;
const END = infoKey('END');

/**
 * Filters a VCF.
 * @throws InputError BAD_OPTION that points at what is wrong in the expression; others when the input cannot be read.
 */
export async function filterVcf(request: FilterRequest): Promise<FilterSummary> {
  const { expression, input, output: target, signal, onProgress } = request;
  const source = new ByteSource(typeof input === 'string' ? fileChunks(input, signal) : input);
  const outputs: Output[] = [];
  const open = async (where: string | ByteSink): Promise<Output> => {
    const output = await openOutput(where);
    outputs.push(output);
    return output;
  };
  try {
    const { header, batches } = await openInput(source);
    const test = compileExpression(expression, header);
    const compress = typeof target === 'string' ? !target.endsWith('.vcf') : (request.compress ?? false);
    const output = await open(target);
    const filter = new Filter(test, header, compress ? (request.level ?? LEVEL_DEFAULT) : null);
    await output.write(filter.header(expression));
    const text = new BatchText();
    for await (const batch of batches) {
      signal?.throwIfAborted();
      const { bytes, end } = text.read(batch);
      await output.write(filter.batch(bytes, batch.skip, end, output.length));
      onProgress?.(batch.readBytes);
    }
    if (compress) await output.write(EOF_BLOCK);
    const index = compress && typeof target === 'string' ? filter.index() : undefined;
    if (index) await (await open(`${String(target)}.${filter.summary.index}`)).write(index);
    for (const one of outputs) await one.commit();
    return filter.summary;
  } finally {
    await source.close();
    for (const one of outputs) await one.abandon();
  }
}

/** Lines in, kept lines out. */
class Filter {
  readonly summary: FilterSummary = { records: 0, kept: 0, unreadable: 0, firstUnreadable: 0, index: null };
  private readonly record = new VcfRecord();
  private readonly writer: BgzfWriter;
  private readonly collector: IndexCollector;
  private readonly writtenIndex: IndexWriter;
  private readonly indexKind: IndexKind;
  private line: number;
  private chrom = '';

  constructor(
    private readonly test: RecordTest,
    private readonly vcf: VcfHeader,
    private readonly level: DeflateLevel | null,
  ) {
    this.indexKind = vcf.contigs.some(({ length }) => length > TABIX_LENGTH_MAX) ? 'csi' : 'tbi';
    this.writer = new BgzfWriter(level ?? 0);
    this.collector = new IndexCollector(depthOf(this.indexKind));
    this.writtenIndex = new IndexWriter(this.indexKind);
    this.line = vcf.lineCount;
  }

  /** The header, with a line that says what was asked. */
  header(expression: string): Uint8Array {
    const { lines, columns, newline, endsInNewline } = this.vcf;
    const earlier = lines.filter((line) => line.startsWith('##anntools_filter=')).length;
    const quoted = Buffer.from(expression.replace(/\s+/g, ' ').replace(/[\\"]/g, '\\$&')).toString('latin1');
    const ours = `##anntools_filter=<ID=filter${earlier + 1},Version="${VERSION}",Expression="${quoted}">`;
    const text = [...lines, ours].map((line) => line + newline).join('') + columns + (endsInNewline ? newline : '\n');
    this.writer.text.append(Buffer.from(text, 'latin1'));
    return this.take();
  }

  /**
   * The kept lines of bytes[start, end).
   * @param offset where in the output they will stand.
   */
  batch(bytes: Uint8Array, start: number, end: number, offset: number): Uint8Array {
    this.chrom = '';
    for (let at = start; at < end;) {
      const newline = bytes.indexOf(NEWLINE, at);
      const stop = newline < 0 || newline >= end ? end : newline;
      this.line++;
      if (this.keeps(bytes, at, stop)) this.keep(bytes, at, Math.min(stop + 1, end));
      at = stop + 1;
    }
    const kept = this.take();
    this.writtenIndex.add(this.collector.take(), offset);
    return kept;
  }

  /** The index of what was written, where it is sorted and not too long. */
  index(): Uint8Array | undefined {
    if (!this.writtenIndex.sorted || this.writtenIndex.tooLong) return undefined;
    this.summary.index = this.indexKind;
    return this.writtenIndex.finish();
  }

  private keeps(bytes: Uint8Array, start: number, end: number): boolean {
    const { record, summary } = this;
    try {
      if (bytes[start] === HASH) throw new InputError('BAD_LINE', 'begins with #');
      record.parse(bytes, start, end, this.line);
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      summary.unreadable++;
      summary.firstUnreadable ||= this.line;
      return false;
    }
    summary.records++;
    if (!this.test(record)) return false;
    summary.kept++;
    return true;
  }

  private keep(bytes: Uint8Array, start: number, end: number): void {
    const { writer, record, collector } = this;
    const from = writer.virtualOffset;
    writer.text.append(bytes, start, end);
    if (this.level === null) return;
    writer.settle();
    const chrom = record.text(0);
    if (chrom !== this.chrom) collector.enter((this.chrom = chrom));
    const first = Math.max(record.position - 1, 0);
    collector.add(
      first,
      Math.max(this.endOf(), first + record.ends[3] - record.ends[2] - 1),
      from,
      writer.virtualOffset,
    );
  }

  /** INFO/END, which is the exclusive end counted from zero; 0 where there is none. */
  private endOf(): number {
    const { bytes, ends } = this.record;
    const at = infoValue(bytes, ends[6] + 1, ends[7], END);
    if (at < 0) return 0;
    const end = Number(Buffer.prototype.latin1Slice.call(bytes, at, infoValueEnd(bytes, at, ends[7])));
    return end >= this.record.position && end <= 0x7fffffff ? end : 0;
  }

  private take(): Uint8Array {
    const { writer, level } = this;
    if (level !== null) writer.flush();
    const buffer = level === null ? writer.text : writer.out;
    const bytes = new Uint8Array(buffer.view());
    buffer.clear();
    return bytes;
  }
}
