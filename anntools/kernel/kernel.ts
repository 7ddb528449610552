/**
 * The kernel's host: puts the batch, the contig and its transcripts into the kernel's memory, answers what it asks,
 * and takes what it wrote, logged and counted. The kernel is WebAssembly, compiled from `assembly/` by
 * `npm run wasm`: why is told in docs/decisions/062.
 */
import { readFileSync } from 'node:fs';
import type { Reference } from '../bundle/reference.ts';
import type { AlleleColumn, ColumnName, TranscriptColumn } from '../engine/columns.ts';
import type { TranscriptChoice } from '../engine/choice.ts';
import { CONSEQUENCE_AND_IMPACT, Place, PreparedRow } from '../engine/prepared-row.ts';
import { TranscriptColumns } from '../engine/transcript-columns.ts';
import { changeNames, impactName, nmdEscape } from '../engine/row.ts';
import { BAND_FIELD, type BandWriter } from '../lookup/bands.ts';
import type { KnownVariants } from '../lookup/known.ts';
import { WORD_LEAST } from '../lookup/known-format.ts';
import type { Track } from '../tracks/track.ts';
import { joinedNames } from '../consequence/terms.ts';
import { residueNames } from '../hgvs/protein.ts';
import { Arena } from './arena.ts';
import * as layout from './assembly/layout.ts';
import kernelPath from './kernel.wasm' with { type: 'file' };
import { KernelSources } from './known-sources.ts';
import { KernelTracks, layOutBands } from './regions.ts';
import { KernelTranscripts } from './transcripts.ts';

export interface KernelOptions {
  transcripts: TranscriptChoice;
  distance: number;
  columns: readonly (ColumnName | TranscriptColumn | AlleleColumn)[];
  /** Bytes of text at which it is taken. */
  enough: number;
  /** Sources of known variants, and whether a column lists their identifiers. */
  known: readonly KnownVariants[];
  tellsIdentifiers: boolean;
  tracks: readonly Track[];
}

/** The contig that records lie on. */
export interface KernelContig {
  name: Uint8Array;
  /** The reference's id; -1 when its records get no consequences. */
  id: number;
  /** Its number in each source of known variants and each track, or -1. */
  known: readonly number[];
  tracks: readonly number[];
  bands: BandWriter | null;
  /** Length by which records are counted in stretches, 0 when nobody says it, and how many stretches. */
  drawnLength: number;
  stretches: number;
}

/** Why the kernel stopped: the batch is done, its text is to be taken, or a line is left to the host. */
export const Stop = { DONE: 0, FULL: 1, LEFT: 2 } as const;

/** Columns of the kernel's own (`assembly/row.ts`). */
const CONSEQUENCE_AND_IMPACT_COLUMN = 64;
const ALLELE_COLUMN = 65;

interface KernelExports {
  open(enough: number, genes: number): void;
  openKnown(sources: number, wordLeast: number): void;
  openTracks(tracks: number, bandLabel: number): void;
  openBands(bands: number, ends: number, names: number): void;
  openIntergenic(at: number): void;
  openTranscripts(count: number, first: number, starts: number, ends: number, reach: number, distance: number): void;
  openContig(
    name: number,
    nameLength: number,
    isAnnotated: number,
    length: number,
    hasSequence: number,
    drawn: number,
    stretches: number,
  ): void;
  run(): number;
  memory: WebAssembly.Memory;
}

let compiled: WebAssembly.Module | undefined;

export class Kernel {
  /** The memory for the text of a batch, and that of what is written. */
  readonly batch: Buffer<ArrayBuffer>;
  readonly text: Buffer<ArrayBuffer>;
  /** The words of `layout.STATE` and `layout.TALLY`, and the log. */
  readonly state: Int32Array;
  readonly tally: Int32Array;
  readonly log: Int32Array;
  /** Counts of records by the reference's genes. */
  readonly genes: Int32Array;
  readonly #arena: Arena;
  readonly #kernel: KernelExports;
  /** Null without a reference: then only sources and tracks are told of. */
  readonly #transcripts: KernelTranscripts | null;
  readonly #known: KernelSources;
  readonly #tracks: KernelTracks;
  readonly #name: number;
  /** The contig that records lie on, and the one whose transcripts and regions lie in memory. */
  #entered: KernelContig | null = null;
  #loaded: KernelContig | null = null;

  constructor(
    private readonly reference: Reference | null,
    private readonly options: KernelOptions,
  ) {
    compiled ??= new WebAssembly.Module(readFileSync(kernelPath));
    const { enough, known, tellsIdentifiers, tracks } = options;
    const instance = new WebAssembly.Instance(compiled, { host: this.#imports() });
    this.#kernel = instance.exports as unknown as KernelExports;
    const memory = this.#kernel.memory.buffer as ArrayBuffer;
    const arena = new Arena(memory);
    this.#arena = arena;
    this.batch = Buffer.from(memory, layout.BATCH, layout.BATCH_SIZE);
    this.text = Buffer.from(memory, layout.TEXT, layout.TEXT_SIZE);
    this.state = new Int32Array(memory, layout.STATE, 64);
    this.tally = new Int32Array(memory, layout.TALLY, layout.TALLY_SIZE);
    this.log = new Int32Array(memory, layout.LOG, layout.LOG_MAX * layout.LOG_FIELDS);
    const genes = reference?.genes.count ?? 0;
    const genesAt = arena.room(genes * 4);
    this.genes = new Int32Array(memory, genesAt, genes);
    this.#name = arena.room(NAME_MAX);
    this.#writeNames(arena);
    this.#transcripts = reference && this.#openTranscripts(reference);
    this.#kernel.open(enough, genesAt);
    this.#known = new KernelSources(known, tellsIdentifiers, arena);
    this.#kernel.openKnown(known.length, WORD_LEAST | 0);
    this.#tracks = new KernelTracks(tracks, arena);
    this.#kernel.openTracks(tracks.length, arena.keepText(Buffer.from(`;${BAND_FIELD}=`)));
    arena.settle();
  }

  /** Whether the kernel can do it: it writes all columns but those on the genome, and has room for so much. */
  static does({ columns, known, tracks }: KernelOptions): boolean {
    return !columns.includes('HGVSg') && KernelSources.fit(known) && KernelTracks.fit(tracks);
  }

  /** Tells the kernel of the columns of a block, at each place. */
  #openTranscripts(reference: Reference): KernelTranscripts {
    const { transcripts, distance, columns } = this.options;
    const arena = this.#arena;
    const texts = new TranscriptColumns(reference, columns);
    const rows = Object.values(Place).map((place) => new PreparedRow(texts, columns, place));
    const opened = new KernelTranscripts(reference, transcripts, distance, rows, arena);
    rows.forEach((row, place) => {
      const codes = row.columns.map(kernelColumn);
      arena.setWord(layout.ROWS + 8 * place, arena.keepWords(codes));
      arena.setWord(layout.ROWS + 8 * place + 4, codes.length);
    });
    this.#kernel.openIntergenic(opened.pieces(0, Place.INTERGENIC));
    return opened;
  }

  /** Points the kernel at the lines batch[start, end), and forgets the contig that records lie on. */
  begin(start: number, end: number): void {
    const { state } = this;
    state[layout.AT] = layout.BATCH + start;
    state[layout.END] = layout.BATCH + end;
    state[layout.LINE] = 0;
    state[layout.LOGGED] = 0;
    state[layout.TEXT_LENGTH] = 0;
    this.#entered = null;
    this.#kernel.openContig(this.#name, 0, 0, 0, 0, 0, 0);
  }

  /** Records lie on a contig from now on. */
  enter(contig: KernelContig): void {
    if (contig === this.#entered) return;
    this.#entered = contig;
    const { name, id, drawnLength, stretches, known } = contig;
    const { reference } = this;
    const isReady = name.length <= NAME_MAX && (contig === this.#loaded || this.#load(contig));
    if (isReady) this.#arena.bytes.set(name, this.#name);
    this.#known.enter(known);
    this.#kernel.openContig(
      this.#name,
      isReady ? name.length : 0,
      id < 0 ? 0 : 1,
      id < 0 ? 0 : (reference?.contigs.lengths[id] ?? 0),
      id >= 0 && reference?.sequence.has(id) ? 1 : 0,
      drawnLength,
      stretches,
    );
  }

  /** Goes on until the batch is done, text is to be taken or a line is left: a `Stop`. */
  run(): number {
    // Memory that was full is emptied between two lines.
    if (this.#arena.isFull && this.#entered !== null) this.#load(this.#entered);
    return this.#kernel.run();
  }

  /** Puts what a contig has where the kernel finds it, in memory that is emptied before; false when it is too much. */
  #load(contig: KernelContig): boolean {
    this.#arena.clear();
    const isLoaded = this.#layOut(contig) && this.#arena.left >= TRANSCRIPTS_ROOM;
    this.#loaded = isLoaded ? contig : null;
    // What is too much once is too much again: the contig is left to the host.
    if (!isLoaded) this.#arena.clear();
    return isLoaded;
  }

  #layOut({ id, tracks, bands }: KernelContig): boolean {
    const opened = id < 0 ? NO_TRANSCRIPTS : (this.#transcripts?.open(id) ?? null);
    if (opened === null || !this.#tracks.open(tracks)) return false;
    const { count, first, starts, ends, reach } = opened;
    this.#kernel.openTranscripts(count, first, starts, ends, reach, this.options.distance);
    const laidOut = bands ? layOutBands(bands.bands.ends, bands.labels, this.#arena) : NO_BANDS;
    this.#kernel.openBands(laidOut.count, laidOut.ends, laidOut.names);
    return true;
  }

  #imports(): Record<string, (...values: number[]) => number> {
    return {
      transcript: (index) => this.#transcripts?.addressOf(index) ?? 0,
      pieces: (index, place) => this.#transcripts?.pieces(index, place) ?? -1,
      coding: (at) => (this.#transcripts?.readCoding(at) ? 1 : 0),
      terms: (low, high, how) => this.#terms(low, high, how),
      bases: (piece, at) => this.#bases(piece, at),
      known: (source, offset, ref, refEnd, alt, altEnd, codes) =>
        this.#known.find(source, offset, ref, refEnd, alt, altEnd, codes) ? 1 : 0,
      window: (source, offset) => (this.#known.readWindow(source, offset), 0),
      exception: (source, field, entry) => this.#known.exception(source, field, entry),
      knownText: (source, field, code) => this.#known.writeText(source, field, code),
    };
  }

  #bases(piece: number, at: number): number {
    const id = this.#entered?.id ?? -1;
    if (this.reference === null) return 0;
    const { contigs, sequence } = this.reference;
    const from = piece << layout.SEQUENCE_BITS;
    const count = Math.min(1 << layout.SEQUENCE_BITS, contigs.lengths[id] - from);
    return sequence.copyPacked(id, from, count, this.#arena.bytes, at) ? 1 : 0;
  }

  /** The names of a set of terms with their length before them, kept as long as the transcripts. */
  #terms(low: number, high: number, how: number): number {
    const names = how === 2 ? Buffer.alloc(0) : joinedNames(low, high);
    const impact = how === 1 ? '' : impactName(low, high);
    const text = Buffer.concat([names, Buffer.from(how === 0 ? `|${impact}` : impact)]);
    return this.#arena.keepText(text);
  }

  #writeNames(arena: Arena): void {
    for (let letter = 0; letter < 256; letter++) {
      arena.bytes.set(residueNames.subarray(3 * letter, 3 * letter + 3), layout.RESIDUE_NAMES + 4 * letter);
    }
    [...changeNames, nmdEscape].forEach((name, i) => {
      arena.setWord(layout.CHANGE_NAMES + 8 * i, arena.keep(name));
      arena.setWord(layout.CHANGE_NAMES + 8 * i + 4, name.length);
    });
  }
}

/** A contig with a longer name is left to the host. */
const NAME_MAX = 256;

/** Memory that is left for transcripts, at least: some thousand of them. */
const TRANSCRIPTS_ROOM = 1 << 23;

const NO_TRANSCRIPTS = { count: 0, first: 0, starts: 0, ends: 0, reach: 0 };
const NO_BANDS = { count: 0, ends: 0, names: 0 };

function kernelColumn(column: number | AlleleColumn): number {
  if (typeof column !== 'number') return ALLELE_COLUMN;
  return column === CONSEQUENCE_AND_IMPACT ? CONSEQUENCE_AND_IMPACT_COLUMN : column;
}
