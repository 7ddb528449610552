/** `anntools validate IN.vcf`: one line a problem, with line, column and reason. */
import { parseArgs } from 'node:util';
import { ByteSource } from '../bgzf/source.ts';
import { InputError } from '../errors.ts';
import { BatchText } from '../pipeline/batch-text.ts';
import { openInput } from '../pipeline/batches.ts';
import { Validator, type Problem } from '../vcf/validate.ts';
import type { CommandContext } from './context.ts';
import { inputOf, parsed, wholeNumber } from './arguments.ts';

export const validateUsage = `usage: anntools validate IN.vcf[.gz] [options]

Says where a VCF does not follow the specification, a line a problem: line number, column, reason. IN is text, gzip or
BGZF; - is standard input. Ends with 0 when there is none, with 1 otherwise.

      --max N   stop after N problems (default: say all)
`;

/** Runs the command. Answers the exit code. @throws InputError for people. */
export async function validateCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      options: { max: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    }),
  );
  if (values.help) {
    context.out(validateUsage);
    return 0;
  }
  const max = values.max === undefined ? Infinity : wholeNumber('--max', values.max, 1, Number.MAX_SAFE_INTEGER);
  const input = inputOf(positionals, context);
  let problems = 0;
  const report = ({ line, column, reason }: Problem): void => {
    if (problems++ < max) context.out(`line ${line}\t${column}\t${reason}\n`);
  };
  try {
    await validate(input.chunks, report, () => problems >= max);
  } catch (cause) {
    if (!(cause instanceof InputError) || cause.code === 'UNREADABLE') throw cause;
    report({ line: cause.place.line ?? 0, column: 'file', reason: cause.message });
  }
  context.err(
    problems === 0 ? `${input.name}: no problem\n` : `${input.name}: ${problems} problem${problems === 1 ? '' : 's'}\n`,
  );
  return problems === 0 ? 0 : 1;
}

async function validate(
  chunks: AsyncIterable<Uint8Array>,
  report: (problem: Problem) => void,
  enough: () => boolean,
): Promise<void> {
  const source = new ByteSource(chunks);
  try {
    await validateLines(source, report, enough);
  } finally {
    await source.close();
  }
}

async function validateLines(
  source: ByteSource,
  report: (problem: Problem) => void,
  enough: () => boolean,
): Promise<void> {
  const { header, batches } = await openInput(source);
  const validator = new Validator(header, report);
  const text = new BatchText();
  let line = header.lineCount;
  let { endsInNewline } = header;
  for await (const batch of batches) {
    const { bytes, end } = text.read(batch);
    const lines = Buffer.from(bytes.buffer, bytes.byteOffset + batch.skip, end - batch.skip)
      .toString('latin1')
      .split('\n');
    endsInNewline = lines.at(-1) === '';
    if (endsInNewline) lines.pop();
    for (const one of lines) {
      validator.line(one.endsWith('\r') ? one.slice(0, -1) : one, ++line);
      if (enough()) return;
    }
  }
  validator.end(endsInNewline, line);
}
