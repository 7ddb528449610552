/**
 * The structural variants of VCFs and what is known of them, read into a source. Small variants beside them, breakends
 * that do not tell their mate, and lines that cannot be read are counted and left out.
 */
import { basename } from 'node:path';
import { TextLines } from '../annotation-files/text-lines.ts';
import { StructuralEffect } from '../consequence/structural-alleles.ts';
import { InputError } from '../errors.ts';
import { assemblyOf, versionOf } from '../lookup/build-known.ts';
import { type ChosenField, chosenFields } from '../lookup/field-choice.ts';
import { escaped } from '../lookup/field-values.ts';
import type { KnownField } from '../lookup/known-format.ts';
import { AltAlleles } from '../vcf/alleles.ts';
import { HeaderReader, type VcfHeader } from '../vcf/header.ts';
import { VcfRecord } from '../vcf/record.ts';
import { EventReader } from './events.ts';
import { StructuralWriter } from './structural-writer.ts';

/** Fields that are taken of a VCF when none are named, as far as its header has them. */
const USUAL = ['ID', 'INFO/AF', 'INFO/AC', 'INFO/AN', 'INFO/N_HOMALT', 'INFO/POPMAX_AF', 'INFO/GRPMAX_AF', 'FILTER'];

/** How a source is called, and its fields as the command takes them; none: those usual. */
interface Wanted {
  name: string;
  fields: readonly string[];
}

/** Reads a VCF, after those `before`, whose fields are then taken. @throws InputError */
export async function readVcf(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  wanted: Wanted,
  before: VcfIntake | undefined,
): Promise<VcfIntake> {
  const reader = new HeaderReader();
  const begin = (rest: Uint8Array) => {
    const header = reader.finish(rest);
    const intake = before ?? new VcfIntake(wanted, path, header);
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

export class VcfIntake {
  readonly writer: StructuralWriter;
  readonly fields: KnownField[];
  readonly version: string;
  readonly assembly: string;
  records = 0;
  leftOut = 0;
  readonly #chosen: readonly { field: ChosenField; pattern: RegExp }[];
  readonly #record = new VcfRecord();
  readonly #alleles = new AltAlleles();
  readonly #events = new EventReader();

  constructor({ name, fields }: Wanted, path: string, header: VcfHeader) {
    const isThere = (path: string) => !path.startsWith('INFO/') || header.infoIds.has(path.slice(5));
    const named = fields.length > 0 ? fields : USUAL.filter(isThere);
    const chosen = chosenFields(name, named, header.lines);
    this.#chosen = chosen.map((field) => ({ field, pattern: entryOf('info' in field.from ? field.from.info : '') }));
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
        this.#chosen.map(({ field, pattern }) => escaped(this.#value(field, pattern, number))),
      );
    }
    if (this.writer.count === before) this.leftOut++;
  }

  /** What the record says in a field, of one of its ALTs where each has a value; empty when it says nothing. */
  #value({ from, perAllele, type }: ChosenField, pattern: RegExp, number: number): string {
    const record = this.#record;
    if ('column' in from) return present(record.text({ ID: 2, QUAL: 5, FILTER: 6 }[from.column]));
    const [entry, , value = ''] = pattern.exec(record.text(7)) ?? [];
    if (type === 'flag') return entry === undefined ? '' : '1';
    if (perAllele === 'record') return present(value);
    return present(value.split(',')[perAllele === 'alt' ? number - 1 : number] ?? '');
  }
}

/** An entry of INFO, with its value. */
function entryOf(key: string): RegExp {
  return new RegExp(`(?:^|;)${RegExp.escape(key)}(=([^;]*))?(?:;|$)`);
}

/** Places are kept as numbers of 31 bits, as VCF's own. */
const OFFSET_MAX = 0x7fffffff;

const TYPES = { integer: 'Integer', flag: 'Integer', float: 'Float', text: 'String' } as const;

function present(value: string): string {
  return value === '.' ? '' : value;
}
