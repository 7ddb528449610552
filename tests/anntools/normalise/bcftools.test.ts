/**
 * bcftools norm's own tests (1.23, `shared/data/conformance/norm`): every invocation, as it stands in
 * `invocations.txt`, with the arguments read into our options. Letters that come from the reference are upper case
 * here, so alleles are compared without their case. Needs the shared data.
 */
import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import type { Reference } from '../../../anntools/bundle/reference.ts';
import type { DuplicateRule } from '../../../anntools/normalise/duplicates.ts';
import { kindsOf, type Which } from '../../../anntools/normalise/kinds.ts';
import { parseLine, type VcfLine } from '../../../anntools/normalise/line.ts';
import { Normaliser, type NormaliseOptions } from '../../../anntools/normalise/normaliser.ts';
import { SHARED } from '../conformance/answers.ts';

const FOLDER = join(SHARED, 'conformance/norm');
const text = (name: string) => readFileSync(join(FOLDER, name), 'latin1');

interface Invocation {
  input: string;
  fasta: string;
  output: string;
  /** Arguments of each run; the next one reads what the one before wrote. */
  runs: string[];
}

/** The lines `run_test(\&test_vcf_norm,$opts,in=>'…',fai=>'…',out=>'…',args=>'…')`, `args` maybe in `qq[…]` or a list. */
function invocations(): Invocation[] {
  return text('invocations.txt')
    .split('\n')
    .filter((line) => line.includes('test_vcf_norm,'))
    .map((line) => {
      const value = (key: string) => new RegExp(`${key}=>'([^']*)'`).exec(line)?.[1] ?? '';
      const args = /args=>(.*)\);$/.exec(line)?.[1] ?? "''";
      const list = /^\[(.*)\]$/.exec(args)?.[1];
      const runs =
        list === undefined
          ? [args.replace(/^(?:qq?\[|')|(?:\]|')$/g, '')]
          : list.split(/','/).map((run) => run.replaceAll("'", ''));
      return { input: value('in'), fasta: value('fai'), output: value('out'), runs };
    });
}

/** Why an invocation is not ours. */
const notOurs: readonly (readonly [(invocation: Invocation) => boolean, string])[] = [
  [({ input }) => input.startsWith('atomize'), 'taking MNVs apart (-a); its files are not among the data'],
  [
    ({ runs }) => runs.some((args) => / -a\b/.test(args)),
    'taking MNVs apart (-a): the engine tells changes of several bases as one',
  ],
  [
    ({ runs }) => runs.some((args) => args.includes('-g ')),
    'aligning to the right in genes (-g): HGVS does that, in hgvs/shift.ts',
  ],
];

/** Records that `-i` leaves alone, by its expression. */
const chosen: Readonly<Record<string, (line: VcfLine) => boolean>> = {
  '\'ALT!="C"\'': ({ alleles }) => alleles[1] !== 'C',
  "'ID=\\@{PATH}/norm.filter.txt'": ({ id }) => text('norm.filter.txt').split('\n').includes(id),
  '\'alt="N"\'': ({ alleles }) => alleles[1] === 'N',
  '\'type="snp"\'': ({ alleles }) => [...kindsOf(alleles)].every((kind) => kind === 'snp'),
};

function optionsOf(args: string, reference: Reference | undefined): NormaliseOptions {
  const options: NormaliseOptions = { splitting: {} };
  if (reference !== undefined) options.reference = reference;
  const [, sign, which] = /-m ?([-+])(\w*)/.exec(args) ?? [];
  if (sign === '-') options.split = (which === '' ? 'both' : which) as Which;
  if (sign === '+') options.join = (which === '' ? 'both' : which) as Which;
  const check = /(?:^| )-N?c ?(\w)/.exec(args)?.[1] ?? 'e';
  options.mismatch = ({ e: 'refuse', w: 'keep', x: 'drop', s: 'set' } as const)[check] ?? 'refuse';
  if (args.includes('-N')) options.align = false;
  const duplicates = /-d (\w+)/.exec(args)?.[1];
  if (duplicates !== undefined) {
    options.duplicates = duplicates === 'none' ? 'exact' : duplicates === 'all' ? 'any' : (duplicates as DuplicateRule);
  }
  const tag = /--old-rec-tag (\w+)/.exec(args)?.[1];
  if (tag !== undefined) options.originalTag = tag;
  if (/-S lex/.test(args)) options.order = 'alleles';
  if (/ -s\b/.test(args)) options.passIfAny = true;
  options.splitting = {
    lenient: args.includes('--force'),
    keepSum: args.includes('--keep-sum AD') ? ['AD'] : [],
    otherAlleles: args.includes('--multi-overlaps .') ? '.' : '0',
  };
  const expression = /-i ?('.*')/.exec(args)?.[1];
  if (expression !== undefined) {
    const isChosen = chosen[expression.trim()];
    if (isChosen === undefined) throw new Error(`unknown expression ${expression}`);
    options.except = (line) => !isChosen(line);
  }
  return options;
}

function referenceOf(fasta: string): Reference | undefined {
  if (fasta === '') return undefined;
  const sequences = new Map<string, string>();
  for (const part of text(`${fasta}.fa`).split('>').slice(1)) {
    const [name = '', ...lines] = part.split('\n');
    // Letters that are no base are N to bcftools.
    sequences.set(
      name.split(/\s/)[0] ?? '',
      lines
        .join('')
        .toUpperCase()
        .replace(/[^ACGT]/g, 'N'),
    );
  }
  const contigs = [...sequences].map(([name, { length }]) => ({ name, length }));
  return referenceFromModels({ name: 'test', assembly: 'test', contigs, sequences, genes: [], transcripts: [] });
}

function run(lines: readonly string[], options: NormaliseOptions): string[] {
  const header = lines.filter((line) => line.startsWith('#'));
  const written: string[] = [];
  const normaliser = new Normaliser(header, options, (line) => written.push(line));
  for (const line of lines) if (line !== '' && !line.startsWith('#')) normaliser.push(line);
  normaliser.end();
  return [...header, ...written];
}

/** Records as they are compared: alleles without case, `99.0` as the `99` that bcftools writes. */
function records(lines: readonly string[]): VcfLine[] {
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replaceAll('99.0', '99'))
    .map((line, i) => parseLine(line, i + 1))
    .map((line) => ({ ...line, alleles: line.alleles.map((allele) => allele.toUpperCase()) }));
}

describe.skipIf(!existsSync(FOLDER))('bcftools norm (needs shared data)', () => {
  const all = existsSync(FOLDER) ? invocations() : [];

  test('76 invocations, 15 of them about what we do not do', () => {
    expect(all.length).toBe(76);
    expect(all.filter((one) => notOurs.some(([is]) => is(one))).length).toBe(15);
  });

  const ours = all.filter((one) => !notOurs.some(([is]) => is(one)));
  test.each(ours.map((one) => [`${one.input} ${one.runs.join(' | ')}`, one] as const))('%s', (_, one) => {
    const reference = referenceOf(one.fasta);
    let lines = text(`${one.input}.vcf`).split('\n');
    for (const args of one.runs) lines = run(lines, optionsOf(args, reference));
    const expected = records(text(one.output).split('\n'));
    // What `-i` leaves alone bcftools writes at once, before records of smaller positions that still wait; we do not.
    if (one.runs[0]?.includes('-i') === true) expected.sort((a, b) => a.position - b.position);
    expect(records(lines)).toEqual(expected);
  });
});
