/**
 * Inputs that take minutes to make, for `bun run bench --long`: millions of variants on one chromosome, and a file over
 * a whole genome with a reference of human size (`human-scale.ts`). Made once and kept, streaming: none is held whole.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundle } from '../anntools/bundle/open.ts';
import { Chromosome } from './chromosome.ts';
import { TextFile } from './text-file.ts';
import { opens } from './workload.ts';

/** Changes when the files would. */
const VERSION = 1;
const MILLION = 1_000_000;
const HUMAN = join(tmpdir(), 'anntools-human-scale');

export interface LongInput {
  title: string;
  path: string;
  records: number;
  /** The reference bundle it is annotated with. */
  reference: string;
}

/** @param chr20 the bundle of chromosome 20. */
export function longInputs(root: string, chr20: string): LongInput[] {
  const folder = join(root, `long-${VERSION}`);
  mkdirSync(folder, { recursive: true });
  const human = join(HUMAN, 'bundle');
  if (!opens(() => openBundle(human))) makeHumanReference();
  const inputs: LongInput[] = [
    { title: '5,000,000 variants', path: join(folder, 'chr20.vcf.gz'), records: 5 * MILLION, reference: chr20 },
    {
      title: '1,000,000 variants over 24 chromosomes, 250,000 transcripts',
      path: join(folder, 'human.vcf.gz'),
      records: MILLION,
      reference: human,
    },
  ];
  for (const { path, records, reference } of inputs) if (!existsSync(path)) write(path, records, reference);
  return inputs;
}

function makeHumanReference(): void {
  const words = [join(import.meta.dir, 'human-scale.ts'), HUMAN];
  const { status, stderr } = spawnSync('bun', words, { maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`human-scale.ts failed: ${stderr.toString().slice(-2000)}`);
}

function write(path: string, records: number, reference: string): void {
  const { names, lengths } = openBundle(reference).contigs;
  const genome = lengths.reduce((sum, length) => sum + length, 0);
  const file = new TextFile(path);
  file.line('##fileformat=VCFv4.2');
  names.forEach((name, i) => file.line(`##contig=<ID=${name},length=${lengths[i] ?? 0}>`));
  file.line('#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO');
  let before = 0;
  let done = 0;
  for (const [i, name] of names.entries()) {
    before += lengths[i] ?? 0;
    const here = Math.round((records * before) / genome) - done;
    done += here;
    for (const { position, ref, alt, info } of new Chromosome(reference, i).along(here, 100 + i)) {
      file.line(`${name}\t${position}\t.\t${ref}\t${alt}\t100\tPASS\t${info}`);
    }
  }
  file.close();
}
