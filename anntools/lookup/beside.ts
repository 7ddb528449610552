/**
 * What may lie in a reference's folder beside the bundle itself: sources of known variants in `known/<NAME>/`, and
 * cytobands of several assemblies in `bands.json`, since also a file that the reference does not fit has chromosomes.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BandTable } from './bands.ts';
import { MANIFEST_FILE } from './known-format.ts';

export const KNOWN_FOLDER = 'known';
export const BANDS_FILE = 'bands.json';

/** Folders of the sources of known variants that belong to a reference, by name. */
export function knownBeside(reference: string): string[] {
  const folder = join(reference, KNOWN_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, MANIFEST_FILE)));
}

/** The cytobands of an assembly (`GRCh38`, `GRCh37`, …); null when the reference brings none for it. */
export function bandsBeside(reference: string, assembly: string): BandTable | null {
  const path = join(reference, BANDS_FILE);
  if (!existsSync(path)) return null;
  const tables = JSON.parse(readFileSync(path, 'utf8')) as Record<string, BandTable>;
  return tables[assembly] ?? null;
}
