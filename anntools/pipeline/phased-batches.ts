/**
 * The stage that tells of haplotypes (`haplotype/phased.ts`), between reading and annotating: batches in, batches with
 * BCSQ in their lines out. It works in the main thread, since a haplotype may reach from one batch into the next; the
 * workers annotate what it gives them as they would the file.
 */
import type { PhasedConsequences } from '../haplotype/phased.ts';
import { BatchText } from './batch-text.ts';
import type { Batch } from './batches.ts';

/** The batches of a file with BCSQ added. @throws InputError when a block is damaged. */
export async function* phasedBatches(
  batches: AsyncIterable<Batch>,
  haplotypes: PhasedConsequences,
): AsyncGenerator<Batch> {
  const text = new BatchText();
  let index = 0;
  let place = { offset: 0, readBytes: 0 };
  const batchOf = (lines: Uint8Array): Batch => ({
    index: index++,
    encoding: 'text',
    bytes: Uint8Array.from(lines),
    skip: 0,
    tail: new Uint8Array(0),
    ...place,
  });
  for await (const batch of batches) {
    const { bytes, end } = text.read(batch);
    place = { offset: batch.offset, readBytes: batch.readBytes };
    const lines = haplotypes.push(bytes.subarray(batch.skip, end));
    if (lines.length > 0) yield batchOf(lines);
  }
  const lines = haplotypes.end();
  if (lines.length > 0) yield batchOf(lines);
}
