/**
 * Writes what a track has at a variant into its INFO: the distinct values of the intervals that its changed bases
 * overlap, and for structural variants how much of them is covered.
 */
import { contigNameIndex } from '../bundle/contig-names.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { infoKey } from '../vcf/info.ts';
import { IntervalQuery } from './intervals.ts';
import type { Span } from './span.ts';
import type { Track } from './track.ts';

const SEMICOLON = 59;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;

/** Values listed of one record; what lies over more of them is told by its coverage. */
export const VALUES_MAX = 1000;

/** Up to so many intervals are compared with each other: emptying a set for every record took 4 % of a whole job. */
const FEW = 16;

/** INFO ids of a track. */
export function trackFieldIds(name: string): { values: string; bases: string; percent: string } {
  return { values: name, bases: `${name}_BASES`, percent: `${name}_PCT` };
}

export class TrackWriter {
  /** The contig of a name in any spelling, or -1. */
  readonly contigOf: (name: string) => number;
  readonly #track: Track;
  readonly #query = new IntervalQuery();
  readonly #seen = new Set<number>();
  readonly #values: Uint8Array;
  readonly #bases: Uint8Array;
  readonly #percent: Uint8Array;

  constructor(track: Track) {
    this.#track = track;
    this.contigOf = contigNameIndex(track.contigs);
    const ids = trackFieldIds(track.name);
    this.#values = infoKey(`${ids.values}=`);
    this.#bases = infoKey(`;${ids.bases}=`);
    this.#percent = infoKey(`;${ids.percent}=`);
  }

  /** Appends the track's fields for a span, without `;` before them when `first`; false when nothing overlaps. */
  write(contig: number, span: Span, out: ByteBuffer, first: boolean): boolean {
    const query = this.#query;
    const tree = this.#track.contigs[contig];
    query.find(tree, span.start, span.end);
    if (query.count === 0) return false;
    if (!first) out.byte(SEMICOLON);
    out.append(this.#values);
    this.#writeValues(contig, out);
    if (span.isStructural && span.end > span.start) {
      const covered = this.#covered(contig, span);
      out.append(this.#bases);
      out.integer(covered);
      out.append(this.#percent);
      writeTenths(Math.round((1000 * covered) / (span.end - span.start)), out);
    }
    return true;
  }

  #writeValues(contig: number, out: ByteBuffer): void {
    const { contigs, labelBytes, labelEnds } = this.#track;
    const { starts, ends, labels } = contigs[contig];
    const { hits, count } = this.#query;
    const seen = this.#seen;
    const areMany = count > FEW;
    if (areMany) seen.clear();
    let written = 0;
    for (let i = 0; i < count && written < VALUES_MAX; i++) {
      const hit = hits[i];
      const label = labels[hit];
      if (label !== 0 && (areMany ? seen.has(label) : isAmong(label, labels, hits, i))) continue;
      if (areMany) seen.add(label);
      if (written++ > 0) out.byte(COMMA);
      if (label !== 0) out.append(labelBytes, labelEnds[label - 1], labelEnds[label]);
      else {
        out.integer(starts[hit] + 1);
        out.byte(MINUS);
        out.integer(ends[hit]);
      }
    }
  }

  /** Bases of the span that at least one interval covers. */
  #covered(contig: number, { start, end }: Span): number {
    const { starts, ends } = this.#track.contigs[contig];
    const { hits, count } = this.#query;
    let covered = 0;
    let done = start;
    for (let i = 0; i < count; i++) {
      const from = Math.max(starts[hits[i]], done);
      const to = Math.min(ends[hits[i]], end);
      if (to <= from) continue;
      covered += to - from;
      done = to;
    }
    return covered;
  }
}

/** Whether one of the first `count` hits has the label. */
function isAmong(label: number, labels: Uint32Array, hits: ArrayLike<number>, count: number): boolean {
  for (let i = 0; i < count; i++) if (labels[hits[i]] === label) return true;
  return false;
}

function writeTenths(tenths: number, out: ByteBuffer): void {
  out.integer(Math.floor(tenths / 10));
  if (tenths % 10 === 0) return;
  out.byte(DOT);
  out.byte(48 + (tenths % 10));
}
