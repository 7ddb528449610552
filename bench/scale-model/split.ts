/**
 * One huge VCF over the fleet: the arithmetic of cutting it at BGZF blocks, annotating the parts at once, and joining
 * the results by UploadPartCopy without any byte coming back to us, but for one reading to know the whole's SHA-256.
 */
import { annotator, measured } from './assumptions.ts';

/** S3's limits of a multipart upload: every part but the last has at least 5 MiB, and there are at most 10,000. */
const PART_BYTES_MIN = 5 * 2 ** 20;
const PARTS_MAX = 10_000;
/** A larger one is copied in several ranges. */
const PART_BYTES_MAX = 5 * 2 ** 30;
/** Assumed: S3 copies a part within a bucket so fast, parts at once; and one reader with ranges at once reads so fast. */
const COPY_BYTES_PER_SECOND = 250e6;
const READ_BYTES_PER_SECOND = 110e6;
/** The plan: the head of the file, its assembly, and two small reads at each cut, at once; and the messages. */
const PLAN_SECONDS = 3;
/** The slowest of equal parts takes so much longer than their mean. */
const STRAGGLER = 1.15;

export interface Split {
  parts: number;
  planSeconds: number;
  annotateSeconds: number;
  copySeconds: number;
  hashSeconds: number;
  totalSeconds: number;
  /** Of one annotator doing it alone, over this. */
  speedUp: number;
  /** Instance seconds, over those of one annotator alone. */
  costRatio: number;
}

/** Into how many equal parts a result of so many bytes may be cut, and still be joined. */
export function partsMax(resultBytes: number): number {
  return Math.max(1, Math.min(PARTS_MAX, Math.floor(resultBytes / PART_BYTES_MIN)));
}

/** How many copies join so many equal parts. */
export function copies(resultBytes: number, parts: number): number {
  return parts * Math.ceil(resultBytes / parts / PART_BYTES_MAX);
}

export function split(inputBytes: number, parts: number): Split {
  const variants = inputBytes / measured.inputBytesPerVariant;
  const resultBytes = variants * measured.resultBytesPerVariant;
  const alone = part(inputBytes, variants, resultBytes);
  if (parts === 1) {
    const none = { planSeconds: 0, copySeconds: 0, hashSeconds: 0 };
    return { parts, ...none, annotateSeconds: alone, totalSeconds: alone, speedUp: 1, costRatio: 1 };
  }
  const mean = part(inputBytes / parts, variants / parts, resultBytes / parts);
  const annotateSeconds = mean * STRAGGLER;
  const copySeconds = 1 + resultBytes / parts / COPY_BYTES_PER_SECOND;
  const hashSeconds = resultBytes / READ_BYTES_PER_SECOND;
  const totalSeconds = PLAN_SECONDS + annotateSeconds + copySeconds + hashSeconds;
  return {
    parts,
    planSeconds: PLAN_SECONDS,
    annotateSeconds,
    copySeconds,
    hashSeconds,
    totalSeconds,
    speedUp: alone / totalSeconds,
    costRatio: (mean * parts + PLAN_SECONDS + copySeconds + hashSeconds) / alone,
  };
}

function part(inputBytes: number, variants: number, resultBytes: number): number {
  const { threads, parallelEfficiency, networkBytesPerSecond, overheadSeconds } = annotator;
  const computing = ((variants / 1e6) * measured.cpuSecondsPerMillion) / (threads * parallelEfficiency);
  return overheadSeconds + computing + (inputBytes + resultBytes) / networkBytesPerSecond;
}
