/**
 * Contigs, genes and transcripts as sections of a bundle's models file, and back: each array of `reference.ts` is one
 * section named after it (`transcripts.exonStart`), each string pool is two (`transcripts.ids.bytes`, `.offsets`).
 */
import { contigNameIndex } from './contig-names.ts';
import type { ContainerHead, ContainerWriter, Numbers } from './container.ts';
import type { Layout } from './layout.ts';
import { mapNumbers } from './mapping.ts';
import type { ContigModel } from '../models/gene-models.ts';
import type { Contigs, Genes, StringPool, Transcripts } from './reference.ts';
import { packStrings, stringAt } from './string-pool.ts';

/** Writes every section. */
export function writeModels(
  file: ContainerWriter,
  contigs: readonly ContigModel[],
  { genes, transcripts }: Layout,
): void {
  writeContigs(file, contigs);
  writeColumns(file, 'genes', genes);
  writeColumns(file, 'transcripts', transcripts);
}

/** Maps what `writeModels` wrote. @throws InputError BAD_REFERENCE when a section is missing. */
export function mapModels(head: ContainerHead): Layout & { contigs: Contigs } {
  return { contigs: mapContigs(head), genes: mapGenes(head), transcripts: mapTranscripts(head) };
}

function writeContigs(file: ContainerWriter, contigs: readonly ContigModel[]): void {
  const aliases = contigs.flatMap(({ aliases: names = [] }, contig) => names.map((name) => ({ name, contig })));
  writeColumns(file, 'contigs', {
    names: packStrings(contigs.map(({ name }) => name)),
    lengths: Uint32Array.from(contigs, ({ length }) => length),
    codonTables: Uint8Array.from(contigs, ({ codonTable }) => codonTable ?? 1),
    circular: Uint8Array.from(contigs, ({ circular }) => (circular === true ? 1 : 0)),
    aliases: packStrings(aliases.map(({ name }) => name)),
    aliasContig: Uint32Array.from(aliases, ({ contig }) => contig),
  });
}

type Column = Numbers | StringPool | { [name: string]: Numbers } | number;

/** Arrays and pools under their path; plain numbers (counts) follow from the arrays. */
function writeColumns(file: ContainerWriter, path: string, columns: object): void {
  for (const [name, column] of Object.entries(columns) as [string, Column][]) {
    if (typeof column === 'number') continue;
    if (ArrayBuffer.isView(column)) file.section(`${path}.${name}`, column);
    else writeColumns(file, `${path}.${name}`, column);
  }
}

function mapPool(head: ContainerHead, path: string): StringPool {
  return {
    bytes: mapNumbers(head, `${path}.bytes`, Uint8Array),
    offsets: mapNumbers(head, `${path}.offsets`, Uint32Array),
  };
}

function mapContigs(head: ContainerHead): Contigs {
  const names = stringsOf(mapPool(head, 'contigs.names'));
  const aliases = stringsOf(mapPool(head, 'contigs.aliases'));
  const aliasContig = mapNumbers(head, 'contigs.aliasContig', Uint32Array);
  let find: ((name: string) => number) | undefined;
  const index = (): ((name: string) => number) => {
    const named = names.map((name) => ({ name, aliases: [] as string[] }));
    aliases.forEach((alias, i) => named[aliasContig[i]].aliases.push(alias));
    return contigNameIndex(named);
  };
  return {
    names,
    lengths: mapNumbers(head, 'contigs.lengths', Uint32Array),
    codonTables: mapNumbers(head, 'contigs.codonTables', Uint8Array),
    circular: mapNumbers(head, 'contigs.circular', Uint8Array),
    // Draft genomes have half a million contigs: the index is made when a name is first asked for.
    idOf: (name) => (find ??= index())(name),
  };
}

function stringsOf(pool: StringPool): string[] {
  return Array.from({ length: pool.offsets.length - 1 }, (_, i) => stringAt(pool, i));
}

function mapGenes(head: ContainerHead): Genes {
  const u32 = (name: string): Uint32Array => mapNumbers(head, `genes.${name}`, Uint32Array);
  const i32 = (name: string): Int32Array => mapNumbers(head, `genes.${name}`, Int32Array);
  const pool = (name: string): StringPool => mapPool(head, `genes.${name}`);
  const contig = u32('contig');
  return {
    count: contig.length,
    contig,
    start: i32('start'),
    end: i32('end'),
    strand: mapNumbers(head, 'genes.strand', Int8Array),
    ids: pool('ids'),
    versions: pool('versions'),
    symbols: pool('symbols'),
    symbolSources: pool('symbolSources'),
    hgncIds: pool('hgncIds'),
    biotype: mapNumbers(head, 'genes.biotype', Uint16Array),
  };
}

function mapTranscripts(head: ContainerHead): Transcripts {
  const u8 = (name: string): Uint8Array => mapNumbers(head, `transcripts.${name}`, Uint8Array);
  const u16 = (name: string): Uint16Array => mapNumbers(head, `transcripts.${name}`, Uint16Array);
  const u32 = (name: string): Uint32Array => mapNumbers(head, `transcripts.${name}`, Uint32Array);
  const i32 = (name: string): Int32Array => mapNumbers(head, `transcripts.${name}`, Int32Array);
  const pool = (name: string): StringPool => mapPool(head, `transcripts.${name}`);
  const contig = u32('contig');
  return {
    count: contig.length,
    firstOfContig: u32('firstOfContig'),
    contig,
    start: i32('start'),
    end: i32('end'),
    reach: i32('reach'),
    strand: mapNumbers(head, 'transcripts.strand', Int8Array),
    flags: u32('flags'),
    gene: u32('gene'),
    exonFirst: u32('exonFirst'),
    exonStart: i32('exonStart'),
    exonEnd: i32('exonEnd'),
    exonCdna: i32('exonCdna'),
    cdsStart: i32('cdsStart'),
    cdsEnd: i32('cdsEnd'),
    cdsCdnaStart: i32('cdsCdnaStart'),
    cdsCdnaEnd: i32('cdsCdnaEnd'),
    phase: u8('phase'),
    supportLevel: u8('supportLevel'),
    appris: u8('appris'),
    words: pool('words'),
    biotype: u16('biotype'),
    source: u16('source'),
    ids: pool('ids'),
    versions: pool('versions'),
    proteinIds: pool('proteinIds'),
    proteinVersions: pool('proteinVersions'),
    maneMates: pool('maneMates'),
    // Not in bundles that were built before the section came.
    ccdsIds: head.sections.has('transcripts.ccdsIds.bytes')
      ? pool('ccdsIds')
      : packStrings(Array.from({ length: contig.length }, () => '')),
    hgvsNames: pool('hgvsNames'),
    hgvsProteinNames: pool('hgvsProteinNames'),
    labels: pool('labels'),
    slippages: {
      transcript: u32('slippages.transcript'),
      stop: i32('slippages.stop'),
      resume: i32('slippages.resume'),
    },
    selenocysteines: {
      transcript: u32('selenocysteines.transcript'),
      position: i32('selenocysteines.position'),
    },
    matureMirnas: {
      transcript: u32('matureMirnas.transcript'),
      start: i32('matureMirnas.start'),
      end: i32('matureMirnas.end'),
    },
  };
}
