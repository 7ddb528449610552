/**
 * The column Existing_variation of a CSQ: the identifiers by which sources of known variants know an ALT, as VEP lists
 * them, `rs123&COSV456`. They are gathered once for a record and copied into each of its blocks.
 */
import { ByteBuffer } from '../bytes/buffer.ts';
import type { AlleleColumn } from '../engine/columns.ts';
import type { KnownVariants } from '../lookup/known.ts';

const NAME = 'Existing_variation';

/** The column, where it is asked for and a source has identifiers; null otherwise, and it stays empty. */
export function existingVariation(
  columns: readonly string[],
  sources: readonly KnownVariants[],
): ExistingVariation | null {
  const isOf = columns.includes(NAME) && sources.some(({ hasIdentifiers }) => hasIdentifiers);
  return isOf ? new ExistingVariation(sources) : null;
}

export class ExistingVariation implements AlleleColumn {
  readonly name = NAME;
  private readonly text = new ByteBuffer(256);
  /** Where those of each ALT end in `text`. */
  private readonly ends: number[] = [];

  constructor(private readonly sources: readonly KnownVariants[]) {}

  /** Gathers those of a record's ALTs, which have been looked up. @param found ALTs found in each source. */
  gather(alts: number, found: readonly number[]): void {
    const { text, ends } = this;
    text.clear();
    ends.length = 0;
    for (let alt = 0; alt < alts; alt++) {
      const start = text.length;
      let speakers = 0;
      for (let i = 0; i < found.length; i++) {
        const before = text.length;
        if (found[i] > 0) this.sources[i].writeIdentifiers(alt, text);
        if (text.length > before) speakers++;
      }
      if (speakers > 1) this.dropRepeated(start);
      ends.push(text.length);
    }
  }

  /** Two sources may know a variant by the same identifier. */
  private dropRepeated(start: number): void {
    const { text } = this;
    const identifiers = text.bytes.toString('latin1', start + 1, text.length).split('&');
    text.length = start;
    for (const identifier of new Set(identifiers)) text.ascii(`&${identifier}`);
  }

  writeAllele(number: number, out: ByteBuffer): void {
    const { text, ends } = this;
    const start = number < 2 ? 0 : ends[number - 2];
    const end = ends[number - 1];
    // Without the `&` before the first.
    if (end > start) out.append(text.bytes, start + 1, end);
  }
}
