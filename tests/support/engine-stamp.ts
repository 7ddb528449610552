/** A word for what the engine writes now, so that what a test run keeps is not taken for it by another checkout. */
import { join } from 'node:path';

const root = join(import.meta.dir, '../..');

/** Changes whenever a file that decides a bundle's bytes does. */
export async function engineStamp(): Promise<string> {
  const hash = new Bun.CryptoHasher('sha1');
  for (const path of [...new Bun.Glob('anntools/{bundle,lookup,starter}/**/*.ts').scanSync(root)].sort()) {
    hash.update(await Bun.file(join(root, path)).bytes());
  }
  return hash.digest('hex').slice(0, 12);
}
