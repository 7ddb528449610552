/** The values of tables of genes for the transcripts of a reference, as columns of a CSQ block. */
import { type Reference, NO_GENE } from '../bundle/reference.ts';
import { stringAt } from '../bundle/string-pool.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { TranscriptColumn } from '../engine/columns.ts';
import { type GeneTable, geneKey } from './gene-table.ts';

/** The columns of all tables, in their order. */
export function geneColumns(tables: readonly GeneTable[], reference: Reference): TranscriptColumn[] {
  return tables.flatMap((table) => {
    const rows = new GeneRows(table, reference);
    return table.columns.map(({ id, values }) => ({
      name: id,
      write: (transcript: number, out: ByteBuffer) => {
        const row = rows.ofTranscript(transcript);
        if (row >= 0) out.ascii(values[row]);
      },
    }));
  });
}

/** The rows of a table for a reference; -1 where there is none. */
class GeneRows {
  constructor(
    private readonly table: GeneTable,
    private readonly reference: Reference,
  ) {}

  /** The transcript's own row, else its gene's. */
  ofTranscript(transcript: number): number {
    const { transcripts } = this.reference;
    const own = this.table.rows.get(geneKey(stringAt(transcripts.ids, transcript)));
    return own ?? this.ofGene(transcripts.gene[transcript]);
  }

  /** By id, by HGNC's id, or by symbol. */
  private ofGene(gene: number): number {
    if (gene === NO_GENE || gene < 0) return -1;
    for (const key of keysOf(this.reference, gene)) {
      const row = this.table.rows.get(key);
      if (row !== undefined) return row;
    }
    return -1;
  }
}

function keysOf({ genes }: Reference, gene: number): string[] {
  const [id, hgnc] = [stringAt(genes.ids, gene), stringAt(genes.hgncIds, gene)];
  // Ensembl writes `HGNC:5`, RefSeq `5` or `HGNC:HGNC:5`.
  const number = /\d+$/.exec(hgnc)?.[0];
  return [geneKey(id), number === undefined ? '' : `HGNC:${number}`, stringAt(genes.symbols, gene)].filter(Boolean);
}

/** How much of a table a reference knows. */
export interface GeneMatch {
  /** Genes of the table, and those of them that are not in the reference, with the first of those. */
  genes: number;
  unmatched: number;
  examples: string[];
}

const EXAMPLES_MAX = 5;

/** Which genes of a table a reference knows, by themselves or by one of their transcripts. */
export function matchGenes({ rows, genes }: GeneTable, reference: Reference): GeneMatch {
  const known = new Set<string>();
  const note = (key: string): void => {
    const row = rows.get(key);
    if (row !== undefined) known.add(genes[row]);
  };
  for (let gene = 0; gene < reference.genes.count; gene++) keysOf(reference, gene).forEach(note);
  const { transcripts } = reference;
  for (let t = 0; t < transcripts.count; t++) note(geneKey(stringAt(transcripts.ids, t)));
  const names = new Set(genes);
  const unmatched = [...names].filter((name) => !known.has(name));
  return { genes: names.size, unmatched: unmatched.length, examples: unmatched.slice(0, EXAMPLES_MAX) };
}
