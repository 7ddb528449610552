/** What the commands have in common in reading their arguments. */
import { basename } from 'node:path';
import { fileChunks } from '../bgzf/source.ts';
import { InputError } from '../errors.ts';
import type { CommandContext } from './context.ts';

/** Runs `parseArgs`; what it refuses is the user's error. */
export function parsed<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    throw new InputError('BAD_OPTION', cause instanceof Error ? cause.message : String(cause));
  }
}

export interface Input {
  /** What it is called in messages. */
  name: string;
  /** Its path; absent for standard input. */
  path?: string;
  chunks: AsyncIterable<Uint8Array>;
}

/** The one input a command takes; `-` is standard input. */
export function inputOf(positionals: readonly string[], context: CommandContext): Input {
  const [path, ...more] = positionals;
  if (path === undefined) throw new InputError('BAD_OPTION', 'say which file: a path, or - for standard input');
  if (more.length > 0) throw new InputError('BAD_OPTION', `one file at a time, not also ${more.join(' ')}`);
  if (path === '-') return { name: 'standard input', chunks: context.stdin() };
  return { name: basename(path), path, chunks: fileChunks(path, context.signal) };
}

/** A whole number from `min` to `max`. @throws InputError BAD_OPTION that names the option. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new InputError('BAD_OPTION', `${option} takes a whole number from ${min} to ${max}, not '${text}'`);
  }
  return value;
}

/** A share above 0 and up to 1. @throws InputError BAD_OPTION that names the option. */
export function share(option: string, text: string): number {
  const value = Number(text);
  if (!/^[\d.]+$/.test(text) || !(value > 0 && value <= 1)) {
    throw new InputError('BAD_OPTION', `${option} takes a share above 0 and up to 1, such as 0.7, not '${text}'`);
  }
  return value;
}
