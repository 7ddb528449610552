/**
 * Reads a GFF3 or GTF file of any of the usual makers into gene models, and says which it was. The format is seen in
 * the lines themselves (`key=value` or `key "value"`), not in the file's name.
 */
import { InputError } from '../errors.ts';
import type { ContigModel, GeneModel, TranscriptModel } from '../models/gene-models.ts';
import type { Problem } from '../models/problems.ts';
import { ProblemLog } from '../models/problems.ts';
import { assemble, isGeneMap } from './assemble.ts';
import { CollectedRecords } from './collected.ts';
import type { Feature } from './feature.ts';
import { parseFeature } from './feature.ts';
import { collectGff3 } from './gff3.ts';
import { collectGtf } from './gtf.ts';
import { TextLines } from './text-lines.ts';

export type GeneFileFormat = 'GFF3' | 'GTF';
export type GeneFileFlavour = 'Ensembl' | 'GENCODE' | 'RefSeq' | 'plain' | 'gene map';

/** What an annotation file said. */
export interface GeneFile {
  format: GeneFileFormat;
  flavour: GeneFileFlavour;
  /** What the file's head says about its assembly, e.g. `GRCh38.p14`; empty when it says nothing. */
  assembly: string;
  /** What it says about its release, e.g. `GENCODE 44`; empty when it says nothing. */
  release: string;
  /** Contigs that have features, in the order of the file; length 0 where the file does not tell. */
  contigs: ContigModel[];
  genes: GeneModel[];
  transcripts: TranscriptModel[];
  problems: Problem[];
  /** The line of `##FASTA`, from which on the file is a FASTA; 0 when there is none. */
  fastaLine: number;
}

/** Reads a whole file that is already in memory. @throws InputError that names the line. */
export function parseGeneFile(bytes: Uint8Array): GeneFile {
  const reader = new GeneFileReader();
  reader.push(bytes);
  return reader.end();
}

/** Reads a file chunk by chunk. @throws InputError that names the line. */
export async function readGeneFile(chunks: AsyncIterable<Uint8Array>): Promise<GeneFile> {
  const reader = new GeneFileReader();
  for await (const chunk of chunks) {
    reader.push(chunk);
    if (reader.atFasta) break;
  }
  return reader.end();
}

/** Lines that may come before one that tells GTF from GFF3. */
const UNDECIDED_MAX = 1000;

const HASH = 35;
const GREATER = 62;

class GeneFileReader {
  readonly #problems = new ProblemLog();
  readonly #records = new CollectedRecords(this.#problems);
  readonly #lines = new TextLines((bytes, start, end, line) => this.#line(bytes, start, end, line));
  readonly #head: string[] = [];
  readonly #lengths = new Map<string, number>();
  #format: GeneFileFormat | undefined;
  /** Lines that came before one that tells the format. */
  readonly #undecided: Feature[] = [];
  #marks = { ensembl: 0, gencode: 0, refseq: 0 };
  #features = 0;
  #fastaLine = 0;

  get atFasta(): boolean {
    return this.#fastaLine > 0;
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): GeneFile {
    this.#lines.end();
    const last = this.#undecided.pop();
    if (last !== undefined) this.#collect(last);
    if (this.#format === undefined) {
      throw new InputError(
        'BAD_MODELS',
        'the file has no features: a GFF3 or GTF with nine tab-separated columns is expected',
      );
    }
    const flavour = isGeneMap([...this.#records.contigs.values()]) ? 'gene map' : this.#flavour();
    const { genes, transcripts } = assemble(this.#records);
    return {
      format: this.#format,
      flavour,
      assembly:
        this.#headValue(/^#!genome-build\s+(?:\w+\s+)?(\S+)/m) || this.#headValue(/^##?description:.*\((\w+)\)/m),
      release: this.#release(),
      contigs: this.#contigs(),
      genes,
      transcripts,
      problems: this.#problems.list(),
      fastaLine: this.#fastaLine,
    };
  }

  #line(bytes: Uint8Array, start: number, end: number, line: number): void {
    if (start === end || this.#fastaLine > 0) return;
    if (bytes[start] === HASH) return this.#comment(textOf(bytes, start, Math.min(end, start + 4096)), line);
    if (bytes[start] === GREATER && this.#features > 0) {
      this.#fastaLine = line - 1;
      return;
    }
    const feature = parseFeature(textOf(bytes, start, end), line);
    if (this.#features++ < 1000) this.#mark(feature);
    this.#format ??= formatOf(feature);
    if (this.#format === undefined && this.#undecided.length < UNDECIDED_MAX) this.#undecided.push(feature);
    else this.#collect(feature);
  }

  #collect(feature: Feature): void {
    this.#format ??= 'GFF3';
    for (const earlier of this.#undecided.splice(0)) this.#collect(earlier);
    if (this.#format === 'GTF') collectGtf(this.#records, feature);
    else collectGff3(this.#records, feature);
  }

  #comment(text: string, line: number): void {
    if (text.startsWith('##FASTA')) this.#fastaLine = line;
    const region = /^##sequence-region\s+(\S+)\s+\d+\s+(\d+)/.exec(text);
    if (region) this.#lengths.set(region[1], Number(region[2]));
    else if (this.#head.length < 100 && text !== '###') this.#head.push(text);
  }

  #mark({ source, attributes }: Feature): void {
    if (/gbkey[= ]/.test(attributes) || /RefSeq|Gnomon/.test(source)) this.#marks.refseq++;
    else if (/(gene|transcript)_type[= ]/.test(attributes)) this.#marks.gencode++;
    else if (/(ID|Parent)=(gene|transcript):|(gene|transcript)_biotype "/.test(attributes)) this.#marks.ensembl++;
  }

  #flavour(): GeneFileFlavour {
    const { ensembl, gencode, refseq } = this.#marks;
    const most = Math.max(ensembl, gencode, refseq);
    if (most === 0) return 'plain';
    return most === refseq ? 'RefSeq' : most === gencode ? 'GENCODE' : 'Ensembl';
  }

  #headValue(pattern: RegExp): string {
    return pattern.exec(this.#head.join('\n'))?.[1] ?? '';
  }

  #release(): string {
    const gencode = this.#headValue(/^##?description:.*version (\w+)/m);
    if (gencode !== '') return `GENCODE ${gencode}`;
    return this.#headValue(/^#!annotation-source\s+(.+)$/m) || this.#headValue(/^#!genebuild-last-updated\s+(\S+)/m);
  }

  #contigs(): ContigModel[] {
    return [...this.#records.contigs.values()].map(({ facts: { name, aliases, circular, length, codonTables } }) => {
      const told = [...codonTables].sort((a, b) => b[1] - a[1]);
      if (told.length > 1) {
        const others = told.slice(1);
        const count = others.reduce((sum, [, votes]) => sum + votes, 0);
        this.#problems.note(
          'CODON_TABLES_DISAGREE',
          `${name}: mostly ${told[0][0]}, also ${others.map(([table]) => table).join(', ')}`,
          count,
        );
      }
      return {
        name,
        length: this.#lengths.get(name) ?? length,
        circular,
        aliases,
        ...(told.length > 0 ? { codonTable: told[0][0] } : {}),
      };
    });
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.utf8Slice.call(bytes, start, end);
}

/** Undefined where a line does not tell: AUGUSTUS writes bare names behind the genes and transcripts of a GTF. */
function formatOf({ attributes }: Feature): GeneFileFormat | undefined {
  if (/^[^\s=;"]+$/.test(attributes)) return undefined;
  return /(^|;\s*)(gene|transcript)_id\s+"?[^=]/.test(attributes) ? 'GTF' : 'GFF3';
}
