/** What is known about the contigs of the file: found by name once, and kept while neighbours share it. */
import type { Reference } from '../bundle/reference.ts';
import { chromosomeOf } from '../genome/chromosome.ts';
import { BandWriter, bandsOf } from '../lookup/bands.ts';
import type { KnownVariants } from '../lookup/known.ts';
import { type ContigTally, type TallyCounts, contigTally } from '../report/tally.ts';
import type { TrackWriter } from '../tracks/track-writer.ts';
import { infoKey } from '../vcf/info.ts';
import type { VcfRecord } from '../vcf/record.ts';
import type { Plan } from './plan.ts';

export interface Contig {
  /** Its name as bytes, for recognising the next record's. */
  name: Uint8Array;
  /** The reference's id; -1 when records here are not annotated. */
  id: number;
  /** Length in the reference; 0 when it is not there. */
  length: number;
  hasSequence: boolean;
  /** Id in each source of known variants, or -1. */
  known: number[];
  /** Id in each track, or -1. */
  tracks: number[];
  bands: BandWriter | null;
  tally: ContigTally;
}

/** Whether the contig of a file is that of the reference, if it has one of this name. */
export function isAnnotated({ nuclear, mitochondrion, foreignContigs }: Plan, name: string): boolean {
  return (chromosomeOf(name) === 'MT' ? mitochondrion : nuclear) && !foreignContigs.includes(name);
}

export class Contigs {
  private readonly byName = new Map<string, Contig>();
  /** That of the last record. */
  current: Contig | null = null;

  constructor(
    private readonly plan: Plan,
    private readonly reference: Reference | null,
    private readonly known: readonly Pick<KnownVariants, 'contigOf'>[],
    private readonly tracks: readonly TrackWriter[],
  ) {}

  /** The contig of the record when it is that of the record before; null otherwise. */
  same(record: VcfRecord): Contig | null {
    const { current } = this;
    return current !== null && record.isOn(current.name) ? current : null;
  }

  /** The contig of that name, from now on the current one. */
  enter(name: string, counts: TallyCounts): Contig {
    let contig = this.byName.get(name);
    if (contig === undefined) this.byName.set(name, (contig = this.find(name, counts)));
    return (this.current = contig);
  }

  /** No record has been met: the next one enters its contig. */
  leave(): void {
    this.current = null;
  }

  /** Forgets the contigs, whose tallies have been taken. */
  clear(): void {
    this.current = null;
    this.byName.clear();
  }

  private find(name: string, counts: TallyCounts): Contig {
    const { reference, plan } = this;
    const chromosome = chromosomeOf(name);
    const inReference = reference?.contigs.idOf(name) ?? -1;
    const id = isAnnotated(plan, name) ? inReference : -1;
    const length = id < 0 ? 0 : (reference?.contigs.lengths[id] ?? 0);
    const bands = bandsOf(plan.bands, name);
    return {
      name: infoKey(name),
      id,
      length,
      hasSequence: id >= 0 && reference?.sequence.has(id) === true,
      known: this.known.map((source, i) => (this.knownOn(chromosome, name, i) ? source.contigOf(name) : -1)),
      tracks: this.tracks.map((track) => track.contigOf(name)),
      bands: bands ? new BandWriter(chromosome ?? '', bands) : null,
      tally: contigTally(counts, name, plan.lengths.get(name) ?? length, inReference >= 0),
    };
  }

  /** Whether records on a contig are looked up in source `i`. */
  private knownOn(chromosome: string | null, name: string, i: number): boolean {
    const { mitochondrion, knownFits, foreignContigs } = this.plan;
    const fits = chromosome === 'MT' ? this.reference === null || mitochondrion : knownFits[i];
    return fits && !foreignContigs.includes(name);
  }
}
