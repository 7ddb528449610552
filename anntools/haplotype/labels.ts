/** Names of genes, transcripts and biotypes as they stand in BCSQ. */
import { type Reference, NO_GENE } from '../bundle/reference.ts';
import { appendField, stringAt } from '../bundle/string-pool.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';

/** Fields of `Transcripts.labels`. */
const SYMBOL = 0;
const GENE = 1;
const TRANSCRIPT = 3;

export class Labels {
  readonly #biotypes = new Map<number, { name: Uint8Array; isDecaying: boolean }>();

  constructor(private readonly reference: Reference) {}

  /** The symbol of the gene, or its id. */
  writeGene({ transcript, gene }: { transcript: number; gene: number }, out: ByteBuffer): void {
    const { labels } = this.reference.transcripts;
    if (gene === NO_GENE) return;
    if (!appendField(labels, transcript, SYMBOL, out)) appendField(labels, transcript, GENE, out);
  }

  writeTranscript(transcript: number, out: ByteBuffer): void {
    appendField(this.reference.transcripts.labels, transcript, TRANSCRIPT, out);
  }

  /** bcftools' own short name. */
  biotype(word: number): Uint8Array {
    return this.#biotype(word).name;
  }

  isDecaying(word: number): boolean {
    return this.#biotype(word).isDecaying;
  }

  #biotype(word: number): { name: Uint8Array; isDecaying: boolean } {
    let known = this.#biotypes.get(word);
    if (known === undefined) {
      const name = stringAt(this.reference.transcripts.words, word);
      const isDecaying = name === 'nonsense_mediated_decay';
      const short = isDecaying ? 'NMD' : name.replace(/^(IG|TR)_(\w+)_gene$/, '$1_$2');
      known = { name: Buffer.from(short), isDecaying };
      this.#biotypes.set(word, known);
    }
    return known;
  }
}
