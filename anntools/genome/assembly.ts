/**
 * Which assembly a file's positions refer to. Files say it badly or not at all, so everything that can tell is
 * weighed: lengths of contigs in the header, accessions with versions, positions that lie beyond a chromosome's end,
 * bases and rs numbers that agree with what is known, and only last what the header's text mentions.
 */
import { ASSEMBLIES, type Assembly, mentionedAssembly, spelled } from './assemblies.ts';
import { CHROMOSOMES, accessionOf, chromosomeOf } from './chromosome.ts';

/** How often something known agreed with the file. */
export interface Agreement {
  agree: number;
  disagree: number;
}

export interface AssemblyClues {
  /** The `##` lines of the header. */
  lines: readonly string[];
  /** Contigs of the header; length 0 where it is not said. */
  headerContigs: readonly { name: string; length: number }[];
  /** What was seen of the records: for each contig name the first position that has a base, and the last one. */
  seen: ReadonlyMap<string, { first: number; last: number }>;
  /** Assembly of the reference that REF, rs numbers and known alleles were compared with; empty for none. */
  comparedWith: string;
  /** REF against sequence, on nuclear chromosomes. */
  sequence: Agreement;
  /** rs numbers of the file that are known: do they lie where they are known to? */
  rsNumbers: Agreement;
  /** REF of the file against REF of known variants at the same position. */
  knownBases: Agreement;
}

export interface AssemblyVerdict {
  /** e.g. `GRCh38`; empty when it cannot be said. */
  name: string;
  certainty: 'certain' | 'likely' | 'unknown';
  /** Assemblies the file cannot be. */
  excluded: string[];
  /** One sentence for people. */
  sentence: string;
  /** What spoke for or against, strongest first. */
  evidence: string[];
}

interface Finding {
  assembly: Assembly;
  /** For the assembly if positive, against it if negative. */
  weight: number;
  text: string;
}

/** From here on a weight decides alone. */
const DECISIVE = 100;
/** Lengths in the header that are not an assembly's. */
const NO_LENGTHS = -2 * DECISIVE;
/** Below this nothing is said. */
const LIKELY = 20;

/** Weighs the clues. */
export function detectAssembly(clues: AssemblyClues): AssemblyVerdict {
  const findings = [
    ...byLengths(clues),
    ...byAccessions(clues),
    ...byExtremes(clues),
    ...byAgreement(clues),
    ...byText(clues),
  ].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const scores = ASSEMBLIES.map((assembly) => ({
    assembly,
    score: findings.reduce((sum, finding) => (finding.assembly === assembly ? sum + finding.weight : sum), 0),
  })).sort((a, b) => b.score - a.score);
  const [best, second] = scores;
  const excluded = scores.filter(({ score }) => score <= -DECISIVE / 2).map(({ assembly }) => assembly.name);
  const known = best.score >= LIKELY && best.score - second.score >= LIKELY / 2;
  const evidence = findings.map(({ text }) => text);
  const left = scores.filter(({ assembly, score }) => assembly.species === 'human' && score > -DECISIVE / 2);
  if (!known && left.length === 1 && findings.some(({ assembly }) => assembly.species === 'human')) {
    const reason = 'of the assemblies known here, it is the only one the file can be';
    const { assembly } = left[0];
    const sentence = `This file looks like ${spelled(assembly)}: ${reason}.`;
    return { name: assembly.name, certainty: 'likely', excluded, sentence, evidence };
  }
  if (!known) return { name: '', certainty: 'unknown', excluded, sentence: undecided(clues, findings), evidence };
  const certainty = best.score >= DECISIVE ? 'certain' : 'likely';
  const reason = findings.find(({ assembly, weight }) => assembly === best.assembly && weight > 0)?.text ?? '';
  const verb = certainty === 'certain' ? 'is' : 'looks like';
  const sentence = `This file ${verb} ${spelled(best.assembly)}: ${reason}.`;
  return { name: best.assembly.name, certainty, excluded, sentence, evidence };
}

function undecided(clues: AssemblyClues, findings: readonly Finding[]): string {
  const names = [...clues.seen.keys()];
  if (findings.filter(({ weight }) => weight === NO_LENGTHS).length === ASSEMBLIES.length) {
    return 'The lengths of the contigs in its header are those of no assembly known here.';
  }
  const against = findings.find(({ weight }) => weight <= -DECISIVE / 2);
  if (against) return `This file is not ${spelled(against.assembly)}: ${against.text}.`;
  if (names.length > 0 && names.every((name) => chromosomeOf(name) === 'MT')) {
    return 'This file holds mitochondrial variants only; the mitochondrion (rCRS) is the same in every current human assembly.';
  }
  return 'The file does not say which assembly its positions refer to, and nothing in it decides.';
}

/** Number of a nuclear chromosome in an assembly's list of lengths, or -1. */
function numberOf(name: string): number {
  const chromosome = chromosomeOf(name);
  return chromosome === null || chromosome === 'MT' ? -1 : CHROMOSOMES.indexOf(chromosome);
}

function byLengths({ headerContigs }: AssemblyClues): Finding[] {
  const contigs = headerContigs
    .map(({ name, length }) => ({ number: numberOf(name), length }))
    .filter(({ number, length }) => number >= 0 && length > 0);
  return ASSEMBLIES.flatMap((assembly) => {
    const comparable = contigs.filter(({ number }) => number < assembly.lengths.length);
    const equal = comparable.filter(({ number, length }) => assembly.lengths[number] === length).length;
    if (comparable.length === 0) return [];
    if (equal * 2 > comparable.length) {
      const text = `the ${equal === 1 ? 'length of the contig' : `lengths of ${equal} contigs`} in its header are those of ${assembly.name}`;
      return [{ assembly, weight: 2 * DECISIVE, text: equal === 1 ? text.replace(' are those', ' is that') : text }];
    }
    const text = `the lengths of the contigs in its header are not those of ${assembly.name}`;
    return [{ assembly, weight: NO_LENGTHS, text }];
  });
}

function byAccessions({ headerContigs, seen }: AssemblyClues): Finding[] {
  const names = new Set([...headerContigs.map(({ name }) => name), ...seen.keys()]);
  const found = new Map<string, string>();
  for (const name of names) {
    const accession = accessionOf(name);
    if (accession && accession.assembly !== '') found.set(accession.assembly, name);
  }
  return ASSEMBLIES.flatMap((assembly) => {
    const name = found.get(assembly.name);
    return name === undefined
      ? []
      : [{ assembly, weight: DECISIVE, text: `it names ${name}, a sequence of ${assembly.name}` }];
  });
}

function byExtremes({ seen }: AssemblyClues): Finding[] {
  const findings: Finding[] = [];
  for (const assembly of ASSEMBLIES) {
    for (const [name, { first, last }] of seen) {
      const number = numberOf(name);
      const length = assembly.lengths[number];
      if (length === undefined) continue;
      if (last > length) {
        const text = `position ${name}:${last} lies beyond the end of the chromosome in ${assembly.name} (${length})`;
        findings.push({ assembly, weight: -DECISIVE, text });
        break;
      }
      if (assembly.telomeresUnknown && first > 0 && first < 10_000 && CHROMOSOMES[number] !== '17') {
        const text = `position ${name}:${first} lies where no base of ${assembly.name} is known`;
        findings.push({ assembly, weight: -DECISIVE / 2, text });
        break;
      }
    }
  }
  return findings;
}

function byAgreement({ comparedWith, sequence, rsNumbers, knownBases }: AssemblyClues): Finding[] {
  const assembly = ASSEMBLIES.find(({ name }) => name === comparedWith);
  if (!assembly) return [];
  const findings: Finding[] = [];
  const weigh = (count: Agreement, least: number, weight: number, yes: string, no: string): void => {
    const total = count.agree + count.disagree;
    if (total < least) return;
    const share = count.agree / total;
    if (share >= 0.9) findings.push({ assembly, weight, text: `${count.agree} of ${total} ${yes}` });
    else if (share <= 0.7) findings.push({ assembly, weight: -weight, text: `${count.disagree} of ${total} ${no}` });
  };
  const { name } = assembly;
  weigh(sequence, 10, 1.5 * DECISIVE, `REF bases agree with ${name}`, `REF bases disagree with ${name}`);
  weigh(
    rsNumbers,
    1,
    0.6 * DECISIVE,
    `known rs numbers lie where they do in ${name}`,
    `known rs numbers lie elsewhere in ${name}`,
  );
  weigh(
    knownBases,
    3,
    0.4 * DECISIVE,
    `REF bases agree with known variants of ${name}`,
    `REF bases disagree with known variants of ${name}`,
  );
  return findings;
}

/** Header lines that describe fields or contigs tell nothing by their prose. */
const DESCRIPTION = /^##(INFO|FORMAT|FILTER|ALT|contig|fileformat)=/i;
const REFERENCE = /^##(reference|assembly|genome\w*)=/i;

function byText({ lines }: AssemblyClues): Finding[] {
  const best = new Map<Assembly, Finding>();
  for (const line of lines) {
    const contigAssembly = /^##contig=<.*\bassembly=([^,>]+)/i.exec(line)?.[1];
    if (contigAssembly === undefined && DESCRIPTION.test(line)) continue;
    const assembly = mentionedAssembly(contigAssembly ?? line);
    if (!assembly) continue;
    const direct = contigAssembly !== undefined || REFERENCE.test(line);
    const weight = direct ? 2 * LIKELY : LIKELY;
    if ((best.get(assembly)?.weight ?? 0) < weight)
      best.set(assembly, { assembly, weight, text: `its header says ${excerpt(line, assembly)}` });
  }
  return [...best.values()];
}

/** The part of a header line that mentions the assembly. */
function excerpt(line: string, { mentions }: Assembly): string {
  if (line.length <= 60) return line.trim();
  const at = line.search(mentions);
  const start = Math.max(line.lastIndexOf(' ', at), line.lastIndexOf('/', at), line.lastIndexOf('=', at), at - 30) + 1;
  return `"${line.slice(start, start + 60).split(/[\s,;"]/)[0]}"`;
}
