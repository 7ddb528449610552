/**
 * The tables of the UCSC genome browser as its download server gives them: no line names their columns. Each is told by
 * how many columns it has and by what stands in one or two of them; its columns then go by the names of its published
 * schema (https://genome.ucsc.edu/goldenPath/help/hgTracksHelp.html#Download, the `.sql` beside each `.txt.gz`).
 */

export interface UcscTable {
  /** Names of the columns. */
  columns: readonly string[];
  /** The column that is the value when nobody says. */
  value: string;
  /** Columns that the table is told by, and what they hold. */
  signs: Readonly<Record<string, RegExp>>;
}

const STRAND = /^[-+_.]$/;
const NUMBERS = /^(\d+,)*\d+,?$/;
const PLACE = 'bin chrom chromStart chromEnd name';
const GENE = 'chrom strand txStart txEnd cdsStart cdsEnd exonCount exonStarts exonEnds';

const TABLES: readonly UcscTable[] = [
  // cytoBand, cytoBandIdeo
  table('chrom chromStart chromEnd name gieStain', 'name', { gieStain: /^(gneg|gpos\d*|acen|gvar|stalk)$/ }),
  // gwasCatalog
  table(
    `${PLACE} pubMedID author pubDate journal title trait initSample replSample region genes riskAllele riskAlFreq pValue pValueDesc orOrBeta ci95 platform cnv`,
    'trait',
    { pubDate: /^\d{4}-\d\d-\d\d$/ },
  ),
  // genomicSuperDups
  table(
    `${PLACE} score strand otherChrom otherStart otherEnd otherSize uid posBasesHit testResult verdict chits ccov alignfile alignL indelN indelS alignB matchB mismatchB transitionsB transversionsB fracMatch fracMatchIndel jcK k2K`,
    'name',
    { strand: STRAND, otherStart: NUMBERS },
  ),
  // rmsk
  table(
    'bin swScore milliDiv milliDel milliIns genoName genoStart genoEnd genoLeft strand repName repClass repFamily repStart repEnd repLeft id',
    'repName',
    { genoLeft: /^-?\d+$/, strand: STRAND },
  ),
  // simpleRepeat, microsat's larger sister; every name is "trf"
  table(`${PLACE} period copyNum consensusSize perMatch perIndel score A C G T entropy sequence`, 'sequence', {
    sequence: /^[ACGTN]+$/i,
  }),
  // wgEncodeRegTfbsClustered(V3), encRegTfbsClustered
  table(`${PLACE} score expCount expNums expScores`, 'name', { expNums: NUMBERS, expScores: NUMBERS }),
  // dgvMerged, dgvSupporting
  table(
    `${PLACE} score strand thickStart thickEnd itemRgb varType reference pubMedId method platform mergedVariants supportingVariants sampleSize observedGains observedLosses cohortDescription genes samples`,
    'name',
    { strand: STRAND, varType: /[a-z]/i },
  ),
  // targetScanS and other tables of BED6
  table(`${PLACE} score strand`, 'name', { strand: STRAND }),
  // refGene, ensGene, ncbiRefSeq
  table(`bin name ${GENE} score name2 cdsStartStat cdsEndStat exonFrames`, 'name2', {
    strand: STRAND,
    exonStarts: NUMBERS,
  }),
  // refFlat
  table(`geneName name ${GENE}`, 'geneName', { strand: STRAND, exonStarts: NUMBERS }),
  // knownGene
  table(`name ${GENE} proteinID alignID`, 'name', { strand: STRAND, exonStarts: NUMBERS }),
];

function table(columns: string, value: string, signs: UcscTable['signs']): UcscTable {
  return { columns: columns.split(' '), value, signs };
}

/** The table whose lines look like this one, with or without its column `bin`. */
export function ucscTable(cells: readonly string[]): UcscTable | undefined {
  for (const known of TABLES) {
    const columns = cells.length === known.columns.length ? known.columns : withoutBin(known.columns);
    if (cells.length !== columns.length) continue;
    const isAlike = Object.entries(known.signs).every(([name, sign]) => sign.test(cells[columns.indexOf(name)] ?? ''));
    if (isAlike) return { ...known, columns };
  }
  return undefined;
}

function withoutBin(columns: readonly string[]): readonly string[] {
  return columns[0] === 'bin' ? columns.slice(1) : columns;
}
