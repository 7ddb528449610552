/**
 * Whether a run did its work: a fast run that lost lines, or told nothing, is no run. Consequences are compared with
 * those of bcftools csq, whose short names mean the same few terms.
 */
import { inflated } from './inflated.ts';

/** Records of a VCF or BGZF, and how many of them carry each of the INFO keys. */
export async function countRecords(
  path: string,
  keys: readonly string[],
): Promise<{ records: number; with: number[] }> {
  const counts = keys.map(() => 0);
  let records = 0;
  for await (const line of lines(path)) {
    records++;
    keys.forEach((key, i) => {
      if (line.includes(`;${key}=`) || line.includes(`\t${key}=`)) counts[i] = (counts[i] ?? 0) + 1;
    });
  }
  return { records, with: counts };
}

/** bcftools' names of coding changes of single bases, in VEP's words. */
const SAME: Record<string, string> = {
  missense: 'missense_variant',
  synonymous: 'synonymous_variant',
  stop_gained: 'stop_gained',
  stop_lost: 'stop_lost',
  start_lost: 'start_lost',
};

/** How many coding SNV consequences of bcftools csq, by transcript, are also ours. */
export async function agreement(
  ours: string,
  theirs: string,
  most: number,
): Promise<{ same: number; compared: number }> {
  const answers = new Map<string, string>();
  let seen = 0;
  for await (const line of lines(ours)) {
    if (seen++ === most) break;
    const columns = line.split('\t', 8);
    for (const block of valueOf(columns[7] ?? '', 'CSQ').split(',')) {
      const fields = block.split('|');
      answers.set(`${columns[1]} ${columns[3]} ${columns[4]} ${fields[6]}`, fields[1] ?? '');
    }
  }
  let same = 0;
  let compared = 0;
  seen = 0;
  for await (const line of lines(theirs)) {
    if (seen++ === most) break;
    const columns = line.split('\t', 8);
    if (columns[3]?.length !== 1 || columns[4]?.length !== 1) continue;
    for (const block of valueOf(columns[7] ?? '', 'BCSQ').split(',')) {
      const [term = '', , transcript = ''] = block.split('|');
      const told = SAME[term];
      const ourTerms = answers.get(`${columns[1]} ${columns[3]} ${columns[4]} ${transcript}`);
      if (told === undefined || ourTerms === undefined) continue;
      compared++;
      if (ourTerms.split('&').includes(told)) same++;
    }
  }
  return { same, compared };
}

function valueOf(info: string, key: string): string {
  return (
    info
      .split(';')
      .find((entry) => entry.startsWith(`${key}=`))
      ?.slice(key.length + 1) ?? ''
  );
}

/** The records, as lines: what has columns and is no header. (Debian's snpEff says its own command first.) */
async function* lines(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of inflated(path)) {
    const parts = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) if (!line.startsWith('#') && line.includes('\t')) yield line;
  }
  if (rest !== '' && !rest.startsWith('#')) yield rest;
}
