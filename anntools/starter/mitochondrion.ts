/**
 * The human mitochondrion whole: its 37 genes on rCRS (NC_012920.1), each of one exon. Six coding sequences end in `T`
 * or `TA`: polyadenylation of the messenger completes the stop codon, so their last codon is incomplete on the genome.
 * Coordinates as in GenBank NC_012920, identifiers as in Ensembl 110.
 */
import { TranscriptFlag } from '../models/gene-models.ts';
import type { ContigModel, GeneModel, TranscriptModel } from '../models/gene-models.ts';
import { RCRS_LENGTH } from '../genome/assemblies.ts';

export const MITOCHONDRION: ContigModel = { name: 'MT', length: RCRS_LENGTH, codonTable: 2, circular: true };

/** Symbol, first and last base (one-based), strand, gene, transcript and its version, protein. */
type Row = readonly [
  symbol: string,
  first: number,
  last: number,
  strand: 1 | -1,
  gene: string,
  transcript: string,
  version: string,
  protein?: string,
];

const GENES: readonly Row[] = [
  ['MT-TF', 577, 647, 1, 'ENSG00000210049', 'ENST00000387314', '1'],
  ['MT-RNR1', 648, 1601, 1, 'ENSG00000211459', 'ENST00000389680', '2'],
  ['MT-TV', 1602, 1670, 1, 'ENSG00000210077', 'ENST00000387342', '1'],
  ['MT-RNR2', 1671, 3229, 1, 'ENSG00000210082', 'ENST00000387347', '2'],
  ['MT-TL1', 3230, 3304, 1, 'ENSG00000209082', 'ENST00000386347', '1'],
  ['MT-ND1', 3307, 4262, 1, 'ENSG00000198888', 'ENST00000361390', '2', 'ENSP00000354687'],
  ['MT-TI', 4263, 4331, 1, 'ENSG00000210100', 'ENST00000387365', '1'],
  ['MT-TQ', 4329, 4400, -1, 'ENSG00000210107', 'ENST00000387372', '1'],
  ['MT-TM', 4402, 4469, 1, 'ENSG00000210112', 'ENST00000387377', '1'],
  ['MT-ND2', 4470, 5511, 1, 'ENSG00000198763', 'ENST00000361453', '3', 'ENSP00000355046'],
  ['MT-TW', 5512, 5579, 1, 'ENSG00000210117', 'ENST00000387382', '1'],
  ['MT-TA', 5587, 5655, -1, 'ENSG00000210127', 'ENST00000387392', '1'],
  ['MT-TN', 5657, 5729, -1, 'ENSG00000210135', 'ENST00000387400', '1'],
  ['MT-TC', 5761, 5826, -1, 'ENSG00000210140', 'ENST00000387405', '1'],
  ['MT-TY', 5826, 5891, -1, 'ENSG00000210144', 'ENST00000387409', '1'],
  ['MT-CO1', 5904, 7445, 1, 'ENSG00000198804', 'ENST00000361624', '2', 'ENSP00000354499'],
  ['MT-TS1', 7446, 7514, -1, 'ENSG00000210151', 'ENST00000387416', '2'],
  ['MT-TD', 7518, 7585, 1, 'ENSG00000210154', 'ENST00000387419', '1'],
  ['MT-CO2', 7586, 8269, 1, 'ENSG00000198712', 'ENST00000361739', '1', 'ENSP00000354876'],
  ['MT-TK', 8295, 8364, 1, 'ENSG00000210156', 'ENST00000387421', '1'],
  ['MT-ATP8', 8366, 8572, 1, 'ENSG00000228253', 'ENST00000361851', '1', 'ENSP00000355265'],
  ['MT-ATP6', 8527, 9207, 1, 'ENSG00000198899', 'ENST00000361899', '2', 'ENSP00000354632'],
  ['MT-CO3', 9207, 9990, 1, 'ENSG00000198938', 'ENST00000362079', '2', 'ENSP00000354982'],
  ['MT-TG', 9991, 10058, 1, 'ENSG00000210164', 'ENST00000387429', '1'],
  ['MT-ND3', 10059, 10404, 1, 'ENSG00000198840', 'ENST00000361227', '2', 'ENSP00000355206'],
  ['MT-TR', 10405, 10469, 1, 'ENSG00000210174', 'ENST00000387439', '1'],
  ['MT-ND4L', 10470, 10766, 1, 'ENSG00000212907', 'ENST00000361335', '1', 'ENSP00000354728'],
  ['MT-ND4', 10760, 12137, 1, 'ENSG00000198886', 'ENST00000361381', '2', 'ENSP00000354961'],
  ['MT-TH', 12138, 12206, 1, 'ENSG00000210176', 'ENST00000387441', '1'],
  ['MT-TS2', 12207, 12265, 1, 'ENSG00000210184', 'ENST00000387449', '1'],
  ['MT-TL2', 12266, 12336, 1, 'ENSG00000210191', 'ENST00000387456', '1'],
  ['MT-ND5', 12337, 14148, 1, 'ENSG00000198786', 'ENST00000361567', '2', 'ENSP00000354813'],
  ['MT-ND6', 14149, 14673, -1, 'ENSG00000198695', 'ENST00000361681', '2', 'ENSP00000354665'],
  ['MT-TE', 14674, 14742, -1, 'ENSG00000210194', 'ENST00000387459', '1'],
  ['MT-CYB', 14747, 15887, 1, 'ENSG00000198727', 'ENST00000361789', '2', 'ENSP00000354554'],
  ['MT-TT', 15888, 15953, 1, 'ENSG00000210195', 'ENST00000387460', '2'],
  ['MT-TP', 15956, 16023, -1, 'ENSG00000210196', 'ENST00000387461', '2'],
];

/** The models of the mitochondrion. */
export function mitochondrialModels(): { genes: GeneModel[]; transcripts: TranscriptModel[] } {
  return { genes: GENES.map(geneOf), transcripts: GENES.map(transcriptOf) };
}

function geneOf(row: Row): GeneModel {
  const [symbol, first, last, strand, id] = row;
  return {
    id,
    version: '',
    symbol,
    symbolSource: 'HGNC',
    hgncId: '',
    biotype: biotypeOf(row),
    contig: MITOCHONDRION.name,
    span: { start: first - 1, end: last },
    strand,
  };
}

function transcriptOf(row: Row): TranscriptModel {
  const [, first, last, strand, geneId, id, version, proteinId = ''] = row;
  const extent = { start: first - 1, end: last };
  return {
    id,
    version,
    geneId,
    biotype: biotypeOf(row),
    source: 'insdc',
    contig: MITOCHONDRION.name,
    strand,
    exons: [extent],
    cds: proteinId === '' ? null : [extent],
    phase: 0,
    proteinId,
    proteinVersion: '',
    maneMate: '',
    ccdsId: '',
    selenocysteines: [],
    matureMirna: [],
    supportLevel: 0,
    appris: 0,
    flags: TranscriptFlag.CANONICAL,
  };
}

function biotypeOf([symbol, , , , , , , proteinId]: Row): string {
  if (proteinId !== undefined) return 'protein_coding';
  return symbol.startsWith('MT-RNR') ? 'Mt_rRNA' : 'Mt_tRNA';
}
