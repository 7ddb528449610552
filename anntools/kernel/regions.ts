/** Tracks and bands of the contig that records lie on, laid out for the kernel (`assembly/tracks.ts`). */
import type { Track } from '../tracks/track.ts';
import type { Arena } from './arena.ts';
import * as layout from './assembly/layout.ts';

const TRACK_WORDS = 32;
/** Where a track's label stands among its words, and where its answers begin. */
const LABEL = 5;
const ANSWER = 6;

/** A longer value is left to the host: room for a track's values is reckoned with this. */
const TEXT_MAX = 1024;

export class KernelTracks {
  constructor(
    private readonly tracks: readonly Track[],
    private readonly arena: Arena,
  ) {
    tracks.forEach(({ name }, i) => {
      arena.words[this.#wordsOf(i) + LABEL] = arena.keepText(Buffer.from(`;${name}=`, 'latin1'));
    });
  }

  /** Whether there is room for so many tracks. */
  static fit(tracks: readonly Track[]): boolean {
    return tracks.length <= layout.SOURCES_MAX;
  }

  /** Lays out the intervals of a contig of each track, -1 where a track has none; false without room. */
  open(contigs: readonly number[]): boolean {
    return this.tracks.every((track, i) => this.#open(track, contigs[i], this.#wordsOf(i)));
  }

  #wordsOf(track: number): number {
    return (layout.TRACKS >> 2) + track * TRACK_WORDS;
  }

  #open(track: Track, contig: number, words: number): boolean {
    const { arena } = this;
    arena.words.fill(0, words + ANSWER, words + TRACK_WORDS);
    if (contig < 0) {
      arena.words.fill(0, words, words + LABEL);
      return true;
    }
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
    const columns = [arena.keepWords(starts), arena.keepWords(ends), arena.keepWords(reach)];
    arena.words.set([starts.length, ...columns, texts], words);
    return columns.every((column) => column >= 0);
  }

  #keepLabel({ labelBytes, labelEnds }: Track, label: number): number {
    const from = labelEnds[label - 1];
    const to = labelEnds[label];
    return to - from > TEXT_MAX ? -1 : this.arena.keepText(labelBytes.subarray(from, to));
  }
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
