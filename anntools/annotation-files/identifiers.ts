/** Versions, tags and name sources, which GFF3 and GTF spell alike. */
import { carriesVersion } from '../models/gene-models.ts';
import { TranscriptFlag } from '../models/gene-models.ts';

/**
 * The version of an id whose line tells none: VEP takes 1 (`-version => 1`, BaseGXF.pm), unless the id itself ends
 * in a version (`NM_000059.4`, GENCODE's `ENST00000381192.10_PAR_Y`).
 */
export function assumedVersion(id: string): string {
  return carriesVersion(id) ? '' : '1';
}

const flagOfTag: Record<string, number> = {
  Ensembl_canonical: TranscriptFlag.CANONICAL,
  'RefSeq Select': TranscriptFlag.CANONICAL,
  MANE_Select: TranscriptFlag.MANE_SELECT | TranscriptFlag.CANONICAL,
  'MANE Select': TranscriptFlag.MANE_SELECT | TranscriptFlag.CANONICAL,
  MANE_Plus_Clinical: TranscriptFlag.MANE_PLUS_CLINICAL,
  'MANE Plus Clinical': TranscriptFlag.MANE_PLUS_CLINICAL,
  cds_start_NF: TranscriptFlag.CDS_START_NF,
  cds_end_NF: TranscriptFlag.CDS_END_NF,
  basic: TranscriptFlag.GENCODE_BASIC,
  CCDS: TranscriptFlag.CCDS,
};

/** `TranscriptFlag` bits and the APPRIS rank of a transcript's tags. */
export function flagsOfTags(tags: readonly string[], ccds: string): { flags: number; appris: number } {
  let flags = ccds === '' ? 0 : TranscriptFlag.CCDS;
  let appris = 0;
  for (const tag of tags) {
    flags |= flagOfTag[tag] ?? 0;
    const rank = /^appris_(principal|alternative)_?(\d)?$/.exec(tag);
    if (rank) appris = Number(rank[2] ?? 1) + (rank[1] === 'alternative' ? 5 : 0);
  }
  return { flags, appris };
}

/** Who named a gene: `[Source:HGNC Symbol;Acc:…]` in Ensembl's description, HGNC or Entrez in RefSeq's references. */
export function symbolSourceOf(description: string, hgncId: string, attributes: string): string {
  const source = /\[Source:(\w+)[^;\]]*;Acc:/.exec(description)?.[1];
  if (source !== undefined) return source;
  if (hgncId !== '') return 'HGNC';
  return attributes.includes('GeneID:') ? 'EntrezGene' : '';
}
