/** Tracks and bands of the contig that records lie on, laid out for the kernel (`assembly/tracks.ts`). */
import type { Track } from '../tracks/track.ts';
import type { Arena } from './arena.ts';
import * as layout from './assembly/layout.ts';
import * as words from './assembly/track-words.ts';

/** What the kernel keeps of its last answer. */
const ANSWER = [words.LOW, words.LOW_END, words.HIGH, words.HIGH_END, words.HITS];

/** A longer value is left to the host: room for a track's values is reckoned with this. */
const TEXT_MAX = 1024;

export class KernelTracks {
  constructor(
    private readonly tracks: readonly Track[],
    private readonly arena: Arena,
  ) {
    tracks.forEach(({ name }, i) => {
      arena.setWord(addressOf(i) + words.LABEL, arena.keepText(Buffer.from(`;${name}=`, 'latin1')));
    });
  }

  /** Whether there is room for so many tracks. */
  static fit(tracks: readonly Track[]): boolean {
    return tracks.length <= layout.SOURCES_MAX;
  }

  /** Lays out the intervals of a contig of each track, -1 where a track has none; false without room. */
  open(contigs: readonly number[]): boolean {
    return this.tracks.every((track, i) => this.#open(track, contigs[i], addressOf(i)));
  }

  #open(track: Track, contig: number, own: number): boolean {
    const { arena } = this;
    // No answer holds on another contig.
    for (const word of ANSWER) arena.setWord(own + word, 0);
    arena.setWord(own + words.COUNT, 0);
    if (contig < 0) return true;
    const { starts, ends, reach, labels } = track.contigs[contig];
    const texts = arena.room(labels.length * 4);
    if (texts < 0) return false;
    const known = new Map<number, number>([[0, 0]]);
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i];
      let text = known.get(label);
      if (text === undefined) {
        text = this.#keepLabel(track, label);
        if (text < 0) return false;
        known.set(label, text);
      }
      arena.words[(texts >> 2) + i] = text;
    }
    const [startsAt, endsAt, reachAt] = [starts, ends, reach].map((column) => arena.keepWords(column));
    if (startsAt < 0 || endsAt < 0 || reachAt < 0) return false;
    arena.setWord(own + words.STARTS, startsAt);
    arena.setWord(own + words.ENDS, endsAt);
    arena.setWord(own + words.REACH, reachAt);
    arena.setWord(own + words.TEXTS, texts);
    arena.setWord(own + words.COUNT, starts.length);
    return true;
  }

  #keepLabel({ labelBytes, labelEnds }: Track, label: number): number {
    const from = labelEnds[label - 1];
    const to = labelEnds[label];
    return to - from > TEXT_MAX ? -1 : this.arena.keepText(labelBytes.subarray(from, to));
  }
}

/** Where a track is laid out. */
function addressOf(track: number): number {
  return layout.TRACKS + track * words.TRACK_SIZE;
}

/** Lays out bands: their ends and the addresses of their names. */
export function layOutBands(
  ends: readonly number[],
  labels: readonly Uint8Array[],
  arena: Arena,
): { count: number; ends: number; names: number } {
  const names = arena.keepWords(labels.map((label) => arena.keepText(label)));
  return { count: ends.length, ends: arena.keepWords(ends), names };
}
