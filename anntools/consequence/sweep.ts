/**
 * Finds the transcripts near each record by sweeping along sorted input: those in reach stay in a short list, new ones
 * enter it by a pointer that only moves forward. A record that lies before the last one makes the sweep start anew
 * there, so that the answer never depends on the order of records.
 */
import type { Transcripts } from '../bundle/reference.ts';

export class TranscriptSweep {
  readonly #transcripts: Transcripts;
  readonly #distance: number;
  #contig = -1;
  #lastStart = 0;
  /** The first transcript that has not entered the list yet, and the end of its contig. */
  #next = 0;
  #contigEnd = 0;
  /** Transcripts that may be in reach of the records from now on, by id. Some may be out of reach of the one asked last. */
  readonly near: number[] = [];

  constructor(transcripts: Transcripts, distance: number) {
    this.#transcripts = transcripts;
    this.#distance = distance;
  }

  /** Brings `near` up to date for the span [start, end) of a contig: a superset of the transcripts in reach. */
  moveTo(contig: number, start: number, end: number): void {
    if (contig !== this.#contig || start < this.#lastStart) this.#restart(contig, start);
    this.#lastStart = start;
    this.#leave(start);
    this.#enter(start, end);
  }

  #restart(contig: number, start: number): void {
    const { firstOfContig, reach } = this.#transcripts;
    this.#contig = contig;
    this.near.length = 0;
    this.#contigEnd = firstOfContig[contig + 1];
    // `reach` ascends: before this index nothing extends to where we are.
    let low = firstOfContig[contig];
    let high = this.#contigEnd;
    const from = start - this.#distance;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (reach[middle] > from) high = middle;
      else low = middle + 1;
    }
    this.#next = low;
  }

  #leave(start: number): void {
    const { end } = this.#transcripts;
    const { near } = this;
    const from = start - this.#distance;
    let kept = 0;
    for (let i = 0; i < near.length; i++) if (end[near[i]] >= from) near[kept++] = near[i];
    near.length = kept;
  }

  #enter(start: number, end: number): void {
    const { start: starts, end: ends } = this.#transcripts;
    const from = start - this.#distance;
    const to = end + this.#distance;
    for (; this.#next < this.#contigEnd && starts[this.#next] <= to; this.#next++) {
      if (ends[this.#next] >= from) this.#insert(this.#next);
    }
  }

  /** Keeps the list by transcript id, the order in which VEP writes its blocks. */
  #insert(transcript: number): void {
    const { near } = this;
    let at = near.length;
    while (at > 0 && this.#isBefore(transcript, near[at - 1])) at--;
    near.splice(at, 0, transcript);
  }

  #isBefore(a: number, b: number): boolean {
    const { bytes, offsets } = this.#transcripts.ids;
    let i = offsets[a];
    let j = offsets[b];
    for (; i < offsets[a + 1] && j < offsets[b + 1]; i++, j++) if (bytes[i] !== bytes[j]) return bytes[i] < bytes[j];
    const restA = offsets[a + 1] - i;
    const restB = offsets[b + 1] - j;
    return restA !== restB ? restA < restB : a < b;
  }
}
