/**
 * Installs a published reference: fetches its files, compares their checksums, builds the bundle. Can be stopped and
 * started again at any point; files that have arrived and agree are not fetched twice.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BuildProgress } from '../bundle/build.ts';
import { buildBundle } from '../bundle/build.ts';
import type { Manifest } from '../bundle/manifest.ts';
import { isBundle, readManifest } from '../bundle/manifest.ts';
import { verifyBundle } from '../bundle/open.ts';
import { InputError } from '../errors.ts';
import type { Published, RemoteFile } from './catalogue.ts';
import { agrees, checksumOf } from './checksums.ts';
import type { DownloadOptions } from './download.ts';
import { discard, download } from './download.ts';

export interface InstallOptions extends Omit<DownloadOptions, 'onBytes'> {
  /** Where references are installed: the bundle goes to `<folder>/<name>`. */
  folder: string;
  now: Date;
  onProgress?: (progress: InstallProgress) => void;
  /** Builds a source of known variants out of a VCF into the installed reference. Left out: none is installed. */
  buildKnown?: (known: { name: string; vcf: string; reference: string }) => Promise<void>;
}

export type InstallProgress =
  | { step: 'download'; file: string; done: number; total: number }
  | { step: 'check'; file: string }
  | { step: 'known'; file: string }
  | BuildProgress;

/** How often a file that arrived damaged is fetched again. */
const DAMAGED_MAX = 2;

/**
 * Installs `published`, unless the same release is there already.
 * @throws InputError DOWNLOAD_FAILED, or what building throws.
 */
export async function installReference(
  published: Published,
  options: InstallOptions,
): Promise<{ dir: string; manifest: Manifest; fresh: boolean }> {
  const { folder, now, signal, onProgress, buildKnown } = options;
  const { name, assembly, release, sequence, genes, known } = published;
  const dir = join(folder, name);
  if (isBundle(dir) && isSame(readManifest(dir), published)) return { dir, manifest: verifyBundle(dir), fresh: false };

  const downloads = join(folder, `${name}.downloads`);
  mkdirSync(downloads, { recursive: true });
  const fasta = await fetchFile(sequence, downloads, options);
  const models = await fetchFile(genes, downloads, options);
  const variants = buildKnown ? await fetchAll(known, downloads, options) : [];

  const progress = onProgress ? { onProgress } : {};
  await buildBundle(
    dir,
    { fasta, genes: models },
    { name, assembly, release, now, ...progress, ...(signal ? { signal } : {}) },
  );
  const manifest = verifyBundle(dir);
  for (const { name: source, vcf } of variants) {
    onProgress?.({ step: 'known', file: basename(vcf) });
    await buildKnown?.({ name: source, vcf, reference: dir });
  }
  rmSync(downloads, { recursive: true });
  return { dir, manifest, fresh: true };
}

/** The published files by name; the names of Ensembl and NCBI carry assembly and release. */
function isSame({ sources }: Manifest, { sequence, genes }: Published): boolean {
  const names = new Set(sources.map((source) => source.name));
  return [sequence, genes].every(({ url }) => names.has(basename(url)));
}

async function fetchAll(
  known: Published['known'],
  downloads: string,
  options: InstallOptions,
): Promise<{ name: string; vcf: string }[]> {
  const files: { name: string; vcf: string }[] = [];
  for (const { name, file } of known) files.push({ name, vcf: await fetchFile(file, downloads, options) });
  return files;
}

/** Fetches a file and compares its checksum; a damaged one is fetched again. Answers its path. */
async function fetchFile({ url, checksums }: RemoteFile, downloads: string, options: InstallOptions): Promise<string> {
  const { onProgress, signal } = options;
  const file = basename(url);
  const path = join(downloads, file);
  // A list fetched for an earlier attempt may be of older files.
  const listPath = join(downloads, `${file}.checksums`);
  discard(listPath);
  await download(checksums.url, listPath, options);
  const checksum = checksumOf(await Bun.file(listPath).text(), checksums.kind, file);
  if (checksum === undefined) throw new InputError('DOWNLOAD_FAILED', `${checksums.url} does not list ${file}`);

  for (let damaged = 0; ; damaged++) {
    if (!existsSync(path)) {
      await download(url, path, {
        ...options,
        onBytes: (done, total) => onProgress?.({ step: 'download', file, done, total }),
      });
    }
    onProgress?.({ step: 'check', file });
    if (await agrees(path, checksum, signal)) return path;
    discard(path);
    if (damaged === DAMAGED_MAX) {
      throw new InputError(
        'DOWNLOAD_FAILED',
        `${url} does not agree with its published checksum, ${damaged + 1} times in a row`,
      );
    }
  }
}
