/**
 * Does a file follow the VCF specification of the version it claims? Strict where `annotate` is lenient: every line is
 * judged, in one pass and bounded memory, whatever the size of the file or of its lines.
 */
import { inflateBlock } from '../bgzf/block.ts';
import { blocks, inflate, sniff } from '../bgzf/reader.ts';
import { ByteSource, fileChunks } from '../bgzf/source.ts';
import { InputError } from '../errors.ts';
import { LineValidator } from './lines.ts';
import { type Problem, Reporter } from './problem.ts';
import { isPlain, windows } from './text.ts';

export interface ValidateOptions {
  /** Whether to tell also of what the specification only advises against; no by default. */
  warnings?: boolean;
  signal?: AbortSignal;
}

const NEWLINE = 10;

/**
 * The problems of a VCF (4.0 to 4.5; text, gzip or BGZF) in the order of its lines. A file that cannot be inflated has
 * that as its last problem.
 * @param input a path, or the bytes of the file.
 * @throws InputError UNREADABLE when there is no such file.
 */
export async function* validateVcf(
  input: string | AsyncIterable<Uint8Array>,
  { warnings = false, signal }: ValidateOptions = {},
): AsyncGenerator<Problem> {
  const source = new ByteSource(typeof input === 'string' ? fileChunks(input, signal) : input);
  const reporter = new Reporter(warnings);
  const validator = new LineValidator(reporter);
  let lacksEnd = false;
  try {
    for await (const window of windows(inflated(source, () => (lacksEnd = true)))) {
      signal?.throwIfAborted();
      const plain = isPlain(window);
      const { bytes, end } = window;
      for (let at = window.start; at < end && !validator.stopped;) {
        const newline = bytes.indexOf(NEWLINE, at);
        const stop = newline < 0 || newline >= end ? end : newline;
        validator.line(bytes, at, stop, stop < end, plain);
        at = stop + 1;
        yield* reporter.take();
      }
      if (validator.stopped) return;
    }
    validator.end();
    if (lacksEnd)
      reporter.warning('file', 'file', 'lacks the empty block at the end of BGZF: it may have been cut off');
    yield* reporter.take();
  } catch (cause) {
    if (!(cause instanceof InputError) || cause.code === 'UNREADABLE') throw cause;
    reporter.error('file', 'file', cause.message);
    yield* reporter.take();
  } finally {
    await source.close();
  }
}

/** The text of the file; `tellCut` is called when it is BGZF without the block that ends it (SAMv1 section 4.1.2). */
async function* inflated(source: ByteSource, tellCut: () => void): AsyncGenerator<Uint8Array> {
  if ((await sniff(source)) !== 'bgzf') return yield* inflate(source);
  const stream = blocks(source);
  for (;;) {
    const next = await stream.next();
    if (next.done) {
      if (!next.value) tellCut();
      return;
    }
    const { bytes, offset } = next.value;
    yield inflateBlock(bytes, 0, bytes.length, offset);
  }
}
