/** The cytogenetic band a position lies in, e.g. `20p12.3`: what people say instead of coordinates. */
import type { ByteBuffer } from '../bytes/buffer.ts';
import { chromosomeOf } from '../genome/chromosome.ts';

/** Bands of one chromosome, ascending: where each ends (zero-based, exclusive) and its name without the chromosome. */
export interface ChromosomeBands {
  ends: number[];
  names: string[];
}

/** Bands of an assembly by chromosome (`1` … `22`, `X`, `Y`). */
export type BandTable = Record<string, ChromosomeBands>;

export const BAND_FIELD = 'CYTOBAND';

/** The bands of the contig a name means; undefined when there are none. */
export function bandsOf(table: BandTable | null, contig: string): ChromosomeBands | undefined {
  const chromosome = chromosomeOf(contig);
  return table === null || chromosome === null ? undefined : table[chromosome];
}

/** Index of the band that holds a zero-based offset; -1 beyond the last. */
function bandAt({ ends }: ChromosomeBands, offset: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle] <= offset) low = middle + 1;
    else high = middle;
  }
  return low < ends.length ? low : -1;
}

/** Writes the bands of one contig, remembering the last: neighbours share it. */
export class BandWriter {
  /** Names with their chromosome. */
  readonly labels: readonly Uint8Array[];
  private band = -1;

  constructor(
    chromosome: string,
    readonly bands: ChromosomeBands,
  ) {
    this.labels = bands.names.map((name) => Buffer.from(`${chromosome}${name}`, 'latin1'));
  }

  /** Appends `20p12.3`, or `20p12.3-p12.1` for [start, end) that reaches into another band; false beyond the chromosome. */
  write(start: number, end: number, out: ByteBuffer): boolean {
    const { bands, band } = this;
    const from = band > 0 && start >= bands.ends[band - 1] && start < bands.ends[band] ? band : bandAt(bands, start);
    if (from < 0) return false;
    this.band = from;
    out.append(this.labels[from]);
    if (end <= bands.ends[from]) return true;
    const to = bandAt(bands, end - 1);
    out.ascii(`-${bands.names[to < 0 ? bands.names.length - 1 : to]}`);
    return true;
  }
}
