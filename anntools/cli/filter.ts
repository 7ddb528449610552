/** `anntools filter EXPR IN.vcf`: the records for which an expression holds. */
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { DeflateLevel } from '../bgzf/block.ts';
import { InputError } from '../errors.ts';
import { filterVcf } from '../filter/filter.ts';
import { inputOf, parsed, wholeNumber } from './arguments.ts';
import type { CommandContext } from './context.ts';
import { ProgressLine } from './progress-line.ts';

export const filterUsage = `usage: anntools filter EXPRESSION IN.vcf[.gz] [-o OUT.vcf.gz] [options]

Writes the records for which EXPRESSION holds for one of their alleles and consequences; the lines stay as they are.
IN is text, gzip or BGZF; - is standard input. Without -o the result is text on standard output.

  -o, --output FILE   the result; compressed and indexed (.tbi) unless it ends in .vcf
      --level N       compression of the result, 0 to 12 (default 1)

An expression compares fields with values, and joins that by and, or, not and parentheses:

  QUAL >= 30 and FILTER == PASS
  CHROM in (17, chr17) and POS >= 7661779 and POS <= 7687550
  consequence >= missense_variant and SYMBOL in (BRCA1, BRCA2)     at least as severe, in the same entry
  impact >= MODERATE and (AF < 0.01 or AF is missing)              AF of the same allele
  ClinVar_CLNSIG ~ "[Pp]athogenic" and not DB
  all(consequence != stop_gained)     pick(impact == HIGH)         of every entry; of the chosen one
  GT[NA12878] == het and FMT/DP[NA12878] > 10                      GT alone: of any sample

Fields are CHROM POS ID REF ALT QUAL FILTER, those of INFO, the columns of CSQ (ANN, BCSQ), and FMT/NAME; operators
== != < <= > >= ~ !~ in, is missing. A comparison with a missing value is neither true nor false.
`;

/** Runs the command. Answers the exit code. @throws InputError for people. */
export async function filterCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        output: { type: 'string', short: 'o' },
        level: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    }),
  );
  if (values.help) {
    context.out(filterUsage);
    return 0;
  }
  const [expression, ...rest] = positionals;
  if (expression === undefined)
    throw new InputError('BAD_OPTION', 'say what to keep, for example "QUAL >= 30 and FILTER == PASS"');
  const input = inputOf(rest, context);
  const { output = '-' } = values;
  const progress = new ProgressLine(context);
  const size = input.path === undefined ? 0 : ((await stat(input.path).catch(() => null))?.size ?? 0);
  const { records, kept, unreadable, firstUnreadable, index } = await filterVcf({
    expression,
    input: input.path ?? input.chunks,
    output: output === '-' ? context.stdout : output,
    level: wholeNumber('--level', values.level, 0, 12) as DeflateLevel,
    signal: context.signal,
    onProgress: (bytes) => progress.show(`filtering ${input.name}`, bytes, size),
  }).finally(() => progress.end());
  context.err(`${input.name}: ${kept.toLocaleString('en')} of ${records.toLocaleString('en')} records kept\n`);
  if (unreadable > 0) {
    const lines = `${unreadable.toLocaleString('en')} line${unreadable === 1 ? '' : 's'}`;
    context.err(
      `${input.name}: ${lines} left out that are no records, the first is line ${firstUnreadable}; see anntools validate\n`,
    );
  }
  if (index === null && output !== '-' && !output.endsWith('.vcf'))
    context.err(`${input.name}: no index beside the result: its records are not in order\n`);
  return 0;
}
