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
import { StructuralEffect } from '../consequence/structural-alleles.ts';
import { InputError } from '../errors.ts';
import { assemblyOf, versionOf } from '../lookup/build-known.ts';
import { type ChosenField, checkSourceName, chosenFields, fieldId, plain } from '../lookup/field-choice.ts';
import {
  KNOWN_FORMAT,
  type KnownField,
  type KnownManifest,
  MANIFEST_FILE,
  type SourceFacts,
  infoText,
} from '../lookup/known-format.ts';
import { AltAlleles } from '../vcf/alleles.ts';
import { HeaderReader, type VcfHeader } from '../vcf/header.ts';
import { infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import { VcfRecord } from '../vcf/record.ts';
import { EventReader } from './events.ts';
import { VARIANTS_FILE } from './known-structural.ts';
import { RegionTable } from './region-table.ts';
import { StructuralWriter } from './structural-writer.ts';

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

/** What reads the lines of a file into a writer. */
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
    if (request.form === 'vcf') vcf = await file.read((chunks) => readVcf(request, path, chunks, vcf));
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

/** Fields that are taken of a VCF when none are named, as far as its header has them. */
const USUAL = ['ID', 'INFO/AF', 'INFO/AC', 'INFO/AN', 'INFO/N_HOMALT', 'INFO/POPMAX_AF', 'INFO/GRPMAX_AF', 'FILTER'];

async function readVcf(
  request: StructuralRequest,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  before: VcfIntake | undefined,
): Promise<VcfIntake> {
  const reader = new HeaderReader();
  const begin = (rest: Uint8Array) => {
    const header = reader.finish(rest);
    const intake = before ?? new VcfIntake(request, path, header);
    return { intake, lines: intake.lines() };
  };
  let reading: ReturnType<typeof begin> | undefined;
  for await (const chunk of chunks) {
    if (reading) {
      reading.lines.push(chunk);
      continue;
    }
    const dataAt = reader.push(chunk);
    if (dataAt < 0) continue;
    const rest = chunk.subarray(dataAt);
    reading = begin(rest);
    reading.lines.push(rest);
  }
  reading ??= begin(new Uint8Array(0));
  reading.lines.end();
  return reading.intake;
}

class VcfIntake implements Intake {
  readonly writer: StructuralWriter;
  readonly fields: KnownField[];
  readonly version: string;
  readonly assembly: string;
  records = 0;
  leftOut = 0;
  readonly #chosen: readonly (ChosenField & { key: Uint8Array })[];
  readonly #record = new VcfRecord();
  readonly #alleles = new AltAlleles();
  readonly #events = new EventReader();

  constructor({ name, fields }: StructuralRequest, path: string, header: VcfHeader) {
    const isThere = (path: string) => !path.startsWith('INFO/') || header.infoIds.has(path.slice(5));
    const named = fields.length > 0 ? fields : USUAL.filter(isThere);
    const chosen = chosenFields(name, named, header.lines);
    this.#chosen = chosen.map((field) => ({ ...field, key: infoKey('info' in field.from ? field.from.info : '') }));
    this.fields = chosen.map(({ id, type, description }) => ({ id, column: 'word', description, type: TYPES[type] }));
    this.writer = new StructuralWriter(chosen.length);
    this.version = versionOf(header.lines, basename(path));
    this.assembly = assemblyOf(header);
  }

  /** Takes the lines of one of the files. */
  lines(): TextLines {
    return new TextLines((bytes, start, end, line) => this.#line(bytes, start, end, line));
  }

  #line(bytes: Uint8Array, start: number, end: number, line: number): void {
    if (end === start) return;
    const record = this.#record;
    this.records++;
    try {
      record.parse(bytes, start, end, line);
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      this.leftOut++;
      return;
    }
    this.#alleles.parse(record);
    const events = this.#alleles.refValid ? this.#events.read(record, this.#alleles) : [];
    const before = this.writer.count;
    for (const event of events) {
      const { effect, start: from, end: to, length, mate, number } = event;
      if ((effect === StructuralEffect.BREAKEND && mate === null) || Math.max(to, length) > OFFSET_MAX) continue;
      const contig = this.writer.contigId(record.text(0));
      const mateContig = mate === null ? -1 : this.writer.contigId(mate.contig);
      const shape = { effect, contig, start: from, end: to, length, mateContig, mateBase: mate?.base ?? -1 };
      this.writer.add(
        shape,
        this.#chosen.map((field) => infoText(this.#value(field, number))),
      );
    }
    if (this.writer.count === before) this.leftOut++;
  }

  /** What the record says in a field, of one of its ALTs where each has a value; empty when it says nothing. */
  #value({ from, key, perAllele, type }: ChosenField & { key: Uint8Array }, number: number): string {
    const record = this.#record;
    const { bytes, ends } = record;
    if ('column' in from) return present(record.text({ ID: 2, QUAL: 5, FILTER: 6 }[from.column]));
    if (type === 'flag')
      return new RegExp(`(^|;)${RegExp.escape(key.toString())}(=|;|$)`).test(record.text(7)) ? '1' : '';
    const at = infoValue(bytes, ends[6] + 1, ends[7], key);
    if (at < 0) return '';
    const value: string = Buffer.prototype.utf8Slice.call(bytes, at, infoValueEnd(bytes, at, ends[7]));
    if (perAllele === 'record') return present(value);
    return present(value.split(',')[perAllele === 'alt' ? number - 1 : number] ?? '');
  }
}

/** Places are kept as numbers of 31 bits, as VCF's own. */
const OFFSET_MAX = 0x7fffffff;

const TYPES = { integer: 'Integer', flag: 'Integer', float: 'Float', text: 'String' } as const;

function present(value: string): string {
  return value === '.' ? '' : value;
}

async function readRegions(request: StructuralRequest, chunks: AsyncIterable<Uint8Array>): Promise<Intake> {
  const table = new RegionTable(request.name, request.fields);
  const lines = new TextLines((bytes, start, end) => table.line(Buffer.prototype.utf8Slice.call(bytes, start, end)));
  for await (const chunk of chunks) lines.push(chunk);
  lines.end();
  return { ...table.taken(), version: '', assembly: '' };
}
