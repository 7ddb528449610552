/** How a track is laid out, as byte offsets: the host (`../regions.ts`) lays it out, the kernel reads it and keeps its answers there. */

/** Of a track: intervals, and where their starts, ends, reach and texts lie; its label; the answer and its spans. */
export const COUNT = 0;
export const STARTS = 4;
export const ENDS = 8;
export const REACH = 12;
export const TEXTS = 16;
export const LABEL = 20;
export const LOW = 24;
export const LOW_END = 28;
export const HIGH = 32;
export const HIGH_END = 36;
export const HITS = 40;
export const HIT = 44;
export const TRACK_SIZE = 128;
