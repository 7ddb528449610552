/** Gene models for tests: say what matters, the rest is filled in. */
import type { GeneModel, TranscriptModel } from '../../anntools/models/gene-models.ts';

/** A gene of contig 1; give what matters. */
export function gene(some: Partial<GeneModel> = {}): GeneModel {
  return {
    id: 'G1',
    version: '',
    symbol: '',
    symbolSource: '',
    hgncId: '',
    biotype: 'protein_coding',
    contig: '1',
    span: { start: 0, end: 100 },
    strand: 1,
    ...some,
  };
}

/** A non-coding transcript of contig 1 with one exon [0, 9); give what matters. */
export function transcript(some: Partial<TranscriptModel> = {}): TranscriptModel {
  return {
    id: 'T1',
    version: '',
    geneId: '',
    biotype: 'protein_coding',
    source: 'test',
    contig: '1',
    strand: 1,
    exons: [{ start: 0, end: 9 }],
    cds: null,
    phase: 0,
    proteinId: '',
    proteinVersion: '',
    maneMate: '',
    ccdsId: '',
    selenocysteines: [],
    matureMirna: [],
    supportLevel: 0,
    appris: 0,
    flags: 0,
    ...some,
  };
}
