/**
 * The header of a VCF: read once, kept line by line as it is, and written back with our own lines in it. What is hard
 * is that people's headers are wrong in every way, and that some files are no VCF at all: each gets its own sentence.
 * Text is latin1 here, so that bytes of any encoding come out as they went in.
 */
import { InputError } from '../errors.ts';
import { foreignFile } from './foreign.ts';

/** A header longer than this is not one: the longest real ones (thousands of contigs and samples) are a few MB. */
const HEADER_MAX = 1 << 26;

const HASH = 35;
const NEWLINE = 10;

/** The fixed columns of VCF 4.x section 1.5. */
export const FIXED_COLUMNS = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO'] as const;

export interface HeaderContig {
  name: string;
  /** 0 when the header does not say. */
  length: number;
  assembly: string;
}

export interface VcfHeader {
  /** What `##fileformat` says, e.g. `4.2` or `3.3`; empty when it is missing. */
  version: string;
  /** Every `##` line, without line ends. */
  lines: readonly string[];
  /** The `#CHROM` line, without its line end. */
  columns: string;
  /** As they stand there; one is empty when the line ends in a tab. */
  samples: readonly string[];
  contigs: readonly HeaderContig[];
  infoIds: ReadonlySet<string>;
  /** How the `#CHROM` line ends; ours end alike. */
  newline: '\n' | '\r\n';
  /** Whether the `#CHROM` line ends at all; it does not when the file is cut there. */
  endsInNewline: boolean;
  /** Lines of the file before the first data line. */
  lineCount: number;
  /** Whether a byte order mark stood before the first line; it is left out. */
  byteOrderMark: boolean;
}

/** Collects the header out of chunks of inflated bytes. */
export class HeaderReader {
  private readonly parts: Uint8Array[] = [];
  private length = 0;
  /** What the scan has seen so far: where in a line it stands and what the line begins with. */
  private lineStart = true;
  private lineBegin = '';

  /**
   * Takes a chunk. Answers where in it the data begins: the byte after the `#CHROM` line, or the start of the first
   * line that is no header line; -1 when the header goes on in the next chunk.
   */
  push(chunk: Uint8Array): number {
    for (let at = 0; at < chunk.length;) {
      if (this.lineStart) {
        if (chunk[at] !== HASH && !isBlank(chunk[at]) && !(this.length === 0 && at === 0 && chunk[at] === 0xef)) {
          return this.keep(chunk, at);
        }
        this.lineStart = false;
        this.lineBegin = '';
      }
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline < 0 ? chunk.length : newline;
      if (this.lineBegin.length < 8) {
        this.lineBegin += Buffer.from(chunk.subarray(at, Math.min(end, at + 8))).toString('latin1');
      }
      if (newline < 0) break;
      at = newline + 1;
      this.lineStart = true;
      if (/^#CHROM\b/i.test(this.lineBegin)) return this.keep(chunk, at);
    }
    this.keep(chunk, chunk.length);
    return -1;
  }

  private keep(chunk: Uint8Array, end: number): number {
    this.parts.push(chunk.subarray(0, end));
    this.length += end;
    if (this.length > HEADER_MAX) {
      throw new InputError('TOO_LARGE', 'the header is longer than 64 MB: this is not a VCF header');
    }
    return end;
  }

  /**
   * The header that was collected.
   * @param rest the first bytes after it, for saying what the file is when it is no VCF.
   * @throws InputError EMPTY, NOT_VCF or NO_HEADER_LINE
   */
  finish(rest: Uint8Array): VcfHeader {
    return parseHeader(Buffer.concat(this.parts), rest);
  }
}

function isBlank(byte: number): boolean {
  return byte === NEWLINE || byte === 13 || byte === 32 || byte === 9;
}

/** Parses the bytes of a header. `rest` as in HeaderReader.finish. */
export function parseHeader(bytes: Uint8Array, rest: Uint8Array = new Uint8Array(0)): VcfHeader {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const byteOrderMark = whole.startsWith('\xef\xbb\xbf');
  const text = byteOrderMark ? whole.slice(3) : whole;
  if (text.trim() === '' && rest.length === 0) throw new InputError('EMPTY', 'the file is empty');
  const all = text.split('\n');
  const endsInNewline = all.at(-1) === '';
  if (endsInNewline) all.pop();
  const chrom = all.findIndex((line) => /^#CHROM\b/i.test(line));
  if (chrom < 0) throw withoutColumns(all, rest);
  const columns = all[chrom].replace(/\r$/, '');
  const samples = checkColumns(columns, chrom + 1);
  const lines = all
    .slice(0, chrom)
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '');
  return {
    version: /^##fileformat=VCFv(\d+\.\d+)/i.exec(lines[0] ?? '')?.[1] ?? '',
    lines,
    columns,
    samples,
    contigs: lines.flatMap(contigOf),
    infoIds: new Set(lines.map(infoIdOf).filter((id) => id !== '')),
    newline: all[chrom].endsWith('\r') ? '\r\n' : '\n',
    endsInNewline,
    lineCount: all.length,
    byteOrderMark,
  };
}

/** What is wrong with a file that has no `#CHROM` line. */
function withoutColumns(lines: readonly string[], rest: Uint8Array): InputError {
  const first = Buffer.from(rest.subarray(0, 4096)).toString('latin1');
  const beginning = [...lines.slice(0, 5), first].join('\n');
  const foreign = foreignFile(beginning);
  if (foreign) return new InputError('NOT_VCF', `the file is not a VCF but ${foreign}`, { line: 1 });
  const line = lines.length + 1;
  const firstData = first.split('\n', 1)[0];
  if (/^##fileformat=VCF/i.test(beginning) || /^[^\t]+\t\d+\t[^\t]*\t[ACGTN]+\t/i.test(firstData)) {
    const columns = FIXED_COLUMNS.join(' ');
    return new InputError(
      'NO_HEADER_LINE',
      `the header line that names the columns is missing before line ${line}. A VCF needs one, with tabs between ` +
        `the names: ${columns}`,
      { line },
    );
  }
  const shown = (lines[0] ?? firstData).replace(/[^\x20-\x7e]/g, '·').slice(0, 60);
  return new InputError(
    'NOT_VCF',
    `the file is not a VCF: it begins with "${shown}", where a VCF begins with "##fileformat=VCFv4.2" or the like`,
    { line: 1 },
  );
}

/** Checks the `#CHROM` line and answers the sample names. */
function checkColumns(columns: string, line: number): string[] {
  const names = columns.split('\t');
  if (names.length >= FIXED_COLUMNS.length) return names.slice(9);
  const words = columns.trim().split(/\s+/);
  const problem =
    words.length >= FIXED_COLUMNS.length
      ? 'separates its columns by spaces; a VCF needs tabs'
      : `names ${words.length} columns; a VCF needs at least eight: ${FIXED_COLUMNS.join(' ')}`;
  throw new InputError('NO_HEADER_LINE', `line ${line}, which begins with #CHROM, ${problem}`, { line });
}

function contigOf(line: string): HeaderContig[] {
  if (!line.startsWith('##contig=')) return [];
  const fields = headerFields(line);
  const name = fields.get('ID');
  if (name === undefined) return [];
  const length = Number(fields.get('length') ?? 0);
  return [{ name, length: Number.isSafeInteger(length) ? length : 0, assembly: fields.get('assembly') ?? '' }];
}

/** The id of an `##INFO` line in the style of VCF 4.x or 3.x; empty for other lines. */
function infoIdOf(line: string): string {
  return (
    /^##INFO=(?:<ID=([^,>]+)|([^<,]+),)/
      .exec(line)
      ?.slice(1)
      .find((id) => id !== undefined) ?? ''
  );
}

/** The fields of `##key=<A=b,C="d, e">`; quotes are taken off. Empty when the line is not of that form. */
export function headerFields(line: string): Map<string, string> {
  const fields = new Map<string, string>();
  const inner = /^##[^=]+=<(.*)>\s*$/.exec(line)?.[1] ?? '';
  for (const [, key, value] of inner.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g)) {
    fields.set(key.trim(), value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value);
  }
  return fields;
}
