/**
 * Makes a source of known variants out of any VCF or table, or out of several that belong together, as gnomAD comes by
 * chromosome: one pass over them, in bounded memory, into a folder that appears whole or not at all.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TextLines } from '../annotation-files/text-lines.ts';
import { writeFolder } from '../bundle/folder.ts';
import { openBundle } from '../bundle/open.ts';
import type { Reference } from '../bundle/reference.ts';
import { SourceFile } from '../bundle/source-file.ts';
import { InputError } from '../errors.ts';
import { detectAssembly } from '../genome/assembly.ts';
import { HeaderReader, type VcfHeader } from '../vcf/header.ts';
import { VcfRecord } from '../vcf/record.ts';
import { type ChosenField, checkSourceName, chosenFields, plain } from './field-choice.ts';
import { FieldValues } from './field-values.ts';
import { type KnownField, type KnownManifest, MANIFEST_FILE, type SourceFacts } from './known-format.ts';
import { type CountedProblem, KnownIntake } from './known-intake.ts';
import { TableRows, tableColumns, tableFields } from './known-table.ts';
import { KnownWriter } from './known-writer.ts';

export interface KnownRequest {
  /** e.g. `gnomAD`: its fields are called `gnomAD_…`. */
  name: string;
  /** Paths of the VCFs (text, gzip, BGZF), the first of which says what the fields are; or of one table. */
  files: readonly string[];
  form: 'vcf' | 'table';
  /** As the command takes them; none: those usual for the source. */
  fields: readonly string[];
  /** Folder to make; a source that is there is replaced. */
  output: string;
  /** Folder of a reference, whose sequence tells where alleles are left-most. */
  reference?: string;
  /** Default: what the first file or its name says. */
  version?: string;
  assembly?: string;
  now: Date;
  onBytes?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /** Bytes of rows in memory. */
  memoryMax?: number;
}

export interface KnownBuilt {
  manifest: KnownManifest;
  records: number;
  /** Variants in the source: ALTs taken, less those that came twice. */
  variants: number;
  duplicates: number;
  problems: CountedProblem[];
  /** Bytes of the folder. */
  size: number;
}

/** REF that disagrees this often means another assembly. */
const MISMATCH_SHARE = 0.1;
const COMPARED_MIN = 20;
/** Rows of a table that are looked at before the types of its columns are told. */
const SAMPLE_ROWS = 1000;

/** @throws InputError that says what is wrong with the file or the request. */
export async function buildKnown(request: KnownRequest): Promise<KnownBuilt> {
  checkSourceName(request.name);
  if (request.form === 'table' && request.files.length > 1)
    throw new InputError('BAD_OPTION', 'a source is made from one table, or from any number of VCFs');
  const reference = request.reference === undefined ? null : openBundle(request.reference);
  const knownFolder = {
    is: (dir: string) => existsSync(join(dir, MANIFEST_FILE)),
    what: 'source of known variants',
    keeps: () => false,
  };
  return writeFolder(request.output, (folder) => new Build(request, folder, reference).run(), knownFolder);
}

/** What the lines of a file are taken into, once its first ones have said what they are. */
interface Intake {
  writer: KnownWriter;
  intake: KnownIntake;
  values: FieldValues;
  fields: KnownField[];
  line(bytes: Uint8Array, start: number, end: number, lineNumber: number): void;
}

class Build {
  private into: Intake | undefined;
  /** What the headers so far speak for; empty when they do not say. */
  private assembly = '';

  constructor(
    private readonly request: KnownRequest,
    private readonly folder: string,
    private readonly reference: Reference | null,
  ) {}

  async run(): Promise<KnownBuilt> {
    try {
      const files: SourceFacts[] = [];
      for (const path of this.request.files) files.push(await this.read(path, files));
      const { writer, intake, values, fields } = this.taken();
      this.refuseOther(intake);
      const prefixed = fields.map((field, i) =>
        values.prefixes[i] === '' ? field : { ...field, prefix: values.prefixes[i] },
      );
      const manifest = writer.finish({
        fields: prefixed,
        rsField:
          prefixed.find(({ prefix }) => prefix === 'rs')?.id ?? prefixed.find(({ id }) => id.endsWith('_RS'))?.id ?? '',
        files,
        made: this.request.now.toISOString(),
      });
      return {
        manifest,
        records: intake.records,
        variants: manifest.contigs.reduce((sum, { entries }) => sum + entries, 0),
        duplicates: writer.duplicates,
        problems: intake.problems,
        size: folderSize(this.folder),
      };
    } finally {
      this.into?.writer.abandon();
    }
  }

  /** Takes one of the files, after `before`. */
  private async read(path: string, before: readonly SourceFacts[]): Promise<SourceFacts> {
    const { files, form, onBytes = () => {}, signal } = this.request;
    const read = before.reduce((sum, { bytes }) => sum + bytes, 0);
    const all = files.reduce((sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0);
    const file = new SourceFile(path, (done) => onBytes(read + done, all), signal);
    await file.read((chunks) => (form === 'vcf' ? this.readVcf(path, chunks) : this.readTable(chunks)));
    return file.facts();
  }

  private taken(): Intake {
    if (this.into) return this.into;
    throw new InputError('EMPTY', 'there is nothing in it');
  }

  private refuseOther(intake: KnownIntake): void {
    const disagreeing = intake.countOf('refMismatch');
    if (intake.refCompared < COMPARED_MIN || disagreeing <= MISMATCH_SHARE * intake.refCompared) return;
    const [example = ''] = intake.problems.find(({ problem }) => problem === 'refMismatch')?.examples ?? [];
    throw new InputError(
      'BAD_REFERENCE',
      `${this.request.files.map((file) => basename(file)).join(', ')} is not of the reference's assembly: ` +
        `${disagreeing.toLocaleString('en')} of ${intake.refCompared.toLocaleString('en')} records disagree with its sequence (${example})`,
    );
  }

  private async readVcf(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const header = new HeaderReader();
    let lines: TextLines | undefined;
    for await (const chunk of chunks) {
      if (lines) {
        lines.push(chunk);
        continue;
      }
      const dataAt = header.push(chunk);
      if (dataAt < 0) continue;
      const head = header.finish(chunk.subarray(dataAt));
      lines = this.vcfLines(path, head);
      lines.push(chunk.subarray(dataAt));
    }
    if (!lines) this.vcfLines(path, header.finish(new Uint8Array(0)));
    lines?.end();
  }

  private vcfLines(path: string, header: VcfHeader): TextLines {
    const into = this.into ?? this.openVcf(path, header);
    const assembly = assemblyOf(header);
    if (this.assembly !== '' && assembly !== '' && assembly !== this.assembly) {
      throw new InputError('BAD_REFERENCE', `is of ${assembly}, and the file before it of ${this.assembly}`);
    }
    this.assembly ||= assembly;
    if (this.request.files.length > 1) into.intake.enter(basename(path));
    const record = new VcfRecord();
    into.line = (bytes, start, end, lineNumber) => {
      record.parse(bytes, start, end, lineNumber);
      into.values.find(record);
      into.intake.take(record);
    };
    return this.linesInto(into, header.lineCount);
  }

  private openVcf(path: string, header: VcfHeader): Intake {
    const { name, fields, version } = this.request;
    const chosen = chosenFields(name, fields, header.lines);
    return this.open(chosen, version ?? versionOf(header.lines, basename(path)), header);
  }

  private async readTable(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const first: { text: string; lineNumber: number }[] = [];
    const lines = new TextLines((bytes, start, end, lineNumber) => {
      if (this.into) this.guarded(this.into, bytes, start, end, lineNumber);
      else {
        const text = Buffer.prototype.latin1Slice.call(bytes, start, end);
        if (text.trim() === '' || text.startsWith('##')) return;
        first.push({ text, lineNumber });
        if (first.length > SAMPLE_ROWS) this.openTable(first);
      }
    });
    for await (const chunk of chunks) lines.push(chunk);
    lines.end();
    if (!this.into && first.length > 0) this.openTable(first);
  }

  /** Opens the table by its first lines and takes them. */
  private openTable(lines: readonly { text: string; lineNumber: number }[]): void {
    const [heading, ...rows] = lines;
    const { name, fields, version } = this.request;
    const columns = tableColumns(heading.text);
    const sample = rows.map(({ text }) => text);
    const chosen = tableFields(name, fields, columns, sample);
    const into = this.open(chosen, version ?? '', null);
    const table = new TableRows(columns, chosen, into.values);
    into.line = (bytes, start, end, lineNumber) => {
      table.read(bytes, start, end, lineNumber);
      into.intake.take(table.record);
    };
    for (const { text, lineNumber } of rows) {
      const bytes = Buffer.from(text, 'latin1');
      this.guarded(into, bytes, 0, bytes.length, lineNumber);
    }
  }

  private open(chosen: readonly ChosenField[], version: string, header: VcfHeader | null): Intake {
    const { name, assembly, memoryMax } = this.request;
    const fields = chosen.map(({ id, type, description }): KnownField => ({
      id,
      column: type === 'float' ? 'float' : 'integer',
      description,
      type: ({ integer: 'Integer', flag: 'Integer', float: 'Float', text: 'String' } as const)[type],
    }));
    const writer = new KnownWriter(
      this.folder,
      {
        name,
        version: plain(version),
        assembly: assembly ?? (this.reference?.assembly || assemblyOf(header)),
        fields,
        rsField: '',
        alleles: this.reference ? 'left-aligned' : 'trimmed',
      },
      memoryMax,
    );
    const values = new FieldValues(
      chosen,
      (text) => writer.wordCode(text),
      (field, value) => intake.problem('badValue', `${field} is '${value}'`),
    );
    const intake: KnownIntake = new KnownIntake(writer, values, this.reference, fields.length);
    return (this.into = { writer, intake, values, fields, line: () => {} });
  }

  private linesInto(into: Intake, linesBefore: number): TextLines {
    return new TextLines((bytes, start, end, lineNumber) =>
      this.guarded(into, bytes, start, end, lineNumber + linesBefore),
    );
  }

  /** A line that cannot be read is counted, not fatal. */
  private guarded(into: Intake, bytes: Uint8Array, start: number, end: number, lineNumber: number): void {
    if (end === start) return;
    into.intake.at(lineNumber);
    try {
      into.line(bytes, start, end, lineNumber);
    } catch (cause) {
      if (!(cause instanceof InputError) || cause.code !== 'BAD_LINE') throw cause;
      into.intake.problem('badLine', cause.message);
    }
  }
}

/**
 * What a header says of its release: dbSNP's build, else the date of the file; gnomAD says it in the name alone
 * (`gnomad.genomes.v4.1.sites.chr1.vcf.bgz`, `gnomad.exomes.r2.1.1.sites.vcf.bgz`).
 */
export function versionOf(lines: readonly string[], name: string): string {
  const value = (key: RegExp): string | undefined =>
    lines
      .map((line) => key.exec(line)?.[1])
      .find((found) => found !== undefined)
      ?.trim();
  const build = value(/^##dbSNP_BUILD_ID=(\d+)/i);
  if (build !== undefined) return `b${build}`;
  const [, named] = /(?:^|[._-])[vr](\d+(?:\.\d+)*[a-z]?)(?=[._-])/i.exec(name) ?? [];
  return value(/^##fileDate=(.+)/i) ?? (named === undefined ? '' : `v${named}`);
}

/** The assembly a header speaks for; empty when it does not say. */
export function assemblyOf(header: VcfHeader | null): string {
  if (header === null) return '';
  const none = { agree: 0, disagree: 0 };
  return detectAssembly({
    lines: header.lines,
    headerContigs: header.contigs,
    seen: new Map(),
    comparedWith: '',
    sequence: none,
    rsNumbers: none,
    knownBases: none,
  }).name;
}

function folderSize(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
