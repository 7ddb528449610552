/**
 * Brings gene models and sequence together: which contig of the FASTA a contig of the gene file means, what lies on
 * none of them, what lies beyond an end, what crosses the origin of a circle.
 */
import { InputError } from '../errors.ts';
import { chromosomeOf } from '../genome/chromosome.ts';
import { contigNameIndex } from './contig-names.ts';
import type { ContigModel, GeneModel, Span, TranscriptModel } from '../models/gene-models.ts';
import { TranscriptFlag } from '../models/gene-models.ts';
import type { ProblemLog } from '../models/problems.ts';

export interface Models {
  contigs: readonly ContigModel[];
  genes: readonly GeneModel[];
  transcripts: readonly TranscriptModel[];
}

/** Vertebrate mitochondria: the table that VEP takes for a contig called MT. */
const MITOCHONDRIAL_TABLE = 2;

/**
 * Moves the models onto the contigs of the sequence.
 * @param sequence the contigs of the FASTA; null when there is none, then those of the models count.
 * @param codonTables what the user says, by contig name; wins over the file.
 * @throws InputError BAD_MODELS when there are models and not one lies on a contig of the sequence.
 */
export function fitModels(
  sequence: readonly ContigModel[] | null,
  models: Models,
  codonTables: ReadonlyMap<string, number>,
  problems: ProblemLog,
): Models {
  const contigs = (sequence ?? reachedContigs(models)).map((contig) => ({ ...contig }));
  const targets = matchContigs(contigs, models.contigs, problems);
  const target = (name: string): ContigModel | undefined => contigs[targets.get(name) ?? -1];

  noteMissingContigs(models, targets, problems);
  const transcripts = models.transcripts.flatMap((transcript) =>
    fitTranscript(transcript, target(transcript.contig), problems),
  );
  if (sequence && models.transcripts.length > 0 && transcripts.length === 0) throw strangers(contigs, models.contigs);
  const genes = models.genes.flatMap((gene) => fitGene(gene, target(gene.contig)));

  const userTable = byContig(codonTables, contigs);
  contigs.forEach((contig, id) => {
    const isMitochondrion = chromosomeOf(contig.name) === 'MT';
    contig.codonTable = userTable.get(id) ?? contig.codonTable ?? (isMitochondrion ? MITOCHONDRIAL_TABLE : 1);
    contig.circular ||= isMitochondrion;
  });
  return { contigs, genes, transcripts };
}

function byContig(codonTables: ReadonlyMap<string, number>, contigs: readonly ContigModel[]): Map<number, number> {
  const idOf = contigNameIndex(contigs);
  return new Map(
    [...codonTables].map(([name, table]) => {
      if (idOf(name) < 0)
        throw new InputError('BAD_OPTION', `there is no contig ${name} to give translation table ${table}`);
      return [idOf(name), table];
    }),
  );
}

/** Without a sequence, contigs are as long as the file says or as their models reach. */
function reachedContigs({ contigs, genes, transcripts }: Models): ContigModel[] {
  const reach = new Map(contigs.map(({ name, length }) => [name, length]));
  for (const { contig, span } of genes) reach.set(contig, Math.max(reach.get(contig) ?? 0, span.end));
  for (const { contig, exons } of transcripts) {
    for (const { end } of exons) reach.set(contig, Math.max(reach.get(contig) ?? 0, end));
  }
  const told = new Map(contigs.map((contig) => [contig.name, contig]));
  return [...reach].map(([name, length]) => {
    const contig = told.get(name);
    // What a file says of a circle is its length, though a model may reach across its origin.
    return { ...contig, name, length: contig?.circular && contig.length > 0 ? contig.length : length };
  });
}

/** Shorter sequences share their length with others by chance. */
const TELLING_LENGTH_MIN = 1000;

/** Name of a models' contig → index of the contig it means; what the file knows about it goes along. */
function matchContigs(
  contigs: ContigModel[],
  named: readonly ContigModel[],
  problems: ProblemLog,
): Map<string, number> {
  const idOf = contigNameIndex(contigs);
  const idOfLength = onlyOnesOfLength(contigs);
  const targets = new Map<string, number>();
  for (const model of named) {
    const { name, length, aliases = [], circular, codonTable } = model;
    let found = [name, ...aliases].map(idOf).find((id) => id >= 0) ?? -1;
    // Tools that know only one sequence leave its name out.
    if (found < 0 && name === '.' && contigs.length === 1) found = 0;
    if (found < 0 && length >= TELLING_LENGTH_MIN) {
      found = idOfLength.get(length) ?? -1;
      if (found >= 0) problems.note('CONTIG_BY_LENGTH', `${name} is ${contigs[found].name}`);
    }
    if (found < 0) continue;
    targets.set(name, found);
    const contig = contigs[found];
    const others = [name, ...aliases].filter((alias) => alias !== contig.name && alias !== '.');
    contig.aliases = [...new Set([...(contig.aliases ?? []), ...others])];
    if (circular === true) contig.circular = true;
    if (codonTable !== undefined) contig.codonTable = codonTable;
  }
  return targets;
}

/** Length → the contig that alone is so long: `U00096.3` and `NC_000913.3` are the same. */
function onlyOnesOfLength(contigs: readonly ContigModel[]): Map<number, number> {
  const ids = new Map<number, number>();
  contigs.forEach(({ length }, id) => ids.set(length, ids.has(length) ? -1 : id));
  return ids;
}

function noteMissingContigs({ transcripts }: Models, targets: ReadonlyMap<string, number>, problems: ProblemLog): void {
  const missing = new Map<string, number>();
  for (const { contig } of transcripts) if (!targets.has(contig)) missing.set(contig, (missing.get(contig) ?? 0) + 1);
  for (const [name, count] of missing)
    problems.note('CONTIG_WITHOUT_SEQUENCE', `${name} (${count} ${count === 1 ? 'transcript' : 'transcripts'})`, count);
}

function strangers(contigs: readonly ContigModel[], named: readonly ContigModel[]): InputError {
  const few = (list: readonly ContigModel[]): string =>
    list
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ') + (list.length > 3 ? ', …' : '');
  return new InputError(
    'BAD_MODELS',
    `no gene model lies on the sequence: the genes are on ${few(named)}, the FASTA has ${few(contigs)}. ` +
      'Give a FASTA and gene models of the same assembly',
  );
}

function fitGene(gene: GeneModel, contig: ContigModel | undefined): GeneModel[] {
  if (contig === undefined || gene.span.start >= contig.length) return [];
  const span = { start: gene.span.start, end: Math.min(gene.span.end, contig.length) };
  return [{ ...gene, contig: contig.name, span }];
}

function fitTranscript(
  transcript: TranscriptModel,
  contig: ContigModel | undefined,
  problems: ProblemLog,
): TranscriptModel[] {
  if (contig === undefined) return [];
  const { exons } = transcript;
  const { length } = contig;
  if (exons[exons.length - 1].end <= length && (transcript.span?.end ?? 0) <= length)
    return [{ ...transcript, contig: contig.name }];
  if (contig.circular !== true || exons[0].start >= length) {
    problems.note('OUTSIDE_CONTIG', `${transcript.id} on ${contig.name}`);
    return [];
  }
  problems.note('ACROSS_ORIGIN', `${transcript.id} on ${contig.name}`);
  return cutAtOrigin({ ...transcript, contig: contig.name }, length);
}

/**
 * GFF3, "Circular Genomes": a feature that crosses the origin ends beyond the length. The piece that is read first
 * keeps the reading frame; that of the other one cannot be told from where it lies.
 */
function cutAtOrigin(transcript: TranscriptModel, length: number): TranscriptModel[] {
  const { strand, exons, cds, matureMirna, flags } = transcript;
  const before = (spans: readonly Span[]): Span[] =>
    spans.filter(({ start }) => start < length).map(({ start, end }) => ({ start, end: Math.min(end, length) }));
  const after = (spans: readonly Span[]): Span[] =>
    spans
      .filter(({ end }) => end > length)
      .map(({ start, end }) => ({ start: Math.max(start, length) - length, end: Math.min(end - length, length) }));
  return [before, after].flatMap((side, i) => {
    const pieces = side(exons);
    if (pieces.length === 0) return [];
    const readFirst = (i === 0) === (strand === 1);
    const coding = side(cds ?? []);
    const { span: _, ...rest } = transcript;
    return {
      ...rest,
      exons: pieces,
      cds: coding.length > 0 ? coding : null,
      matureMirna: side(matureMirna),
      selenocysteines: readFirst ? transcript.selenocysteines : [],
      flags: flags | (readFirst ? TranscriptFlag.CDS_END_NF : TranscriptFlag.CDS_START_NF | TranscriptFlag.NO_FRAME),
    };
  });
}
