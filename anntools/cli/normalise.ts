/** `anntools normalise IN.vcf`: every allele written the one way. */
import { parseArgs } from 'node:util';
import { openBundle } from '../bundle/open.ts';
import { InputError } from '../errors.ts';
import { normaliseFile } from '../normalise/file.ts';
import type { NormaliseOptions } from '../normalise/normaliser.ts';
import { findReference } from '../reference/installed.ts';
import { say } from '../report/say.ts';
import { inputOf, parsed } from './arguments.ts';
import type { CommandContext } from './context.ts';

export const normaliseUsage = `usage: anntools normalise IN.vcf[.gz] [-o OUT.vcf.gz] [-r REFERENCE] [options]

Writes every allele the one way: trimmed and moved to the left as far as it goes, REF checked. IN is text, gzip or BGZF;
- is standard input, and standard output for -o (the default). Without -r alleles stay where they are.

  -o, --output FILE        the result; compressed where its name ends in gz
  -r, --reference NAME     an installed reference or a folder; it must have sequences
      --mismatch WHAT      a REF that the reference contradicts: refuse the file (default), keep, drop or set
      --split KIND         records with several ALTs become several: any, snps, indels or both
      --join KIND          records of one position become one: any, snps, indels or both
      --other-alleles 0|.  what genotypes of split records say of the other ALTs: REF (default) or missing
      --duplicates RULE    leaves out repetitions: exact, snps, indels, both or any
      --original KEY       tells what a changed record was, in this INFO key
      --lenient            leaves out values whose number is wrong, where otherwise the file is refused
`;

const KINDS = ['any', 'snps', 'indels', 'both'] as const;

/** Runs the command. Answers the exit code. @throws InputError for people. */
export async function normaliseCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        output: { type: 'string', short: 'o', default: '-' },
        reference: { type: 'string', short: 'r' },
        mismatch: { type: 'string' },
        split: { type: 'string' },
        join: { type: 'string' },
        'other-alleles': { type: 'string' },
        duplicates: { type: 'string' },
        original: { type: 'string' },
        lenient: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    }),
  );
  if (values.help) {
    context.out(normaliseUsage);
    return 0;
  }
  const split = oneOf('--split', values.split, KINDS);
  const join = oneOf('--join', values.join, KINDS);
  if (split !== undefined && join !== undefined)
    throw new InputError('BAD_OPTION', 'records are split or joined, not both');
  const mismatch = oneOf('--mismatch', values.mismatch, ['refuse', 'keep', 'drop', 'set']);
  const duplicates = oneOf('--duplicates', values.duplicates, ['exact', ...KINDS]);
  const otherAlleles = oneOf('--other-alleles', values['other-alleles'], ['0', '.']);
  const options: NormaliseOptions = {
    ...(values.reference !== undefined && {
      reference: openBundle(findReference(values.reference, context.referencesFolder)),
    }),
    ...(mismatch && { mismatch }),
    ...(split && { split }),
    ...(join && { join }),
    ...(duplicates && { duplicates }),
    ...(values.original !== undefined && { originalTag: values.original }),
    splitting: { lenient: values.lenient, ...(otherAlleles && { otherAlleles }) },
  };
  const input = inputOf(positionals, context);
  const output = values.output === '-' ? context.stdout : values.output;
  const { read, written } = await normaliseFile({ input: input.chunks, output, options });
  context.err(`${input.name}: ${say(read)} records read, ${say(written)} written\n`);
  return 0;
}

function oneOf<Word extends string>(
  option: string,
  told: string | undefined,
  words: readonly Word[],
): Word | undefined {
  const word = words.find((known) => known === told);
  if (told !== undefined && word === undefined) {
    throw new InputError('BAD_OPTION', `${option} is one of ${words.join(', ')}, not '${told}'`);
  }
  return word;
}
