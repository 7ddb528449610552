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
import { infoKey } from '../vcf/info.ts';
import { VcfRecord } from '../vcf/record.ts';
import { BatchText } from './batch-text.ts';
import { type Batch, openInput } from './batches.ts';

/** Batches looked at: some megabytes, or the whole of a small file. */
const BATCHES = 4;
/** An rs number may be placed by another aligner's taste this far from where we know it. */
const PLACE_TOLERANCE = 50;
const N = 78;
const LETTER_R = 114;
/** Bases of a contig that are compared: more would say the same. */
const COMPARED_MAX = 5000;
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

/** How often REF of the first bytes of a file is what a reference has there; never when they cannot be read. */
export async function peekAgreement(head: Uint8Array, reference: Reference): Promise<Agreement> {
  try {
    return sum([...(await survey(Readable.from([head]), reference, [])).bases.values()]);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    return { agree: 0, disagree: 0 };
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

/** A contig of the file, as far as it was looked at. */
interface SeenContig {
  name: Uint8Array;
  /** The first position that has a base, and the last one. */
  first: number;
  last: number;
  /** The reference's id; -1 where it has no sequence. */
  contig: number;
  /** Ids in the sources of known variants, or -1. */
  known: readonly number[];
  agreement: Agreement;
  /** Records whose REF was compared. */
  compared: number;
}

class Look {
  readonly rsNumbers: Agreement = { agree: 0, disagree: 0 };
  readonly knownBases: Agreement = { agree: 0, disagree: 0 };
  readonly seen = new Map<string, SeenContig>();
  private current: SeenContig | undefined;
  private readonly record = new VcfRecord();
  /** Places of rs numbers in each source, read when the first one is met. */
  private places: ReturnType<KnownVariants['placesBy']>[] | undefined;

  constructor(
    private readonly reference: Reference | null,
    private readonly known: readonly KnownVariants[],
  ) {}

  /** REF against the reference's sequence, by contig name. */
  get bases(): Map<string, Agreement> {
    const compared = [...this.seen].filter(([, { agreement }]) => agreement.agree + agreement.disagree > 0);
    return new Map(compared.map(([name, { agreement }]) => [name, agreement]));
  }

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
    const { record, current } = this;
    const { position } = record;
    const contig = current !== undefined && record.isOn(current.name) ? current : this.enter(record.text(0));
    if (position > contig.last) contig.last = position;
    const base = record.bytes[record.ends[2] + 1] & 0xdf;
    if (!isBase(base) || position === 0) return;
    if (position < contig.first) contig.first = position;
    if (contig.compared++ >= COMPARED_MAX) return;
    const offset = offsetOf(position);
    if (contig.contig >= 0) this.compareSequence(contig, offset, base);
    for (let i = 0; i < contig.known.length; i++) {
      if (contig.known[i] >= 0) this.compareKnown(i, contig.known[i], offset, base);
    }
  }

  private enter(name: string): SeenContig {
    let contig = this.seen.get(name);
    if (contig === undefined) this.seen.set(name, (contig = this.find(name)));
    return (this.current = contig);
  }

  private find(name: string): SeenContig {
    const contig = this.reference?.contigs.idOf(name) ?? -1;
    return {
      name: infoKey(name),
      first: Infinity,
      last: 0,
      contig: contig >= 0 && this.reference?.sequence.has(contig) === true ? contig : -1,
      known: chromosomeOf(name) === 'MT' ? [] : this.known.map((source) => source.contigOf(name)),
      agreement: { agree: 0, disagree: 0 },
      compared: 0,
    };
  }

  private compareSequence({ contig, agreement }: SeenContig, offset: number, base: number): void {
    const ours = this.reference?.sequence.base(contig, offset) ?? N;
    if (ours !== N) count(agreement, ours === base);
  }

  private compareKnown(source: number, contig: number, offset: number, base: number): void {
    const { record } = this;
    const ours = this.known[source].refBaseAt(contig, offset);
    if (ours !== '') count(this.knownBases, ours.charCodeAt(0) === base);
    if (record.bytes[record.ends[1] + 1] !== LETTER_R) return;
    const rs = /^rs(\d+)/.exec(record.text(2))?.[1];
    if (rs === undefined) return;
    this.places ??= this.known.map((one) => one.placesBy(one.manifest.rsField));
    const place = this.places[source].get(Number(rs));
    if (place === undefined) return;
    count(this.rsNumbers, place.contig === contig && Math.abs(place.offset - offset) <= PLACE_TOLERANCE);
  }
}

/** Whether a letter in upper case is A, C, G or T. */
function isBase(letter: number): boolean {
  return letter === 65 || letter === 67 || letter === 71 || letter === 84;
}

function count(agreement: Agreement, agrees: boolean): void {
  if (agrees) agreement.agree++;
  else agreement.disagree++;
}
