/** The contigs of a FASTA: bases to the sequence file, names and what the header lines tell to the contig list. */
import { InputError } from '../errors.ts';
import type { FastaTaker } from '../fasta.ts';
import { readFasta } from '../fasta.ts';
import type { ContigModel } from '../models/gene-models.ts';
import type { ProblemLog } from '../models/problems.ts';
import type { SequenceWriter } from './sequence-file.ts';

/** Positions are 32-bit: longer sequences do not occur in one piece. */
const LENGTH_MAX = 0x7fffffff;

export class FastaContigs implements FastaTaker {
  readonly contigs: ContigModel[] = [];
  /** e.g. `GRCh38`, where header lines say it; empty where they do not. */
  assembly = '';
  #open: { name: string; description: string } | undefined;

  constructor(
    readonly writer: SequenceWriter,
    readonly problems: ProblemLog,
  ) {}

  /** Reads all of it. @throws InputError that names the line, or says that no contig has a base. */
  async read(chunks: AsyncIterable<Uint8Array>, insideGff3: boolean): Promise<void> {
    await readFasta(chunks, this, insideGff3);
    this.#end();
    this.writer.finish();
    if (this.contigs.length === 0) throw new InputError('BAD_REFERENCE', 'the FASTA has names but no bases');
  }

  contig(name: string, description: string): void {
    this.#end();
    this.#open = { name, description };
  }

  letters(bytes: Uint8Array, start: number, end: number): number {
    return this.writer.add(bytes, start, end);
  }

  #end(): void {
    if (!this.#open) return;
    const { name, description } = this.#open;
    if (this.writer.contigLength === 0) {
      this.problems.note('EMPTY_CONTIG', name);
      return;
    }
    const { length, ambiguous, firstAmbiguous } = this.writer.endContig();
    if (length > LENGTH_MAX)
      throw new InputError('BAD_REFERENCE', `contig ${name} has ${length} bases: more than ${LENGTH_MAX} in one piece`);
    if (ambiguous > 0)
      this.problems.note('AMBIGUOUS_BASES', `${name}: ${ambiguous}, first ${firstAmbiguous}`, ambiguous);
    this.assembly ||= assemblyOf(description);
    const isMitochondrion = /\bmitochondri/i.test(description);
    this.contigs.push({
      name,
      length,
      aliases: aliasesOf(description),
      ...(isMitochondrion ? { circular: true } : {}),
    });
  }
}

/** Ensembl: `dna:chromosome chromosome:GRCh38:1:1:248956422:1 REF`; NCBI: `… chromosome 1, GRCh38.p14 Primary Assembly`. */
function assemblyOf(description: string): string {
  return (
    /\b(?:chromosome|scaffold|primary_assembly|supercontig|contig):([^:\s]+):/.exec(description)?.[1] ??
    /, (\S+) Primary Assembly/.exec(description)?.[1] ??
    ''
  );
}

/** NCBI names a sequence by its accession and tells what people call it in words. */
function aliasesOf(description: string): string[] {
  if (/\b(un(localized|placed)|scaffold|contig|patch|alternate)\b/i.test(description)) return [];
  if (/\bmitochondrion, complete/.test(description)) return ['MT'];
  const told = /\b(?:chromosome|plasmid) (\w+), (?:\S+ Primary Assembly|.*\bcomplete\b)/.exec(description);
  return told ? [told[1]] : [];
}
