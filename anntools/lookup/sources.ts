/** Which sources of known variants a run uses, and where those lie that are installed by name. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { knownBeside } from './beside.ts';
import { type KnownManifest, MANIFEST_FILE } from './known-format.ts';
import { KnownVariants, readManifest } from './known.ts';

/** Beside the installed references: sources that belong to none of them. */
const INSTALLED_FOLDER = 'known';

export interface InstalledSource {
  folder: string;
  manifest: KnownManifest;
}

/** The folder a source of this name is installed in. */
export function installedFolder(referencesFolder: string, name: string): string {
  return join(referencesFolder, INSTALLED_FOLDER, name);
}

/** The sources installed by name; what cannot be read is left out. */
export function installedSources(referencesFolder: string): InstalledSource[] {
  const folder = join(referencesFolder, INSTALLED_FOLDER);
  if (!existsSync(folder)) return [];
  return readable(
    readdirSync(folder)
      .sort()
      .map((name) => join(folder, name))
      .filter((path) => existsSync(join(path, MANIFEST_FILE))),
  );
}

/** The sources in a reference's folder. */
export function sourcesBeside(reference: string): InstalledSource[] {
  return readable(knownBeside(reference));
}

function readable(folders: readonly string[]): InstalledSource[] {
  return folders.flatMap((folder) => {
    try {
      return [{ folder, manifest: readManifest(folder) }];
    } catch {
      return [];
    }
  });
}

/** The folder of a source, by its path or the name it is installed under. @throws InputError BAD_REFERENCE */
export function findSource(nameOrFolder: string, referencesFolder: string): string {
  if (existsSync(join(nameOrFolder, MANIFEST_FILE))) return nameOrFolder;
  const installed = installedSources(referencesFolder);
  const found = installed.find(({ manifest }) => manifest.name.toLowerCase() === nameOrFolder.toLowerCase());
  if (found) return found.folder;
  const names = installed.map(({ manifest }) => manifest.name);
  throw new InputError(
    'BAD_REFERENCE',
    `there is no source of known variants '${nameOrFolder}'. ${names.length > 0 ? `Installed: ${names.join(', ')}` : 'None is installed'}; "anntools known build" makes one`,
  );
}

/**
 * The sources of a run: those beside a reference and further ones; a further one replaces one beside it of the same name.
 * @throws InputError BAD_REFERENCE
 */
export function usedSources(reference: string | null, further: readonly string[]): InstalledSource[] {
  const source = (folder: string): InstalledSource => ({ folder, manifest: readManifest(folder) });
  const named = [...new Set(further)].map(source);
  const names = new Set(named.map(({ manifest }) => manifest.name));
  const beside = (reference === null ? [] : knownBeside(reference)).map(source);
  return [...beside.filter(({ manifest }) => !names.has(manifest.name)), ...named];
}

/** Opens the sources of alleles among those of a run. @throws InputError BAD_REFERENCE */
export function openSources(reference: string | null, further: readonly string[]): KnownVariants[] {
  return usedSources(reference, further)
    .filter(({ manifest }) => manifest.kind === undefined)
    .map(({ folder }) => new KnownVariants(folder));
}
