/** The starter reference of this checkout, made once for all tests of a run. */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineStamp } from './engine-stamp.ts';
import { buildStarter, type StarterFiles } from '../../anntools/starter/build.ts';

const data = join(import.meta.dir, '../../node_modules/ideogram/dist/data');

export async function starterFiles(): Promise<StarterFiles> {
  const bytes = (path: string): Promise<Uint8Array> => Bun.file(path).bytes();
  const cached = (path: string): Promise<Uint8Array> => bytes(join(data, 'cache', path));
  const bands = (name: string): Promise<Uint8Array> => bytes(join(data, 'bands/native', `${name}.json`));
  return {
    genes: await cached('genes/homo-sapiens-genes.tsv.gz'),
    structures: await cached('gene-structures/homo-sapiens-gene-structures.tsv.gz'),
    variants: await cached('variants/homo-sapiens-variants.tsv.gz'),
    variantKeys: await cached('variants/homo-sapiens-variants.tsv.li.gz'),
    bands: {
      GRCh38: await bands('homo-sapiens-GCF_000001405.26'),
      GRCh37: await bands('homo-sapiens-GCF_000001405.13'),
      NCBI36: await bands('homo-sapiens-GCF_000001405.12'),
      'T2T-CHM13v2.0': await bands('homo-sapiens-GCF_009914755.1'),
    },
    mitochondrion: await bytes(join(import.meta.dir, '../../anntools/data/rcrs.fa')),
    ideogramVersion: 'test',
  };
}

/** Its folder. Kept between runs: it is made again only when what it is made of changes. */
export async function starterFolder(): Promise<string> {
  const folder = join(tmpdir(), `anntools-tests-${await engineStamp()}`);
  mkdirSync(folder, { recursive: true });
  const starter = join(folder, 'grch38-starter');
  await buildStarter(await starterFiles(), starter, new Date());
  return starter;
}
