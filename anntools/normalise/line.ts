/**
 * A VCF line taken apart into text, to be changed and written again. Unlike `vcf/record.ts` it copies everything: it is
 * for tools that rewrite records, not for the annotation loop.
 */
import { InputError } from '../errors.ts';

export interface VcfLine {
  contig: string;
  /** One-based; 0 is the telomere. */
  position: number;
  id: string;
  /** REF and the ALTs; REF alone where ALT is `.`. */
  alleles: string[];
  quality: string;
  filter: string;
  /** Key and value in their order; a flag has no value. Empty where INFO is `.`. */
  info: [key: string, value: string | undefined][];
  /** FORMAT's keys; empty without samples. */
  format: string[];
  /** Values by sample, trailing ones may be missing. */
  samples: string[][];
}

/** @throws InputError when columns are missing or POS is no number. */
export function parseLine(text: string, lineNumber: number): VcfLine {
  const columns = text.split('\t');
  const [contig = '', position = '', id = '', ref = '', alt = '', quality = '', filter = '', info] = columns;
  if (info === undefined || !/^\d+$/.test(position)) {
    const what = info === undefined ? 'has fewer than 8 tab-separated columns' : `has POS '${position.slice(0, 40)}'`;
    throw new InputError('BAD_LINE', what, { line: lineNumber });
  }
  return {
    contig,
    position: Number(position),
    id,
    alleles: alt === '.' ? [ref] : [ref, ...alt.split(',')],
    quality,
    filter,
    info: info === '.' || info === '' ? [] : info.split(';').map(parseInfo),
    format: columns[8] === undefined ? [] : columns[8].split(':'),
    samples: columns.slice(9).map((sample) => sample.split(':')),
  };
}

function parseInfo(field: string): [string, string | undefined] {
  const equals = field.indexOf('=');
  return equals < 0 ? [field, undefined] : [field.slice(0, equals), field.slice(equals + 1)];
}

export function formatLine(line: VcfLine): string {
  const [ref = '', ...alts] = line.alleles;
  const info = line.info.map(([key, value]) => (value === undefined ? key : `${key}=${value === '' ? '.' : value}`));
  const columns = [
    line.contig,
    `${line.position}`,
    line.id,
    ref,
    alts.length === 0 ? '.' : alts.join(','),
    line.quality,
    line.filter,
    info.length === 0 ? '.' : info.join(';'),
  ];
  if (line.format.length > 0) {
    columns.push(line.format.join(':'), ...line.samples.map((values) => values.join(':')));
  }
  return columns.join('\t');
}

/** The value of an INFO key; undefined when it is not there or a flag. */
export function infoOf(line: VcfLine, key: string): string | undefined {
  return line.info.find(([name]) => name === key)?.[1];
}

/** Replaces the value of an INFO key that is there. */
export function replaceInfo(line: VcfLine, key: string, value: string): void {
  const at = line.info.findIndex(([name]) => name === key);
  if (at >= 0) line.info[at] = [key, value];
}
