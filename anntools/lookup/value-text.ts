/**
 * The numbers of a column as the text they stand for. This is the hot end of a lookup: a value goes from the mapped file
 * to the output without becoming a string.
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import { writeDecimal } from './decimal-code.ts';
import { type KnownField, WORD_LEAST, WORD_TOP } from './known-format.ts';

/** The texts of a source, one after another. */
export interface Words {
  bytes: Uint8Array;
  /** Where each ends. */
  ends: Uint32Array;
}

export class ValueText {
  /** `;FIELD=`: what stands before the values, separator first. */
  readonly label: Uint8Array;
  private readonly prefix: Uint8Array;

  constructor(
    private readonly field: KnownField,
    private readonly words: Words,
  ) {
    this.label = Buffer.from(`;${field.id}=`, 'latin1');
    this.prefix = Buffer.from(field.prefix ?? '', 'latin1');
  }

  /** Appends the value of a number that is not `NONE`. */
  write(code: number, out: ByteBuffer): void {
    switch (this.field.column) {
      case 'float':
        writeDecimal(code, out);
        break;
      case 'word':
        this.writeWord(code, out);
        break;
      default:
        if (isWord(code)) this.writeWord(wordOf(code), out);
        else {
          if (this.prefix.length > 0) out.append(this.prefix);
          out.integer(code >= 0 ? code : code >>> 0);
        }
    }
  }

  private writeWord(word: number, out: ByteBuffer): void {
    const { bytes, ends } = this.words;
    out.append(bytes, ends[word - 1], ends[word]);
  }
}

/** Whether a number of a `mixed` column, as its reader answers it, stands for a text. */
export function isWord(code: number): boolean {
  return code < 0 && code >= (WORD_LEAST | 0);
}

/** Which text such a number stands for. */
export function wordOf(code: number): number {
  return (WORD_TOP | 0) - code;
}
