/** What a program answers to `--version`; apart, so that a command which needs nothing else stays small. */
import { version } from '../package.json';

export { version };

/** The commit an executable was made from (`deploy/build.ts` puts it in); empty when run from source. */
export const commit = process.env.GAS_COMMIT ?? '';

/** Answers `--version`, and ends the process then. Behind a verb it is the verb's: `anntools known build --version 4.1`. */
export function answerVersion(program: string): void {
  if (process.argv[2] !== '--version') return;
  process.stdout.write(`${program} ${version}${commit ? ` (${commit})` : ''}, Bun ${Bun.version}\n`);
  process.exit(0);
}
