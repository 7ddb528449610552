/**
 * GTF lines as records: Ensembl, GENCODE, RefSeq, UCSC. Every line repeats `gene_id` and `transcript_id`, gene and
 * transcript lines may be missing (then they are made of what exons say), and the stop codon is not part of the CDS.
 */
import { TranscriptFlag } from '../models/gene-models.ts';
import { gtfAttribute, gtfAttributes } from './attributes.ts';
import type { CollectedRecords, ContigRecords, GeneRecord, TranscriptRecord } from './collected.ts';
import { ownString } from './collected.ts';
import type { Feature } from './feature.ts';
import type { FeatureKind } from './feature-kinds.ts';
import { featureKind } from './feature-kinds.ts';
import { assumedVersion, flagsOfTags } from './identifiers.ts';

/** Files one GTF line under its contig, gene and transcript. */
export function collectGtf(records: CollectedRecords, feature: Feature): void {
  const kind = featureKind(feature.type);
  if (kind === 'other' || kind === 'sequence') return;
  const { contig, attributes, start, end } = feature;
  const onContig = records.contig(contig);
  if (kind === 'gene') return collectGene(onContig, feature);

  const transcriptId = gtfAttribute(attributes, 'transcript_id');
  if (transcriptId === '') return;
  const transcript = transcriptOf(onContig, feature, transcriptId, kind);
  if (kind === 'transcript') return;
  const parts = records.parts(contig, transcriptId, feature);
  if (kind === 'exon') parts.exons.push(start, end);
  else if (kind === 'untranslated') parts.utrs.push(start, end);
  else if (kind === 'stop codon') parts.stops.push(start, end);
  else if (kind === 'selenocysteine') parts.selenocysteines.push(start);
  else collectCoding(onContig, feature, transcript, transcriptId);
}

function collectGene(onContig: ContigRecords, feature: Feature): void {
  const { attributes, start, end, strand, line } = feature;
  const id = gtfAttribute(attributes, 'gene_id');
  if (id === '') return;
  onContig.genes.set(ownString(id), { ...geneFacts(attributes, id), start, end, strand, line });
}

function geneFacts(attributes: string, id: string): Omit<GeneRecord, 'start' | 'end' | 'strand' | 'line'> {
  const value = (key: string): string => gtfAttribute(attributes, key);
  const hgncId = value('hgnc_id') || hgncReference(attributes);
  const entrez = gtfAttributes(attributes, 'db_xref').find((reference) => reference.startsWith('GeneID:'));
  return {
    id: ownString(entrez?.slice(7) ?? id),
    version: value('gene_version'),
    symbol: ownString(value('gene_name') || value('gene')),
    symbolSource: hgncId !== '' ? 'HGNC' : entrez !== undefined ? 'EntrezGene' : '',
    hgncId,
    biotype: value('gene_biotype') || value('gene_type'),
  };
}

function hgncReference(attributes: string): string {
  const number = /HGNC:(?:HGNC:)?(\d+)/.exec(attributes)?.[1];
  return number === undefined ? '' : `HGNC:${number}`;
}

/** The record of a transcript; made of this line when none has come, made certain when it is the transcript's own. */
function transcriptOf(onContig: ContigRecords, feature: Feature, key: string, kind: FeatureKind): TranscriptRecord {
  const { attributes, start, end, strand, line } = feature;
  const known = onContig.transcripts.get(key);
  if (known && kind !== 'transcript') {
    known.start = Math.min(known.start, start);
    known.end = Math.max(known.end, end);
    return known;
  }
  const value = (name: string): string => gtfAttribute(attributes, name);
  const geneId = value('gene_id');
  if (geneId !== '' && !onContig.genes.has(geneId)) {
    onContig.genes.set(ownString(geneId), { ...geneFacts(attributes, geneId), start, end, strand, line });
  }
  const id = key.replace(/^unassigned_transcript_\d+$/, value('locus_tag') || geneId || key);
  const record: TranscriptRecord = {
    id: ownString(id),
    version: value('transcript_version') || assumedVersion(id),
    type: feature.type,
    parents: geneId === '' ? [] : [ownString(geneId)],
    gene: {
      id: geneId,
      symbol: value('gene_name') || value('gene'),
      biotype: value('gene_biotype') || value('gene_type'),
    },
    biotype: ownString(biotypeOf(feature)),
    source: ownString(feature.source),
    start: Math.min(start, known?.start ?? start),
    end: Math.max(end, known?.end ?? end),
    strand,
    maneMate: maneMateOf(attributes),
    ccdsId: ownString(value('ccds_id') || value('ccdsid')),
    supportLevel: Number.parseInt(value('transcript_support_level'), 10) || 0,
    ...flagsOfTags(gtfAttributes(attributes, 'tag'), value('ccds_id') || value('ccdsid')),
    line,
  };
  onContig.transcripts.set(ownString(key), record);
  return record;
}

/** Old Ensembl files have the biotype in the source column. */
function biotypeOf({ attributes, source, type }: Feature): string {
  const value = (key: string): string => gtfAttribute(attributes, key);
  const told = value('transcript_biotype') || value('transcript_type') || value('biotype');
  if (told !== '') return told === 'mRNA' ? 'protein_coding' : told;
  if (
    /^(protein_coding|nonsense_mediated_decay|non_stop_decay|retained_intron|processed_transcript|antisense|\w*pseudogene|\w*RNA|[IT][GR]_\w_gene)$/.test(
      source,
    )
  ) {
    return source;
  }
  if (type.toLowerCase() === 'mrna') return 'protein_coding';
  return value('gene_biotype') || value('gene_type') || value('gbkey').replace(/^mRNA$/, 'protein_coding');
}

function maneMateOf(attributes: string): string {
  if (!/MANE[_ ](Select|Plus)/.test(attributes)) return '';
  return referenceAt('Ensembl:', 'ENST', attributes);
}

/** What a line is called in another database, by how that begins; empty where it does not say. */
function referenceAt(database: string, begins: string, attributes: string): string {
  const references = gtfAttributes(attributes, 'db_xref');
  return references.find((reference) => reference.startsWith(database + begins))?.slice(database.length) ?? '';
}

function collectCoding(
  onContig: ContigRecords,
  feature: Feature,
  transcript: TranscriptRecord,
  transcriptId: string,
): void {
  const { attributes, start, end, phase, strand, line } = feature;
  const table = Number(gtfAttribute(attributes, 'transl_table'));
  if (table > 0) onContig.facts.codonTables.set(table, (onContig.facts.codonTables.get(table) ?? 0) + 1);
  const coding = onContig.parts.get(transcriptId)?.coding;
  if (coding === undefined) return;
  let group = coding[0];
  if (group === undefined) {
    const proteinId = gtfAttribute(attributes, 'protein_id');
    const ccdsId = referenceAt('CCDS:', '', attributes);
    group = {
      key: proteinId,
      line,
      parts: [],
      proteinId: ownString(proteinId),
      proteinVersion: proteinId === '' ? '' : gtfAttribute(attributes, 'protein_version') || assumedVersion(proteinId),
      details: {
        transcriptId,
        locusTag: '',
        symbol: transcript.gene.symbol,
        pseudo: gtfAttribute(attributes, 'pseudo') === 'true',
        transSpliced: gtfAttribute(attributes, 'exception').startsWith('trans-splicing'),
        flags: ccdsId === '' ? 0 : TranscriptFlag.CCDS,
        ccdsId: ownString(ccdsId),
        codonTable: table,
        selenocysteines: selenocysteinesOf(attributes),
      },
    };
    coding.push(group);
  }
  group.parts.push(start, end, phase, strand);
}

/** RefSeq: `transl_except "(pos:1204..1206,aa:Sec)"`. */
function selenocysteinesOf(attributes: string): readonly number[] {
  return gtfAttributes(attributes, 'transl_except')
    .map((text) => /pos:\D*(\d+)\D.*aa:Sec/.exec(text)?.[1])
    .filter((position) => position !== undefined)
    .map((position) => Number(position) - 1);
}
