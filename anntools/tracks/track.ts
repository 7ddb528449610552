/**
 * A track: regions of the genome with a name each, read whole out of a file of any usual layout and kept as arrays that
 * every thread shares. The lines may come in any order; a line that makes no sense is counted, with its number.
 */
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { TextLines } from '../annotation-files/text-lines.ts';
import { inflate } from '../bgzf/reader.ts';
import { ByteSource } from '../bgzf/source.ts';
import { ofAnyFile, SourceFile } from '../bundle/source-file.ts';
import { InputError } from '../errors.ts';
import { type IntervalTree, indexIntervals } from './intervals.ts';
import { type Layout, isHeading, layoutOf } from './layout.ts';
import { LabelPool } from './label-pool.ts';
import { TrackContig } from './track-contig.ts';
import { VcfRegions } from './vcf-regions.ts';

export interface TrackSource {
  /** INFO id of its values. */
  name: string;
  path: string;
  /** Which columns (numbers from one, or names), GFF attributes or keys of a VCF's INFO are the value; none: the usual one. */
  columns?: readonly string[];
  /** What this file may not exceed. */
  limits?: Partial<TrackLimits>;
}

/** What a file that somebody uploaded may not exceed. */
export interface TrackLimits {
  intervals: number;
  /** Bytes when inflated. */
  bytes: number;
}

const LIMITS: TrackLimits = { intervals: 100_000_000, bytes: 64e9 };

/** Plain data: it travels to the threads, its arrays are shared. */
export interface Track {
  name: string;
  /** The file, without its folder, and its checksum. */
  source: string;
  sha256: string;
  form: Layout['form'];
  contigs: (IntervalTree & {
    name: string;
    /** Index of each interval's value; 0 for the interval itself. */
    labels: Uint32Array;
  })[];
  /** The values, escaped for INFO; value i is bytes [ends[i − 1], ends[i]). */
  labelBytes: Uint8Array;
  labelEnds: Uint32Array;
  intervals: number;
  badLines: number;
  badExamples: { line: number; text: string }[];
}

const NAME = /^[A-Za-z_][\w.]*$/;
/** INFO keys that VCF or this program gives a meaning. */
const RESERVED = new Set(['AA', 'AC', 'AD', 'AF', 'AN', 'BQ', 'CIGAR', 'DB', 'DP', 'END', 'MQ', 'NS', 'SB', 'SOMATIC']);
const OURS = new Set(['CSQ', 'ANN', 'BCSQ', 'CYTOBAND']);

/**
 * `NAME=FILE`, `NAME=FILE#COLUMN,…` as a command takes it.
 * @throws InputError BAD_OPTION
 */
export function trackSource(text: string): TrackSource {
  const [, name, file] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  if (name === undefined)
    throw new InputError(
      'BAD_OPTION',
      `a track is given as NAME=FILE, e.g. --track SEGDUP=segdup.bed.gz, not '${text}'`,
    );
  const [, path = file, columns] = /^(.+)#([\w.,/ -]+)$/.exec(file) ?? [];
  return { name: checkedName(name), path, ...(columns === undefined ? {} : { columns: columns.split(',') }) };
}

function checkedName(name: string): string {
  if (!NAME.test(name)) {
    const rule = 'letters, digits, dots and underscores, beginning with a letter or underscore';
    throw new InputError(
      'BAD_OPTION',
      `'${name}' cannot be the name of a track: it becomes an INFO field, made of ${rule}`,
    );
  }
  if (RESERVED.has(name) || OURS.has(name))
    throw new InputError('BAD_OPTION', `a track cannot be called ${name}, which has another meaning in INFO`);
  return name;
}

/** Reads a track. @throws InputError that says what is wrong with the file. */
export async function readTrack(
  source: TrackSource,
  limits: Partial<TrackLimits> = {},
  signal?: AbortSignal,
): Promise<Track> {
  const file = new SourceFile(source.path, () => {}, signal);
  const reader = new TrackReader(source, { ...LIMITS, ...source.limits, ...limits });
  await file.read(async (chunks) => {
    for await (const chunk of chunks) reader.push(chunk);
    reader.end();
  });
  return reader.finish(basename(source.path), file.facts().sha256);
}

/** Reads tracks, one after another. @throws InputError that says what is wrong with a file. */
export async function readTracks(
  sources: readonly TrackSource[],
  limits: Partial<TrackLimits>,
  signal?: AbortSignal,
): Promise<Track[]> {
  const tracks: Track[] = [];
  for (const source of sources) tracks.push(await readTrack(source, limits, signal));
  return tracks;
}

/** What the beginning of a file shows of a track, and whether that was all of it. */
export type TrackPeek = Pick<Track, 'form' | 'intervals' | 'badLines' | 'badExamples'> & { isWhole: boolean };

/** A few kilobytes may inflate to anything; so much is looked at. */
const PEEK_BYTES_MAX = 1 << 23;

/**
 * Looks at the first bytes of a file, as far as they reach; `isWhole` when they are all of it.
 * @throws InputError when they are no track
 */
export async function peekTrack(source: TrackSource, head: Uint8Array, isWhole: boolean): Promise<TrackPeek> {
  const reader = new TrackReader(source, LIMITS);
  let left = PEEK_BYTES_MAX;
  try {
    for await (const chunk of inflate(new ByteSource(Readable.from([head])))) {
      reader.push(chunk);
      left -= chunk.length;
      if (left < 0) return { ...reader.peek(), isWhole: false };
    }
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    // What was cut off by us ends early.
    if (isWhole || cause.code !== 'TRUNCATED') throw ofAnyFile(cause);
  }
  if (isWhole) {
    reader.end();
    reader.finish(basename(source.path), '');
  }
  return { ...reader.peek(), isWhole };
}

const TAB = 9;
const SPACE = 32;
/** All of a place in one cell. */
const PLACE = /^(\S+):([\d,]+)(?:-|\.\.)([\d,]+)$/;
const EXAMPLES_MAX = 5;
const MAX_POSITION = 0x7fffffff;

class TrackReader {
  private readonly lines = new TextLines((bytes, start, end, line) => this.line(bytes, start, end, line));
  private layout: Layout | undefined;
  private heading = '';
  private readonly contigs = new Map<string, TrackContig>();
  private contig: TrackContig | undefined;
  private contigName = Buffer.alloc(0);
  private readonly labels = new LabelPool();
  private intervals = 0;
  private bytes = 0;
  private badLines = 0;
  private readonly badExamples: Track['badExamples'] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private vcf: VcfRegions | undefined;

  constructor(
    private readonly source: TrackSource,
    private readonly limits: TrackLimits,
  ) {}

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limits.bytes) throw this.tooLarge(`${this.limits.bytes.toLocaleString('en')} bytes`);
    this.lines.push(chunk);
  }

  end(): void {
    this.lines.end();
  }

  peek(): Omit<TrackPeek, 'isWhole'> {
    const { layout, intervals, badLines, badExamples } = this;
    return { form: layout?.form ?? 'BED', intervals, badLines, badExamples };
  }

  finish(source: string, sha256: string): Track {
    if (this.intervals === 0) {
      const [first] = this.badExamples;
      const why = first ? `: line ${first.line} ${first.text}` : '';
      throw new InputError('BAD_MODELS', `${source}: the track ${this.source.name} has no intervals${why}`);
    }
    const contigs = [...this.contigs].map(([name, contig]) => {
      const tree = contig.sorted();
      indexIntervals(tree);
      return { name, ...tree };
    });
    const { bytes, ends } = this.labels.finish();
    const { name } = this.source;
    return { ...this.peek(), name, source, sha256, contigs, labelBytes: bytes, labelEnds: ends };
  }

  private line(bytes: Uint8Array, start: number, end: number, line: number): void {
    if (end === start || isComment(bytes, start, end)) {
      if (bytes[start] === HASH && bytes[start + 1] !== HASH && !this.layout)
        this.heading = textOf(bytes, start + 1, end);
      return;
    }
    const layout = this.layout ?? this.firstLine(bytes, start, end, line);
    if (!layout) return;
    const problem =
      this.vcf === undefined
        ? this.add(bytes, this.cut(bytes, start, end, layout.isSpaced), layout)
        : this.addRecord(this.vcf, bytes, start, end, line);
    if (problem === '') return;
    this.badLines++;
    if (this.badExamples.length < EXAMPLES_MAX) this.badExamples.push({ line, text: problem });
  }

  /** What the first line says of the file; undefined when it names columns. */
  private firstLine(bytes: Uint8Array, start: number, end: number, line: number): Layout | undefined {
    const text = textOf(bytes, start, end);
    if (this.heading === '' && isHeading(text)) {
      this.heading = text;
      return undefined;
    }
    const layout = layoutOf(this.heading, text, this.source.columns ?? []);
    if (typeof layout !== 'string') {
      if (layout.form === 'VCF') this.vcf = new VcfRegions(layout.attributes);
      return (this.layout = layout);
    }
    const shown = text.replace(/[^\x20-\x7e\t]/g, '·').slice(0, 60);
    throw new InputError('BAD_MODELS', `the track ${this.source.name} ${layout}; line ${line} is "${shown}"`, { line });
  }

  /** Finds the cells of a line; answers how many. */
  private cut(bytes: Uint8Array, start: number, end: number, isSpaced: boolean): number {
    let cells = 0;
    for (let at = start; at <= end; cells++) {
      let to = at;
      while (to < end && bytes[to] !== TAB && !(isSpaced && bytes[to] === SPACE)) to++;
      this.starts[cells] = at;
      this.ends[cells] = to;
      at = to + 1;
      while (isSpaced && at < end && bytes[at] === SPACE) at++;
    }
    return cells;
  }

  /** Adds the interval of a line; answers what is wrong with it, or nothing. */
  private add(bytes: Uint8Array, cells: number, layout: Layout): string {
    if (cells <= layout.end) return `has ${cells} columns where the end is in column ${layout.end + 1}`;
    if (layout.start === layout.contig) return this.addPlace(bytes, cells, layout);
    const from = this.whole(bytes, layout.start);
    const to = layout.end === layout.start ? from : this.whole(bytes, layout.end);
    if (Number.isNaN(from) || Number.isNaN(to)) {
      const odd = Number.isNaN(from) ? layout.start : layout.end;
      return `has '${this.cell(bytes, odd).slice(0, 40)}' where a position should be`;
    }
    const start = layout.isOneBased ? from - 1 : from;
    if (start > to || start < 0) return `begins at ${from} and ends at ${to}`;
    if (this.ends[layout.contig] === this.starts[layout.contig]) return 'names no contig';
    this.count();
    const contig = this.enter(bytes, this.starts[layout.contig], this.ends[layout.contig]);
    contig.add(start, to, this.label(bytes, cells, layout));
    return '';
  }

  /** Adds the interval of a line whose place is in one cell; answers what is wrong with it, or nothing. */
  private addPlace(bytes: Uint8Array, cells: number, layout: Layout): string {
    const text = this.cell(bytes, layout.contig).trim();
    const [, name = '', from = '', to = ''] = PLACE.exec(text) ?? [];
    if (name === '') return `has '${text.slice(0, 40)}' where a place like chr1:11-20 should be`;
    const start = Number(from.replaceAll(',', '')) - 1;
    const end = Number(to.replaceAll(',', ''));
    if (start < 0 || start >= end || end > MAX_POSITION) return `has the place ${text.slice(0, 40)}`;
    this.count();
    this.contigNamed(name).add(start, end, this.label(bytes, cells, layout));
    return '';
  }

  /** Adds the region of a record of a VCF; answers what is wrong with it, or nothing. */
  private addRecord(vcf: VcfRegions, bytes: Uint8Array, start: number, end: number, line: number): string {
    const problem = vcf.read(bytes, start, end, line);
    if (problem !== '' || vcf.end < vcf.start) return problem;
    this.count();
    this.enter(bytes, start, vcf.record.ends[0]).add(vcf.start, vcf.end, this.labels.numberOfText(vcf.value()));
    return '';
  }

  private count(): void {
    if (++this.intervals > this.limits.intervals)
      throw this.tooLarge(`${this.limits.intervals.toLocaleString('en')} intervals`);
  }

  /** The number in a cell; NaN when there is none. */
  private whole(bytes: Uint8Array, cell: number): number {
    const end = this.ends[cell];
    let value = 0;
    for (let at = this.starts[cell]; at < end; at++) {
      const digit = bytes[at] - 48;
      if (!(digit >= 0 && digit <= 9)) return Number.NaN;
      value = value * 10 + digit;
    }
    return end > this.starts[cell] && value <= MAX_POSITION ? value : Number.NaN;
  }

  private cell(bytes: Uint8Array, cell: number): string {
    return textOf(bytes, this.starts[cell], this.ends[cell]);
  }

  private enter(bytes: Uint8Array, start: number, end: number): TrackContig {
    if (this.contig && areSame(bytes, start, end, this.contigName)) return this.contig;
    const name = textOf(bytes, start, end);
    this.contigName = Buffer.from(name);
    return (this.contig = this.contigNamed(name));
  }

  private contigNamed(name: string): TrackContig {
    let contig = this.contigs.get(name);
    if (!contig) this.contigs.set(name, (contig = new TrackContig()));
    return contig;
  }

  /** Index of the value of a line. */
  private label(bytes: Uint8Array, cells: number, { values, attributes }: Layout): number {
    if (attributes.length > 0) {
      return this.labels.numberOfText(attributeOf(this.cell(bytes, 8), attributes) || this.cell(bytes, 2));
    }
    if (values.length === 0) return 0;
    if (values.length === 1) {
      const [value] = values;
      return value < cells ? this.labels.numberOf(bytes, this.starts[value], this.ends[value]) : 0;
    }
    return this.labels.numberOfText(values.map((value) => (value < cells ? this.cell(bytes, value) : '')).join(':'));
  }

  private tooLarge(limit: string): InputError {
    return new InputError('TOO_LARGE', `the track ${this.source.name} is larger than allowed: more than ${limit}`);
  }
}

const HASH = 35;

/** `#…`, and the `track` and `browser` lines of the UCSC browser. */
function isComment(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === HASH) return true;
  if (bytes[start] !== 116 && bytes[start] !== 98) return false;
  return /^(track|browser)(\s|$)/.test(textOf(bytes, start, Math.min(end, start + 8)));
}

/** The first of the attributes that a GFF3 or GTF line has. */
function attributeOf(text: string, names: readonly string[]): string {
  for (const name of names) {
    const [, quoted, bare] =
      new RegExp(`(?:^|;)\\s*${RegExp.escape(name)}(?:=|\\s+)(?:"([^"]*)"|([^;]*))`).exec(text) ?? [];
    const value = quoted ?? bare;
    if (value !== undefined && value !== '') return decoded(value.trim());
  }
  return '';
}

/** GFF3 writes `%2C` for a comma; what is not so encoded stays. */
function decoded(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.utf8Slice.call(bytes, start, end);
}

/** Whether bytes[start, end) are these. */
function areSame(bytes: Uint8Array, start: number, end: number, others: Uint8Array): boolean {
  if (end - start !== others.length) return false;
  for (let i = 0; i < others.length; i++) if (bytes[start + i] !== others[i]) return false;
  return true;
}
