/**
 * The genetic codes by their NCBI number, and translation of one codon. The hard part is small: a codon with N has an
 * amino acid only where every base for the N gives the same one (`CTN` is Leu), as in BioPerl's `CodonTable`.
 */

/**
 * Amino acids in NCBI's order (bases T, C, A, G; first base slowest), from
 * https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi
 */
const codes: Readonly<Record<number, string>> = {
  1: 'FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  2: 'FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG',
  3: 'FFLLSSSSYY**CCWWTTTTPPPPHHQQRRRRIIMMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  4: 'FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  5: 'FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSSSSVVVVAAAADDEEGGGG',
  6: 'FFLLSSSSYYQQCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  9: 'FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNNKSSSSVVVVAAAADDEEGGGG',
  10: 'FFLLSSSSYY**CCCWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  11: 'FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  12: 'FFLLSSSSYY**CC*WLLLSPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  13: 'FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSSGGVVVVAAAADDEEGGGG',
  14: 'FFLLSSSSYYY*CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNNKSSSSVVVVAAAADDEEGGGG',
  16: 'FFLLSSSSYY*LCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  21: 'FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNNKSSSSVVVVAAAADDEEGGGG',
  22: 'FFLLSS*SYY*LCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  23: 'FF*LSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
  24: 'FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSSKVVVVAAAADDEEGGGG',
  25: 'FFLLSSSSYY**CCGWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG',
};

/** Codons that can start translation and are then read as Met (same source). Codes not listed start as code 1. */
const starts: Readonly<Record<number, readonly string[]>> = {
  1: ['TTG', 'CTG', 'ATG'],
  2: ['ATT', 'ATC', 'ATA', 'ATG', 'GTG'],
  3: ['ATA', 'ATG', 'GTG'],
  4: ['TTA', 'TTG', 'CTG', 'ATT', 'ATC', 'ATA', 'ATG', 'GTG'],
  5: ['TTG', 'ATT', 'ATC', 'ATA', 'ATG', 'GTG'],
  11: ['TTG', 'CTG', 'ATT', 'ATC', 'ATA', 'ATG', 'GTG'],
};

export const STOP = 42; // *
export const UNKNOWN = 88; // X

/** Index of a base in codon tables: T 0, C 1, A 2, G 3, anything else 4. */
const baseIndex = new Uint8Array(256).fill(4);
for (const [index, letters] of ['TtUu', 'Cc', 'Aa', 'Gg'].entries()) {
  for (const letter of letters) baseIndex[letter.charCodeAt(0)] = index;
}

/** A genetic code ready for use: 125 amino acids, for three bases out of T, C, A, G and N. */
export interface CodonTable {
  id: number;
  aminoAcids: Uint8Array;
  /** 1 for codons that can start translation. */
  starts: Uint8Array;
}

const tables = new Map<number, CodonTable>();

/** The genetic code of an NCBI number; code 1 when the number is not known. */
export function codonTable(id: number): CodonTable {
  let table = tables.get(id);
  if (table === undefined) {
    table = makeTable(id);
    tables.set(id, table);
  }
  return table;
}

function makeTable(id: number): CodonTable {
  const code = codes[id] ?? codes[1];
  const aminoAcids = new Uint8Array(125);
  for (let a = 0; a < 5; a++) {
    for (let b = 0; b < 5; b++) for (let c = 0; c < 5; c++) aminoAcids[25 * a + 5 * b + c] = resolve(code, a, b, c);
  }
  const startFlags = new Uint8Array(125);
  for (const codon of starts[id] ?? starts[1]) startFlags[codonIndex(Buffer.from(codon), 0)] = 1;
  return { id, aminoAcids, starts: startFlags };
}

function resolve(code: string, a: number, b: number, c: number): number {
  const found = new Set<string>();
  for (const i of a === 4 ? [0, 1, 2, 3] : [a]) {
    for (const j of b === 4 ? [0, 1, 2, 3] : [b]) {
      for (const k of c === 4 ? [0, 1, 2, 3] : [c]) found.add(code[16 * i + 4 * j + k]);
    }
  }
  const all = [...found].sort().join('');
  if (all.length === 1) return all.charCodeAt(0);
  if (all === 'DN') return 66; // B
  if (all === 'EQ') return 90; // Z
  return UNKNOWN;
}

/** Index of the codon at `at` in `CodonTable.aminoAcids`. */
export function codonIndex(bases: Uint8Array, at: number): number {
  return 25 * baseIndex[bases[at]] + 5 * baseIndex[bases[at + 1]] + baseIndex[bases[at + 2]];
}

/** The amino acid (one letter) of the codon at `at`. */
export function translate(table: CodonTable, bases: Uint8Array, at: number): number {
  return table.aminoAcids[codonIndex(bases, at)];
}

const complements = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) complements[byte] = byte;
for (const pair of ['AT', 'CG', 'RY', 'KM', 'BV', 'DH']) {
  const [a, b] = [pair.charCodeAt(0), pair.charCodeAt(1)];
  for (const lower of [0, 32]) {
    complements[a + lower] = b + lower;
    complements[b + lower] = a + lower;
  }
}

/** The complementary base (IUPAC codes too); other bytes as they are. */
export function complement(base: number): number {
  return complements[base];
}
