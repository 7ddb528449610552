/** `anntools validate IN.vcf`: one line a problem, with line, column, reason and the section that says so. */
import { parseArgs } from 'node:util';
import { validateVcf } from '../validate/validate.ts';
import { inputOf, parsed, wholeNumber } from './arguments.ts';
import type { CommandContext } from './context.ts';

export const validateUsage = `usage: anntools validate IN.vcf[.gz] [options]

Says where a VCF does not follow the specification of the version it claims (4.0 to 4.5), a line a problem: line number,
column or sample, reason, section. IN is text, gzip or BGZF; - is standard input. Ends with 0 when nothing is wrong, with
1 otherwise.

      --warnings   tell also of what the specification advises against; this does not count as wrong
      --max N      stop after N problems (default: say all)
`;

/** Problems are written this many characters at a time. */
const WRITE_SIZE = 1 << 15;

/** Runs the command. Answers the exit code. @throws InputError for people. */
export async function validateCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        max: { type: 'string' },
        warnings: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    }),
  );
  if (values.help) {
    context.out(validateUsage);
    return 0;
  }
  const max = values.max === undefined ? Infinity : wholeNumber('--max', values.max, 1, Number.MAX_SAFE_INTEGER);
  const { name, chunks } = inputOf(positionals, context);
  const counts = { error: 0, warning: 0 };
  let text = '';
  for await (const problem of validateVcf(chunks, { warnings: values.warnings ?? false, signal: context.signal })) {
    const { line, column, reason, section, severity } = problem;
    counts[severity]++;
    text += `line ${line}\t${column}\t${severity === 'warning' ? 'warning: ' : ''}${reason}\t${section}\n`;
    if (text.length > WRITE_SIZE) {
      context.out(text);
      text = '';
    }
    if (counts.error + counts.warning >= max) break;
  }
  if (text !== '') context.out(text);
  context.err(
    `${name}: ${counted(counts.error, 'error')}${values.warnings ? `, ${counted(counts.warning, 'warning')}` : ''}\n`,
  );
  return counts.error === 0 ? 0 : 1;
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
