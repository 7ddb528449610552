/** bcftools csq's own test suite (`test/csq` of samtools/bcftools), as far as it tests what BCSQ in INFO says. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reference } from '../../../anntools/bundle/reference.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import type { Unphased } from '../../../anntools/haplotype/genotypes.ts';
import { LocalConsequences } from '../../../anntools/haplotype/local.ts';
import { PhasedConsequences } from '../../../anntools/haplotype/phased.ts';
import { VcfRecord } from '../../../anntools/vcf/record.ts';
import { referenceOf } from '../conformance/answers.ts';

export interface Case {
  name: string;
  fasta: string;
  genes: string;
  /** Lines of the VCF. */
  vcf: readonly string[];
  isLocal: boolean;
  unphased: Unphased;
  /** `-B`: residues that are printed of a peptide; 0 for all. */
  residues: number;
  /** `POS REF ALT` and the sorted entries. */
  expected: readonly string[];
}

/** The cases of a folder like `csq/ENST…`; with what cannot be run here, and why. */
export function casesOf(folder: string): { cases: Case[]; left: string[] } {
  const names = readdirSync(folder);
  const fasta = join(folder, names.find((name) => name.endsWith('.fa')) ?? '');
  const left: string[] = [];
  const plain = { fasta, unphased: 'skip', residues: 0 } as const;
  const genes = join(folder, names.find((name) => name === fasta.slice(folder.length + 1, -2) + 'gff') ?? '');
  const cases = names.flatMap((name): Case[] => {
    const path = join(folder, name);
    if (name.endsWith('.vcf')) {
      const vcf = linesOf(path);
      return [
        ['.txt', false],
        ['.txt-l', true],
      ].flatMap(([end, isLocal]): Case[] => {
        const answers = path.replace(/\.vcf$/, String(end));
        if (!existsSync(answers)) return [];
        return [
          { ...plain, name: `${name} ${end}`, genes, vcf, isLocal: isLocal === true, expected: pairsIn(answers) },
        ];
      });
    }
    if (!name.endsWith('.cmd')) return [];
    const commands = linesOf(path).filter((line) => line.includes(' csq '));
    if (commands.some((line) => / -Ot|TBCSQ/.test(line))) {
      left.push(`${name}: haplotypes by sample`);
      return [];
    }
    const answers = readFileSync(`${path}.out`, 'latin1').split('\n\n');
    return commands.map((command, i) => {
      const word = (pattern: RegExp): string => pattern.exec(command)?.[1] ?? '';
      const wanted = commands.length === 1 ? answers.join('\n\n') : (answers[i] ?? '');
      const phase = word(/(?:-p|--phase) (\w)/);
      return {
        name: `${name} ${i + 1}`,
        fasta,
        genes: join(folder, word(/-g (\S+)/)),
        vcf: filtered(linesOf(join(folder, word(/(\S+\.vcf)/))), word(/-i '([^']*)'/)),
        isLocal: / -l/.test(command),
        unphased: phase === 'a' ? 'as-is' : phase === 'm' ? 'merge' : 'skip',
        residues: / -l?b /.test(command) ? 1 : Number(word(/-B (\d+)/)),
        expected: command.includes('%POS') ? answersIn(wanted) : wanted.split('\n').filter(Boolean).map(sorted),
      };
    });
  });
  return { cases, left };
}

/** Records that a filter of bcftools keeps, with the header. */
function filtered(lines: readonly string[], filter: string): readonly string[] {
  const position = /^POS!=(\d+)$/.exec(filter)?.[1];
  return lines.filter((line) => {
    const cells = line.split('\t');
    if (line.startsWith('#') || filter === '') return true;
    return position === undefined ? cells[6] === 'PASS' : cells[1] !== position;
  });
}

/** What the case should give and what we give, by `POS REF ALT`. */
export function answersOf(one: Case, scratch: string): { ours: Set<string>; theirs: Set<string> } {
  // Regions cut out of chromosomes have transcripts that begin before the first base.
  const models = join(scratch, 'genes.gff3');
  writeFileSync(models, readFileSync(one.genes, 'latin1').replace(/\t-\d+\t/g, '\t1\t'));
  const reference = referenceOf(one.fasta, models);
  const lines = one.isLocal ? localLines(reference, one.vcf) : phasedLines(reference, one.vcf, one.unphased);
  const hasPlaces = one.expected[0]?.includes('\t') ?? true;
  const ours = lines.map(([place, bcsq]) => {
    const entries = sorted(one.residues > 0 ? shortened(bcsq, one.residues) : bcsq);
    return hasPlaces ? `${place}\t${entries}` : entries;
  });
  // A record that a filter left out has no entries, and is none of ours.
  const places = new Set(lines.map(([place]) => place));
  const theirs = one.expected.filter((line) => !line.endsWith('\t') || places.has(line.slice(0, -1)));
  return { ours: new Set(ours), theirs: new Set(theirs) };
}

/** BCSQ of each record by `POS REF ALT`, haplotype by haplotype. */
export function phasedLines(reference: Reference, vcf: readonly string[], unphased: Unphased): [string, string][] {
  const options = { transcripts: 'all', unphased, contigOf: (name: string) => reference.contigs.idOf(name) } as const;
  const phased = new PhasedConsequences(reference, options);
  const text = Buffer.from(phased.push(Buffer.from(vcf.map((line) => `${line}\n`).join('')))).toString('latin1');
  return (text + Buffer.from(phased.end()).toString('latin1')).split('\n').flatMap((line): [string, string][] => {
    if (line === '' || line.startsWith('#')) return [];
    const cells = line.split('\t');
    return [[[cells[1], cells[3], cells[4]].join('\t'), /(?:^|;)BCSQ=([^;]*)/.exec(cells[7] ?? '')?.[1] ?? '']];
  });
}

function localLines(reference: Reference, vcf: readonly string[]): [string, string][] {
  const local = new LocalConsequences(reference);
  const record = new VcfRecord();
  const out = new ByteBuffer();
  const all = [...Array(reference.transcripts.count).keys()];
  return vcf.flatMap((line): [string, string][] => {
    if (line.startsWith('#')) return [];
    const bytes = Buffer.from(line, 'latin1');
    record.parse(bytes, 0, bytes.length, 1);
    out.clear();
    local.write(record, all, out);
    return [[[record.text(1), record.text(3), record.text(4)].join('\t'), out.view().toString('latin1')]];
  });
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'latin1').split('\n').filter(Boolean);
}

/** Answers in pairs of lines: what is wanted one day, and what bcftools gives. */
function pairsIn(path: string): string[] {
  const blocks = readFileSync(path, 'latin1').split('\n\n');
  return answersIn(blocks.map((block) => block.trim().split('\n').at(-1) ?? '').join('\n'));
}

/** `POS REF ALT` and entries, some with a dot between. */
function answersIn(text: string): string[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const cells = line.split('\t');
      return [...cells.slice(0, 3), sorted(cells.at(-1) ?? '')].join('\t');
    });
}

export function sorted(entries: string): string {
  return entries
    .split(',')
    .filter((entry) => entry !== '' && entry !== '.')
    .sort()
    .join(',');
}

/** Peptides as `-B` shortens them: `172EL..203`. */
function shortened(bcsq: string, residues: number): string {
  return bcsq.replace(/(\d+)([A-Z*?]+)(?=[>|])/g, (all, at: string, text: string) => {
    if (text.length - residues < 3) return all;
    const length = text.endsWith('*') ? text.length - 1 : text.length;
    return `${at}${text.slice(0, Math.min(length, residues))}..${Number(at) + length}`;
  });
}
