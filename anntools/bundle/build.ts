/**
 * Builds a bundle from a FASTA and a gene file, or from models in memory: the sequence first, as it streams by, then
 * the models, checked against it. All of it grows in a folder beside the wanted one, which is renamed when it is
 * whole: a build that fails or is stopped leaves nothing behind.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneFile } from '../annotation-files/read.ts';
import { readGeneFile } from '../annotation-files/read.ts';
import { InputError } from '../errors.ts';
import { detectAssembly } from '../genome/assembly.ts';
import { chooseCanonical } from './canonical.ts';
import { checkModels } from './check-models.ts';
import { ContainerWriter, readHead } from './container.ts';
import { contigTable } from './in-memory.ts';
import { fitModels } from './fit-models.ts';
import { writeFolder } from './folder.ts';
import { layOut } from './layout.ts';
import type { Manifest, ManifestSource } from './manifest.ts';
import { MANIFEST_FILE, MODELS_FILE, SEQUENCE_FILE, manifestHead } from './manifest.ts';
import type { ContigModel, GeneModel, TranscriptModel } from '../models/gene-models.ts';
import { writeModels } from './models-file.ts';
import { ProblemLog } from '../models/problems.ts';
import { MappedSequence, SequenceWriter } from './sequence-file.ts';
import { FastaContigs } from './fasta-contigs.ts';
import { SourceFile } from './source-file.ts';

export interface BuildOptions {
  /** The name it will be known by. */
  name: string;
  /** e.g. `GRCh38`; found out from lengths and files when left out. */
  assembly?: string;
  /** e.g. `Ensembl 115`: what the gene file is of, where the file itself says it less well. */
  release?: string;
  /** NCBI translation tables by contig name; wins over what the files say. */
  codonTables?: ReadonlyMap<string, number>;
  now: Date;
  onProgress?: (progress: BuildProgress) => void;
  signal?: AbortSignal;
}

export interface BuildProgress {
  step: 'sequence' | 'genes' | 'checking' | 'writing';
  /** Bytes of the file as it is stored; total 0 where a step has no bytes to count. */
  done: number;
  total: number;
}

/** Paths of the files a bundle is made from. A GFF3 with a `##FASTA` section needs no FASTA beside it. */
export interface BundleFiles {
  fasta?: string;
  genes?: string;
}

/** Models that are already in memory. */
export interface BundleModels {
  contigs: readonly ContigModel[];
  genes: readonly GeneModel[];
  transcripts: readonly TranscriptModel[];
  /** Bases by contig name, for the contigs whose bases are known. */
  sequences?: ReadonlyMap<string, Uint8Array>;
  sources: readonly ManifestSource[];
}

/**
 * Builds a bundle in folder `dir` out of files; a bundle that is there is replaced.
 * @throws InputError when a file is wrong (it names the line), nothing fits together, or `dir` holds something else.
 */
export async function buildBundle(dir: string, files: BundleFiles, options: BuildOptions): Promise<Manifest> {
  return writeFolder(dir, async (folder) => {
    const build = new Build(folder, options);
    const genes = files.genes === undefined ? undefined : await build.readGenes(files.genes);
    if (files.fasta !== undefined) await build.readSequence(files.fasta, false);
    else if (files.genes !== undefined && genes && genes.fastaLine > 0) await build.readSequence(files.genes, true);
    return build.finish(genes ?? { contigs: [], genes: [], transcripts: [] }, genes);
  });
}

/** Builds a bundle in folder `dir` out of models in memory; a bundle that is there is replaced. */
export async function buildBundleFromModels(
  dir: string,
  models: BundleModels,
  options: BuildOptions,
): Promise<Manifest> {
  return writeFolder(dir, async (folder) => {
    const build = new Build(folder, options);
    build.takeSources(models.sources);
    if (models.sequences) build.takeSequences(models.contigs, models.sequences);
    return build.finish(models);
  });
}

class Build {
  readonly #id = randomBytes(16);
  readonly #problems = new ProblemLog();
  readonly #sources: ManifestSource[] = [];
  /** Contigs of the sequence; null without one. */
  #contigs: ContigModel[] | null = null;
  #assemblyHint = '';
  #unknownBases = 0;
  #sequenceSize: number | undefined;

  constructor(
    readonly folder: string,
    readonly options: BuildOptions,
  ) {}

  takeSources(sources: readonly ManifestSource[]): void {
    this.#sources.push(...sources);
  }

  async readGenes(path: string): Promise<GeneFile> {
    const { onProgress, signal } = this.options;
    const source = new SourceFile(path, (done, total) => onProgress?.({ step: 'genes', done, total }), signal);
    const genes = await source.read((chunks) => readGeneFile(chunks));
    const { format, flavour, release } = genes;
    this.#sources.push({ role: 'genes', ...source.facts(), version: this.options.release ?? release, format, flavour });
    this.#problems.include(genes.problems);
    return genes;
  }

  async readSequence(path: string, insideGff3: boolean): Promise<void> {
    const { onProgress, signal } = this.options;
    const source = new SourceFile(path, (done, total) => onProgress?.({ step: 'sequence', done, total }), signal);
    const file = new ContainerWriter(join(this.folder, SEQUENCE_FILE), 'sequence', this.#id);
    try {
      const taker = new FastaContigs(new SequenceWriter(file), this.#problems);
      await source.read((chunks) => taker.read(chunks, insideGff3));
      this.#contigs = taker.contigs;
      this.#assemblyHint = taker.assembly;
      this.#unknownBases = taker.writer.unknownBases;
      this.#sequenceSize = file.finish();
    } catch (cause) {
      file.abandon();
      throw cause;
    }
    this.#sources.push({ role: 'sequence', ...source.facts(), version: this.#assemblyHint });
  }

  takeSequences(contigs: readonly ContigModel[], sequences: ReadonlyMap<string, Uint8Array>): void {
    const file = new ContainerWriter(join(this.folder, SEQUENCE_FILE), 'sequence', this.#id);
    const writer = new SequenceWriter(file);
    for (const { name, length } of contigs) {
      const bases = sequences.get(name);
      if (bases === undefined) {
        writer.skipContig();
        continue;
      }
      const wrong = writer.add(bases, 0, bases.length);
      if (wrong >= 0) throw new InputError('BAD_REFERENCE', `base ${wrong + 1} of ${name} is no base`);
      if (writer.endContig().length !== length)
        throw new InputError('BAD_REFERENCE', `${name} has ${bases.length} bases, not ${length}`);
    }
    writer.finish();
    this.#unknownBases = writer.unknownBases;
    this.#sequenceSize = file.finish();
    this.#contigs = contigs.map((contig) => ({ ...contig }));
  }

  finish(read: Pick<BundleModels, 'contigs' | 'genes' | 'transcripts'>, file?: GeneFile): Manifest {
    const { name, codonTables = new Map<string, number>(), now, onProgress } = this.options;
    onProgress?.({ step: 'checking', done: 0, total: 0 });
    const models = fitModels(this.#contigs, read, codonTables, this.#problems);
    const table = contigTable(models.contigs);
    if (this.#sequenceSize !== undefined) {
      const sequence = new MappedSequence(readHead(join(this.folder, SEQUENCE_FILE), 'sequence'), table.lengths);
      checkModels(models, table, sequence, this.#problems);
    }
    const canonical = chooseCanonical(models.transcripts);

    onProgress?.({ step: 'writing', done: 0, total: 0 });
    const output = new ContainerWriter(join(this.folder, MODELS_FILE), 'models', this.#id);
    writeModels(output, models.contigs, layOut(models.contigs, models.genes, models.transcripts));
    const manifest: Manifest = {
      ...manifestHead(this.#id),
      name,
      assembly: this.options.assembly ?? assemblyOf(models.contigs, file?.assembly || this.#assemblyHint),
      made: now.toISOString(),
      sources: this.#sources,
      counts: {
        contigs: models.contigs.length,
        bases: models.contigs.reduce((sum, { length }) => sum + length, 0),
        unknownBases: this.#unknownBases,
        contigsWithoutModels: models.contigs.length - new Set(models.transcripts.map(({ contig }) => contig)).size,
        genes: models.genes.length,
        transcripts: models.transcripts.length,
        codingTranscripts: models.transcripts.filter(({ cds }) => cds !== null).length,
      },
      canonical,
      problems: this.#problems.list(),
      files: {
        [MODELS_FILE]: output.finish(),
        ...(this.#sequenceSize === undefined ? {} : { [SEQUENCE_FILE]: this.#sequenceSize }),
      },
    };
    writeFileSync(join(this.folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    return manifest;
  }
}

/** The assembly that has contigs of these lengths, or what a file calls itself. */
function assemblyOf(contigs: readonly ContigModel[], told: string): string {
  const { name, certainty } = detectAssembly({
    lines: [],
    headerContigs: contigs.map((contig) => ({ name: contig.name, length: contig.length })),
    seen: new Map(),
    comparedWith: '',
    sequence: { agree: 0, disagree: 0 },
    rsNumbers: { agree: 0, disagree: 0 },
    knownBases: { agree: 0, disagree: 0 },
  });
  return certainty === 'certain' ? name : told;
}
