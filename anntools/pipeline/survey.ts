/**
 * A look at the beginning of a file before anything is done with it: its header, and what its first records say about
 * the assembly they refer to. A file of another assembly than the reference must not get annotations that look true.
 */
import { Readable } from 'node:stream';
import type { Reference } from '../bundle/reference.ts';
import { ByteSource } from '../bgzf/source.ts';
import { InputError } from '../errors.ts';
import { type Agreement, type AssemblyClues, type AssemblyVerdict, detectAssembly } from '../genome/assembly.ts';
import { assemblyNamed } from '../genome/assemblies.ts';
import { chromosomeOf } from '../genome/chromosome.ts';
import { offsetOf } from '../genome/position.ts';
import type { KnownManifest } from '../lookup/known-format.ts';
import type { KnownVariants } from '../lookup/known.ts';
import type { VcfHeader } from '../vcf/header.ts';
import { VcfRecord } from '../vcf/record.ts';
import { BatchText } from './batch-text.ts';
import { type Batch, openInput } from './batches.ts';

/** Batches looked at: some megabytes, or the whole of a small file. */
const BATCHES = 4;
/** An rs number may be placed by another aligner's taste this far from where we know it. */
const PLACE_TOLERANCE = 50;
/** A source larger than this is not looked through for the assembly. */
const COMPARABLE_MAX = 500_000;

export interface Survey {
  header: VcfHeader;
  verdict: AssemblyVerdict;
  /** REF against the reference's sequence, by contig name; only contigs whose sequence is known. */
  bases: ReadonlyMap<string, Agreement>;
}

/** Looks at a stream from its beginning. @throws InputError when it is no VCF, or damaged where it was looked at. */
export async function survey(
  chunks: AsyncIterable<Uint8Array>,
  reference: Reference | null,
  known: readonly KnownVariants[],
): Promise<Survey> {
  const source = new ByteSource(chunks);
  const { header, batches } = await openInput(source);
  const comparedWith = assemblyNamed(reference?.assembly ?? known[0]?.manifest.assembly ?? '')?.name ?? '';
  const comparable = known.filter(({ manifest }) => isComparable(manifest, comparedWith));
  const look = new Look(reference, comparable);
  const text = new BatchText();
  for (let i = 0; i < BATCHES; i++) {
    const next = await batches.next().catch(untilDamage);
    if (next.done) break;
    look.batch(next.value, text);
  }
  const { seen, rsNumbers, knownBases, bases } = look;
  const clues: AssemblyClues = {
    lines: header.lines,
    headerContigs: header.contigs,
    seen,
    comparedWith,
    sequence: sum([...bases].filter(([name]) => chromosomeOf(name) !== 'MT').map(([, agreement]) => agreement)),
    rsNumbers,
    knownBases,
  };
  return { header, verdict: detectAssembly(clues), bases };
}

/** Sources of the same assembly, small enough for all of their rs numbers to be looked through. */
function isComparable({ assembly, contigs }: KnownManifest, comparedWith: string): boolean {
  const entries = contigs.reduce((sum, contig) => sum + contig.entries, 0);
  return entries <= COMPARABLE_MAX && (assemblyNamed(assembly)?.name ?? '') === comparedWith;
}

/**
 * Which assembly the first bytes of a file speak for, as far as they reach; `unknown` when they hold no whole header.
 * What is wrong with the file is told when all of it is read.
 */
export async function peekAssembly(head: Uint8Array): Promise<AssemblyVerdict> {
  try {
    return (await survey(Readable.from([head]), null, [])).verdict;
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    const sentence = 'The beginning of the file does not say which assembly its positions refer to.';
    return { name: '', certainty: 'unknown', excluded: [], sentence, evidence: [] };
  }
}

/** Damage after the header is told when the file is read for good; here it just ends the look. */
function untilDamage(cause: unknown): IteratorResult<Batch> {
  if (cause instanceof InputError) return { done: true, value: undefined };
  throw cause;
}

function sum(agreements: readonly Agreement[]): Agreement {
  const total = { agree: 0, disagree: 0 };
  for (const { agree, disagree } of agreements) {
    total.agree += agree;
    total.disagree += disagree;
  }
  return total;
}

class Look {
  readonly seen = new Map<string, { first: number; last: number }>();
  readonly bases = new Map<string, Agreement>();
  readonly rsNumbers: Agreement = { agree: 0, disagree: 0 };
  readonly knownBases: Agreement = { agree: 0, disagree: 0 };
  private readonly record = new VcfRecord();
  /** Places of rs numbers in each source, read when the first one is met. */
  private places: ReturnType<KnownVariants['placesBy']>[] | undefined;

  constructor(
    private readonly reference: Reference | null,
    private readonly known: readonly KnownVariants[],
  ) {}

  batch(batch: Batch, text: BatchText): void {
    const { bytes, end } = text.read(batch);
    for (let at = batch.skip; at < end;) {
      const newline = bytes.indexOf(10, at);
      const stop = newline < 0 || newline >= end ? end : newline;
      if (this.parse(bytes, at, stop)) this.look();
      at = stop + 1;
    }
  }

  private parse(bytes: Uint8Array, start: number, end: number): boolean {
    try {
      this.record.parse(bytes, start, end, 0);
      return bytes[start] !== 35;
    } catch (cause) {
      if (cause instanceof InputError) return false;
      throw cause;
    }
  }

  private look(): void {
    const { record } = this;
    const { position } = record;
    const name = record.text(0);
    let place = this.seen.get(name);
    if (place === undefined) this.seen.set(name, (place = { first: Infinity, last: 0 }));
    if (position > place.last) place.last = position;
    const base = String.fromCharCode(record.bytes[record.ends[2] + 1] & 0xdf);
    if (!'ACGT'.includes(base) || position === 0) return;
    if (position < place.first) place.first = position;
    this.compareSequence(name, offsetOf(position), base);
    this.compareKnown(name, offsetOf(position), base);
  }

  private compareSequence(name: string, offset: number, base: string): void {
    const contig = this.reference?.contigs.idOf(name) ?? -1;
    if (!this.reference || contig < 0 || !this.reference.sequence.has(contig)) return;
    const ours = String.fromCharCode(this.reference.sequence.base(contig, offset));
    if (ours === 'N') return;
    let agreement = this.bases.get(name);
    if (agreement === undefined) this.bases.set(name, (agreement = { agree: 0, disagree: 0 }));
    count(agreement, ours === base);
  }

  private compareKnown(name: string, offset: number, base: string): void {
    if (this.known.length === 0 || chromosomeOf(name) === 'MT') return;
    this.known.forEach((source, i) => {
      const contig = source.contigOf(name);
      if (contig < 0) return;
      const ours = source.refBaseAt(contig, offset);
      if (ours !== '') count(this.knownBases, ours === base);
      const rs = /^rs(\d+)/.exec(this.record.text(2))?.[1];
      if (rs === undefined) return;
      this.places ??= this.known.map((one) => one.placesBy(one.manifest.rsField));
      const place = this.places[i].get(Number(rs));
      if (place === undefined) return;
      count(this.rsNumbers, place.contig === contig && Math.abs(place.offset - offset) <= PLACE_TOLERANCE);
    });
  }
}

function count(agreement: Agreement, agrees: boolean): void {
  if (agrees) agreement.agree++;
  else agreement.disagree++;
}
