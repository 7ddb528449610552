/** `anntools stats IN.vcf`: what is in a file, without annotating it. */
import { parseArgs } from 'node:util';
import { annotateFile } from '../pipeline/run.ts';
import { countLog } from '../report/log.ts';
import { inputOf, parsed } from './arguments.ts';
import type { CommandContext } from './context.ts';
import { ProgressLine } from './progress-line.ts';

export const statsUsage = `usage: anntools stats IN.vcf[.gz] [--json]

Counts lines, variants by class, transitions and transversions, lengths of indels, contigs; says which assembly the file
seems to be and what is wrong with it. IN is text, gzip or BGZF; - is standard input.

      --json   as JSON, with histograms
`;

/** Runs the command. Answers the exit code. @throws InputError for people. */
export async function statsCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    }),
  );
  if (values.help) {
    context.out(statsUsage);
    return 0;
  }
  const input = inputOf(positionals, context);
  const progress = new ProgressLine(context);
  const counted = await annotateFile({
    input: input.path ?? input.chunks,
    inputName: input.name,
    output: { write: async () => {} },
    reference: null,
    signal: context.signal,
    now: () => context.now().getTime(),
    onProgress: ({ bytes_read: done, bytes_total: total = 0 }) => progress.show(`reading ${input.name}`, done, total),
  }).finally(() => progress.end());
  const summary = { ...counted, warnings: counted.warnings.filter(({ code }) => code !== 'NO_REFERENCE') };
  context.out(
    values.json ? `${JSON.stringify(summary, null, 1)}\n` : countLog(summary, { knownExamples: [], threads: 1 }),
  );
  return 0;
}
