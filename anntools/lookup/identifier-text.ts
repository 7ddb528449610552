/**
 * The identifiers of a known variant as VEP lists them in Existing_variation: `rs1&rs2`. A source has them as numbers
 * behind a prefix, or as a text of several (`rs1%3Brs2`, of ClinVar's RS `1|2`).
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { KnownField } from './known-format.ts';
import { isWord, wordOf, type Words } from './value-text.ts';

const AMPERSAND = 38;

export class IdentifierText {
  private readonly prefix: Uint8Array;
  private readonly isText: boolean;

  /** @param prefix what stands before a number: `rs`. */
  constructor(
    { column }: KnownField,
    prefix: string,
    private readonly words: Words,
  ) {
    this.isText = column === 'word';
    this.prefix = Buffer.from(prefix, 'latin1');
  }

  /** Appends `&` and the identifier, for each of them. */
  write(code: number, out: ByteBuffer): void {
    if (this.isText) this.writeText(code, out);
    else if (isWord(code)) this.writeText(wordOf(code), out);
    else {
      out.byte(AMPERSAND);
      out.append(this.prefix);
      out.integer(code >>> 0);
    }
  }

  private writeText(word: number, out: ByteBuffer): void {
    const { bytes, ends } = this.words;
    const text = Buffer.prototype.latin1Slice.call(bytes, ends[word - 1], ends[word]);
    for (const part of text.split(/%3B|%2C|[|&]/)) {
      if (part === '' || part === '.') continue;
      out.byte(AMPERSAND);
      if (/^\d/.test(part)) out.append(this.prefix);
      out.ascii(part);
    }
  }
}
