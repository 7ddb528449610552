/** The references in a folder: what is installed, and which one a name or a path means. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../bundle/manifest.ts';
import { isBundle, readManifest } from '../bundle/manifest.ts';
import { InputError } from '../errors.ts';

export interface InstalledReference {
  dir: string;
  manifest: Manifest;
}

/** Every bundle in the folder, by name; what cannot be read is left out. */
export function installedReferences(folder: string): InstalledReference[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((dir) => isBundle(dir))
    .flatMap((dir) => {
      try {
        return [{ dir, manifest: readManifest(dir) }];
      } catch {
        return [];
      }
    });
}

/**
 * The folder of a bundle, by its path or by the name it is installed under.
 * @throws InputError BAD_REFERENCE that names what is installed.
 */
export function findReference(nameOrDir: string, folder: string): string {
  if (isBundle(nameOrDir)) return nameOrDir;
  const found = installedReferences(folder).find(
    ({ manifest }) => manifest.name.toLowerCase() === nameOrDir.toLowerCase(),
  );
  if (found) return found.dir;
  if (statSync(nameOrDir, { throwIfNoEntry: false })?.isDirectory()) readManifest(nameOrDir);
  const names = installedReferences(folder).map(({ manifest }) => manifest.name);
  const known = names.length > 0 ? `Installed: ${names.join(', ')}` : 'None is installed';
  throw new InputError(
    'BAD_REFERENCE',
    `there is no reference '${nameOrDir}'. ${known}; see "anntools reference list"`,
  );
}
