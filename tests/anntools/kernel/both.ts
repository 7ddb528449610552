/**
 * The same lines annotated twice: by the kernel, which leaves to the host what is not ordinary, and by the host alone. A
 * text larger than the kernel's memory is the host's: so many bytes are put before the lines, and skipped.
 */
import { expect } from 'bun:test';
import { gunzipSync } from 'node:zlib';
import { BATCH_SIZE } from '../../../anntools/kernel/assembly/layout.ts';
import { BatchAnnotator, type BatchOutput } from '../../../anntools/pipeline/annotate.ts';
import type { Plan } from '../../../anntools/pipeline/plan.ts';
import type { TallyCounts } from '../../../anntools/report/tally.ts';

const SKIPPED = BATCH_SIZE + 1;

interface Outcome {
  /** The annotated lines. */
  lines: string[];
  /** What is told of each batch; of an index only that there is none, where lines are out of order. */
  batches: (Omit<BatchOutput, 'bytes' | 'parts'> & { bytes: string; parts: unknown })[];
  /** What was counted after each batch but the last, and after that. */
  counts: TallyCounts[];
}

/** Annotates batches of lines both ways, and expects the same of both; answers the lines. */
export function annotateBoth(plan: Plan, ...texts: string[]): string[] {
  const host = outcome(plan, texts, SKIPPED);
  const kernel = outcome(plan, texts, 0);
  const differing = host.lines.flatMap((line, i) =>
    line === kernel.lines[i] ? [] : [{ line, kernel: kernel.lines[i] }],
  );
  expect(differing.slice(0, 3)).toEqual([]);
  expect(kernel.batches).toEqual(host.batches);
  expect(kernel.counts).toEqual(host.counts);
  return host.lines;
}

function outcome(plan: Plan, texts: readonly string[], skip: number): Outcome {
  const annotator = new BatchAnnotator(plan);
  const counts: TallyCounts[] = [];
  let text = '';
  const batches = texts.map((lines, index) => {
    const bytes = new Uint8Array(skip + lines.length);
    Buffer.from(bytes.buffer).write(lines, skip, 'latin1');
    const batch = { index, encoding: 'text', bytes, skip, tail: new Uint8Array(0), offset: 0, readBytes: 0 } as const;
    const { parts, bytes: written, ...told } = annotator.run(batch);
    text += plan.level === null ? Buffer.from(written).toString('latin1') : inflated(written);
    // Threads hand over what they counted when they are done; contigs are then met anew.
    if (index === 0) counts.push(annotator.takeCounts());
    return { ...told, bytes: Bun.hash(written).toString(16), parts: parts.sorted ? parts : 'out of order' };
  });
  return { lines: text.split('\n'), batches, counts: [...counts, annotator.takeCounts()] };
}

function inflated(blocks: Uint8Array): string {
  return blocks.length === 0 ? '' : gunzipSync(blocks).toString('latin1');
}

/** As many of the lines as a batch has. */
export function batchOf(lines: readonly string[]): string {
  let length = 0;
  return lines
    .filter((line) => (length += line.length + 1) < 1 << 21)
    .map((line) => `${line}\n`)
    .join('');
}

export function batchesOf(lines: readonly string[]): string[] {
  const size = 20_000;
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, i) =>
    batchOf(lines.slice(i * size, (i + 1) * size)),
  );
}
