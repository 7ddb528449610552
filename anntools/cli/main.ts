/** The command `anntools`: which subcommand, and how it ends. */
import { InputError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { annotateCommand } from './annotate.ts';
import type { CommandContext } from './context.ts';
import { filterCommand } from './filter.ts';
import { knownCommand } from './known.ts';
import { normaliseCommand } from './normalise.ts';
import { referenceCommand } from './reference.ts';
import { statsCommand } from './stats.ts';
import { validateCommand } from './validate.ts';

const usage = `usage: anntools COMMAND …

  annotate    adds consequences, known variants and bands to a VCF
  filter      keeps the records for which an expression holds
  validate    says where a VCF does not follow the specification
  stats       counts what is in a VCF
  normalise   writes every allele of a VCF the one way
  known       builds, lists and inspects sources of known variants
  reference   builds, installs, lists and inspects references

"anntools COMMAND --help" tells more.
`;

type Command = (args: readonly string[], context: CommandContext) => Promise<number>;

const commands: Record<string, Command> = {
  annotate: annotateCommand,
  filter: filterCommand,
  validate: validateCommand,
  stats: statsCommand,
  normalise: normaliseCommand,
  known: knownCommand,
  reference: referenceCommand,
};

/**
 * Runs the command and answers its exit code: 0 done, 1 the input or the reference cannot be used (or `validate` found
 * problems), 2 the command was not understood, 130 told to stop. Anything else that goes wrong is thrown.
 */
export async function main(args: readonly string[], context: CommandContext): Promise<number> {
  const [name = '--help', ...rest] = args;
  if (name === '--version' || name === '-V') {
    context.out(`anntools ${VERSION}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    context.out(usage);
    return args.length === 0 ? 2 : 0;
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new InputError('BAD_OPTION', `there is no command '${name}'; "anntools --help" lists them`);
    return await command(rest, context);
  } catch (cause) {
    if (context.signal.aborted) return 130;
    if (!(cause instanceof InputError)) throw cause;
    context.err(`anntools: ${cause.message}\n`);
    return cause.code === 'BAD_OPTION' ? 2 : 1;
  }
}
