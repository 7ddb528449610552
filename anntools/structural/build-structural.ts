/**
 * Makes a source of known structural variants out of a VCF (gnomAD-SV, 1000 Genomes, a laboratory's own) or of regions
 * with a type (DGV and the like, BED or a table). Such sources have some millions of variants at most: they are sorted in
 * memory.
 */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TextLines } from '../annotation-files/text-lines.ts';
import { writeFolder } from '../bundle/folder.ts';
import { SourceFile } from '../bundle/source-file.ts';
import { InputError } from '../errors.ts';
import { checkSourceName, fieldId, plain } from '../lookup/field-choice.ts';
import {
  KNOWN_FORMAT,
  type KnownField,
  type KnownManifest,
  MANIFEST_FILE,
  type SourceFacts,
} from '../lookup/known-format.ts';
import { VARIANTS_FILE } from './known-structural.ts';
import { RegionTable } from './region-table.ts';
import type { StructuralWriter } from './structural-writer.ts';
import { type VcfIntake, readVcf } from './vcf-intake.ts';

export interface StructuralRequest {
  /** e.g. `gnomAD_SV`: its fields are called `gnomAD_SV_…`. */
  name: string;
  /** Paths of the VCFs, the first of which says what the fields are; or of one file of regions. */
  files: readonly string[];
  form: 'vcf' | 'regions';
  /** As the command takes them; none: those usual. */
  fields: readonly string[];
  /** Folder to make; a source that is there is replaced. */
  output: string;
  /** Default: what the file says. */
  version?: string;
  assembly?: string;
  now: Date;
  onBytes?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

export interface StructuralBuilt {
  manifest: KnownManifest;
  records: number;
  variants: number;
  /** What was left out: small variants, breakends without a mate, lines that cannot be read. */
  leftOut: number;
  /** Bytes of the folder. */
  size: number;
}

/** @throws InputError that says what is wrong with the file or the request. */
export async function buildStructural(request: StructuralRequest): Promise<StructuralBuilt> {
  checkSourceName(request.name);
  const kind = {
    is: (dir: string) => existsSync(join(dir, MANIFEST_FILE)),
    what: 'source of known variants',
    keeps: () => false,
  };
  return writeFolder(request.output, (folder) => build(request, folder), kind);
}

/** What was read of the files. */
interface Intake {
  writer: StructuralWriter;
  fields: KnownField[];
  version: string;
  assembly: string;
  records: number;
  leftOut: number;
}

async function build(request: StructuralRequest, folder: string): Promise<StructuralBuilt> {
  if (request.form === 'regions' && request.files.length > 1)
    throw new InputError('BAD_OPTION', 'a source is made from one file of regions, or from any number of VCFs');
  const files: SourceFacts[] = [];
  let vcf: VcfIntake | undefined;
  let regions: Intake | undefined;
  for (const path of request.files) {
    const file = new SourceFile(path, progressOf(request, files), request.signal);
    if (request.form === 'vcf') vcf = await file.read((chunks) => readVcf(path, chunks, request, vcf));
    else regions = await file.read((chunks) => readRegions(request, chunks));
    files.push(file.facts());
  }
  const intake = vcf ?? regions;
  if (intake === undefined) throw new InputError('EMPTY', 'no file is given');
  const { writer } = intake;
  if (writer.count === 0) {
    const none = `there is no structural variant among its ${intake.records.toLocaleString('en')} records`;
    throw new InputError('EMPTY', `${basename(request.files[0] ?? '')}: ${none}`);
  }
  const manifest: KnownManifest = {
    format: KNOWN_FORMAT,
    kind: 'structural',
    name: request.name,
    version: plain(request.version ?? intake.version),
    assembly: request.assembly ?? intake.assembly,
    fields: [...intake.fields, ...matchFields(request.name)],
    rsField: '',
    contigs: writer.contigs,
    files,
    made: request.now.toISOString(),
  };
  const id = new Bun.CryptoHasher('md5').update(JSON.stringify(manifest)).digest();
  writer.write(folder, id);
  writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  const size = [VARIANTS_FILE, MANIFEST_FILE].reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return { manifest, records: intake.records, variants: writer.count, leftOut: intake.leftOut, size };
}

/** Tells of all files together. */
function progressOf({ files, onBytes = () => {} }: StructuralRequest, before: readonly SourceFacts[]) {
  const read = before.reduce((sum, { bytes }) => sum + bytes, 0);
  const all = files.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  return (done: number) => onBytes(read + done, all);
}

function matchFields(source: string): KnownField[] {
  return [
    {
      id: fieldId(source, 'OVERLAP'),
      column: 'float',
      description: `Share of both that the variant and the one of ${source} most like it overlap; ratio of lengths of insertions`,
    },
    { id: fieldId(source, 'MATCHES'), column: 'integer', description: `Variants of ${source} that match` },
  ];
}

async function readRegions(request: StructuralRequest, chunks: AsyncIterable<Uint8Array>): Promise<Intake> {
  const table = new RegionTable(request.name, request.fields);
  const lines = new TextLines((bytes, start, end) => table.line(Buffer.prototype.utf8Slice.call(bytes, start, end)));
  for await (const chunk of chunks) lines.push(chunk);
  lines.end();
  return { ...table.taken(), version: '', assembly: '' };
}
