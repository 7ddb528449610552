/**
 * The starter reference as it is made on this machine: out of files that the program carries with it (those of the
 * npm package ideogram, and the mitochondrion), so that nothing is downloaded and a compiled executable has them too.
 */
import bands38 from 'ideogram/dist/data/bands/native/homo-sapiens-GCF_000001405.26.json' with { type: 'file' };
import bands37 from 'ideogram/dist/data/bands/native/homo-sapiens-GCF_000001405.13.json' with { type: 'file' };
import bands36 from 'ideogram/dist/data/bands/native/homo-sapiens-GCF_000001405.12.json' with { type: 'file' };
import bandsT2t from 'ideogram/dist/data/bands/native/homo-sapiens-GCF_009914755.1.json' with { type: 'file' };
import genes from 'ideogram/dist/data/cache/genes/homo-sapiens-genes.tsv.gz' with { type: 'file' };
import structures from 'ideogram/dist/data/cache/gene-structures/homo-sapiens-gene-structures.tsv.gz' with { type: 'file' };
import variants from 'ideogram/dist/data/cache/variants/homo-sapiens-variants.tsv.gz' with { type: 'file' };
import variantKeys from 'ideogram/dist/data/cache/variants/homo-sapiens-variants.tsv.li.gz' with { type: 'file' };
import { version as ideogramVersion } from 'ideogram/package.json';
import { join } from 'node:path';
import { buildStarter, STARTER_NAME, type Manifest, type StarterFiles } from '../anntools/index.ts';
import mitochondrion from '../anntools/data/rcrs.fa' with { type: 'file' };

/** Makes the starter in its folder of `references`, unless it is there. A few seconds the first time. */
export async function makeStarter(references: string, now: Date): Promise<Manifest> {
  return buildStarter(await starterFiles(), join(references, STARTER_NAME), now);
}

async function starterFiles(): Promise<StarterFiles> {
  return {
    genes: await Bun.file(genes).bytes(),
    structures: await Bun.file(structures).bytes(),
    variants: await Bun.file(variants).bytes(),
    variantKeys: await Bun.file(variantKeys).bytes(),
    bands: {
      GRCh38: await bytesOf(bands38),
      GRCh37: await bytesOf(bands37),
      NCBI36: await bytesOf(bands36),
      'T2T-CHM13v2.0': await bytesOf(bandsT2t),
    },
    mitochondrion: await Bun.file(mitochondrion).bytes(),
    ideogramVersion,
  };
}

/** TypeScript takes an import of JSON for its value; with `type: 'file'` it is the path. */
function bytesOf(path: unknown): Promise<Uint8Array> {
  return Bun.file(path as string).bytes();
}
