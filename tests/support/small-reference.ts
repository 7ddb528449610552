/** A reference small enough to be made for a test: one coding gene on each of two contigs, with sequence. */
import { join } from 'node:path';
import { buildBundleFromModels } from '../../anntools/bundle/build.ts';
import { KnownWriter } from '../../anntools/lookup/known-writer.ts';
import { gene, transcript } from './models.ts';

export const CONTIG_LENGTH = 3000;

/** Bases of contig 1 and 2: a fixed, mixed sequence. */
export function basesOf(contig: string): string {
  let state = contig === '1' ? 1 : 2;
  let bases = '';
  for (let i = 0; i < CONTIG_LENGTH; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    bases += 'ACGT'[(state >> 16) & 3];
  }
  return bases;
}

/** Makes it in a folder; its source of known variants is called Known. */
export async function makeSmallReference(folder: string): Promise<void> {
  const contigs = ['1', '2'];
  const span = { start: 1000, end: 1600 };
  const exons = [
    { start: 1000, end: 1200 },
    { start: 1400, end: 1600 },
  ];
  const cds = [
    { start: 1100, end: 1200 },
    { start: 1400, end: 1500 },
  ];
  await buildBundleFromModels(
    folder,
    {
      contigs: contigs.map((name) => ({ name, length: CONTIG_LENGTH })),
      genes: contigs.map((contig) => gene({ id: `G${contig}`, symbol: `GENE${contig}`, contig, span })),
      transcripts: contigs.map((contig) => transcript({ id: `T${contig}`, geneId: `G${contig}`, contig, exons, cds })),
      sequences: new Map(contigs.map((name) => [name, Buffer.from(basesOf(name))])),
      sources: [],
    },
    { name: 'small', assembly: 'small', now: new Date(0) },
  );
  const known = new KnownWriter(join(folder, 'known', 'Known'), {
    name: 'Known',
    version: '1',
    assembly: 'small',
    fields: [{ id: 'Known_N', column: 'integer', description: 'number' }],
    rsField: '',
  });
  for (const contig of contigs) {
    known.begin(contig);
    for (let offset = 0; offset < CONTIG_LENGTH; offset += 2)
      known.add(offset, basesOf(contig)[offset] ?? 'N', 'A', [offset]);
  }
  known.finish();
}
