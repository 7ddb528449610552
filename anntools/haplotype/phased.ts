/**
 * BCSQ by haplotype, as bcftools csq gives it: a stage between reading and annotating that takes lines of a VCF and
 * gives them back, in order, with BCSQ in their INFO. A line that is a step of a haplotype waits until the sweep has
 * left its transcripts, and what follows it waits behind it; nothing else is kept.
 */
import type { Reference } from '../bundle/reference.ts';
import { ByteBuffer } from '../bytes/buffer.ts';
import { type TranscriptChoice, keepsTranscript } from '../engine/choice.ts';
import { TranscriptSweep } from '../consequence/sweep.ts';
import { InputError } from '../errors.ts';
import { copyInfo, infoKey } from '../vcf/info.ts';
import { VcfRecord } from '../vcf/record.ts';
import { Entries } from './entries.ts';
import { Genotypes, type Unphased } from './genotypes.ts';
import { Labels } from './labels.ts';
import type { Node, Step } from './node.ts';
import { RecordChanges } from './record.ts';
import { HaplotypeTree } from './tree.ts';

export interface PhasedOptions {
  transcripts: TranscriptChoice;
  unphased: Unphased;
  /** The reference's id of a contig of the file, -1 where it is not to be annotated. */
  contigOf: (name: string) => number;
}

/** A line that waits. */
interface Held {
  /** With its newline. */
  line: Uint8Array;
  /** Null for what is no record. */
  entries: Entries | null;
  infoStart: number;
  infoEnd: number;
  /** Last base of the transcripts whose haplotypes it belongs to, -1 without. */
  until: number;
}

interface Where extends Step {
  held: Held;
}

const NEWLINE = 10;
const HASH = 35;
const SEMICOLON = 59;
const DOT = 46;
/** What a VCF without samples has: one haplotype of the first ALTs. */
const LONE = 0;
const BCSQ = infoKey('BCSQ');
const BCSQ_IS = infoKey('BCSQ=');

export class PhasedConsequences {
  /** Whether a record had no genotypes, so that all first ALTs were taken as one haplotype. */
  lacksGenotypes = false;
  readonly #changes: RecordChanges;
  readonly #labels: Labels;
  readonly #sweep: TranscriptSweep;
  readonly #record = new VcfRecord();
  readonly #genotypes: Genotypes;
  readonly #trees = new Map<number, HaplotypeTree<Where>>();
  /** Lines that wait, from `#first` on. */
  #held: Held[] = [];
  #first = 0;
  #contigName = '';
  #contig = -1;
  #position = 0;
  #rest: Uint8Array = new Uint8Array(0);
  readonly #out = new ByteBuffer();

  constructor(
    private readonly reference: Reference,
    private readonly options: PhasedOptions,
  ) {
    this.#changes = new RecordChanges(reference);
    this.#labels = new Labels(reference);
    // An insertion beside a transcript still touches it.
    this.#sweep = new TranscriptSweep(reference.transcripts, 2);
    this.#genotypes = new Genotypes(options.unphased);
  }

  /** Heterozygous genotypes without phase. */
  get unphased(): number {
    return this.#genotypes.unphased;
  }

  /** Takes bytes of the VCF; answers the lines that are ready, valid until the next call. */
  push(chunk: Uint8Array): Uint8Array {
    this.#out.clear();
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, at)) {
      this.#line(bytes, at, newline + 1);
      at = newline + 1;
    }
    this.#rest = Uint8Array.from(bytes.subarray(at));
    return this.#out.view();
  }

  /** The lines that still wait. */
  end(): Uint8Array {
    this.#out.clear();
    if (this.#rest.length > 0) this.#line(this.#rest, 0, this.#rest.length);
    this.#leave(Infinity);
    return this.#out.view();
  }

  /** A line bytes[start, end), its newline included if it has one. */
  #line(bytes: Uint8Array, start: number, end: number): void {
    const record = this.#record;
    const held: Held = {
      line: Uint8Array.from(bytes.subarray(start, end)),
      entries: null,
      infoStart: 0,
      infoEnd: 0,
      until: -1,
    };
    if (this.#parse(held.line)) this.#gather(record, held);
    this.#held.push(held);
    if (this.#trees.size === 0) this.#release(-1);
  }

  #parse(line: Uint8Array): boolean {
    if (line[0] === HASH) return false;
    const end = line[line.length - 1] === NEWLINE ? line.length - 1 : line.length;
    try {
      this.#record.parse(line, 0, end, 0);
      return true;
    } catch (cause) {
      // A line that is no record passes; the annotation tells of it.
      if (cause instanceof InputError) return false;
      throw cause;
    }
  }

  #gather(record: VcfRecord, held: Held): void {
    const name = record.text(0);
    if (name !== this.#contigName || record.position < this.#position) {
      this.#leave(Infinity);
      this.#contigName = name;
      this.#contig = this.options.contigOf(name);
    }
    this.#position = record.position;
    if (this.#contig < 0) return;
    const first = record.position - 1;
    this.#leave(first);
    this.#sweep.moveTo(this.#contig, first, first + record.ends[3] - record.ends[2]);
    const { transcripts } = this.options;
    const near = this.#sweep.near.filter((transcript) => keepsTranscript(this.reference, transcript, transcripts));
    held.entries = new Entries();
    held.infoStart = record.ends[6] + 1;
    held.infoEnd = record.ends[7];
    if (near.length === 0) return;
    const genotypes = this.#genotypes;
    const hasGenotypes = genotypes.read(record);
    if (!hasGenotypes) this.lacksGenotypes = true;
    const present = new Set(hasGenotypes ? genotypes.alleles.subarray(0, genotypes.count) : [1]);
    this.#changes.gather(
      record,
      near,
      held.entries,
      (allele) => present.has(allele),
      (model, allele, placed) => {
        if (placed.kind !== 'step') return;
        let tree = this.#trees.get(model.transcript);
        if (tree === undefined) this.#trees.set(model.transcript, (tree = new HaplotypeTree<Where>(model)));
        const node: Node<Where> = { ...placed.node, where: { ...allele, held } };
        held.until = Math.max(held.until, model.last);
        if (!hasGenotypes) tree.grow(LONE, node);
        else for (let i = 0; i < genotypes.count; i++) if (genotypes.alleles[i] === allele.allele) tree.grow(i, node);
      },
    );
  }

  /** Finishes the haplotypes of transcripts that end before a position, and what waited for them. */
  #leave(position: number): void {
    for (const [transcript, tree] of this.#trees) {
      if (tree.model.last >= position) continue;
      tree.finish(({ held }, entry) => held.entries?.add(entry));
      this.#trees.delete(transcript);
    }
    this.#release(position);
  }

  /** Writes the lines that wait for nothing any more. */
  #release(position: number): void {
    const held = this.#held;
    while (this.#first < held.length) {
      const next = held[this.#first];
      if (this.#trees.size > 0 && next.until >= position) break;
      this.#write(next);
      this.#first++;
    }
    if (2 * this.#first < held.length) return;
    this.#held = held.slice(this.#first);
    this.#first = 0;
  }

  #write({ line, entries, infoStart, infoEnd }: Held): void {
    const out = this.#out;
    if (entries === null) {
      out.append(line);
      return;
    }
    out.append(line, 0, infoStart);
    const before = out.length;
    const hasInfo = copyInfo(line, infoStart, infoEnd, [BCSQ], out);
    if (entries.all.length > 0) {
      if (hasInfo) out.byte(SEMICOLON);
      out.append(BCSQ_IS);
      entries.write(this.#labels, out);
    }
    if (out.length === before) out.byte(DOT);
    out.append(line, infoEnd, line.length);
  }
}
