/**
 * INFO and FORMAT keys that the specification reserves, with Number and Type, by the version that did so. Until 4.2 the
 * tables give no Number; there they are those that the specification's examples and hts-specs' tests agree on.
 */

/** `2A`, `4A`: two or four values per ALT; `RN`, `2RN`: one or two per repeat that INFO/RN counts. Declared as `.`. */
export interface FieldType {
  number: string;
  /** `*` is any. */
  type: string;
}

interface Reserved extends FieldType {
  id: RegExp;
  from: number;
  to: number;
}

/** Ids: Number Type, versions from-to where not all. Sections 1.6.1 and 1.6.2, Tables 1 and 2. */
const INFO = `
  AA: 1 String; AC: A Integer; AF: A Float; AN: 1 Integer; BQ: 1 Float; CIGAR: A String; DP: 1 Integer;
  DB H2 H3 SOMATIC VALIDATED 1000G: 0 Flag; END: 1 Integer; MQ: 1 *; MQ0 NS: 1 Integer;
  AD ADF ADR: R Integer 4.3`;
const FORMAT = `
  GT: 1 String; DP GQ MQ PQ PS: 1 Integer; FT: 1 String; GL GP: G Float; PL: G Integer; HQ: 2 Integer; EC: A Integer;
  GLE: G String 4.1-4.2; AD ADF ADR: R Integer 4.3; PP: G Integer 4.3; LEN: 1 Integer 4.5; LAA: . Integer 4.5;
  LAD LADF LADR: LR Integer 4.5; LEC: LA Integer 4.5; LGL LGP: LG * 4.5; LPL LPP: LG Integer 4.5;
  PSL: P String 4.4; PSO PSQ: P Integer 4.4;
  M[0-9]+[ACGTUN] M5mC M5hmC M5fC M5caC M5hmU M5fU M5caU M6mA M8oxoG MXaoN: M Float 4.5;
  (DP|AD)M[0-9]+[ACGTUN] (DP|AD)M(5mC|5hmC|5fC|5caC|5hmU|5fU|5caU|6mA|8oxoG|XaoN): M Integer 4.5`;
/** Sections 3 and 4: of structural variants. */
const SV_INFO = `
  IMPRECISE NOVEL: 0 Flag; SVTYPE: 1 String; SVLEN: . Integer 4.1-4.3; SVLEN: A Integer 4.4;
  CIPOS CIEND CILEN: 2 Integer 4.1-4.3; CIPOS CIEND CILEN: 2A Integer 4.4;
  HOMLEN: . Integer 4.1-4.3; HOMLEN: A Integer 4.4; HOMSEQ BKPTID: . String 4.1-4.3; HOMSEQ BKPTID: A String 4.4;
  MEINFO METRANS: 4 String 4.1-4.3; MEINFO METRANS: 4A String 4.4;
  DGVID DBVARID DBRIPID PARID EVENT: 1 String 4.1-4.3; DGVID DBVARID DBRIPID PARID EVENT: A String 4.4;
  MATEID: . String 4.1-4.3; MATEID: A String 4.4; DPADJ CNADJ CICNADJ: . Integer 4.1-4.3; CN: 1 Integer 4.1-4.3;
  CN: A Float 4.4; CICN: 2 Integer 4.1-4.3; CICN: 2A Float 4.4; EVENTTYPE SVCLAIM: A String 4.4; RN: A Integer 4.4;
  RUS: RN String 4.4; RUL RB: RN Integer 4.4; RUC: RN Float 4.4; CIRB: 2RN Integer 4.4; CIRUC: 2RN Float 4.4;
  RUB: . Integer 4.4`;
const SV_FORMAT = `
  CN: 1 Integer 4.1-4.3; CN CNQ: 1 Float 4.4; CNQ: 1 Float 4.1-4.3; CICN: 2 Float 4.4; NQ HAP AHAP: 1 Integer`;

function table(text: string): Reserved[] {
  return text.split(';').flatMap((entry) => {
    const [, ids, number, type, from = '4', to = '9'] =
      /^\s*(.+): (\S+) (\S+)(?: ([\d.]+)(?:-([\d.]+))?)?$/.exec(entry) ?? [];
    return ids
      .split(' ')
      .map((id) => ({ id: new RegExp(`^${id}$`), number, type, from: Number(from), to: Number(to) }));
  });
}

const TABLES = { INFO: table(INFO), FORMAT: table(FORMAT) };
const SV_TABLES = { INFO: table(SV_INFO), FORMAT: table(SV_FORMAT) };

/** What a version of the specification reserves a key for. */
export function reserved(kind: 'INFO' | 'FORMAT', id: string, version: number): FieldType | undefined {
  return find(TABLES[kind], id, version);
}

/** The same for the keys of structural variants, which files of all kinds declare otherwise. */
export function reservedForStructural(kind: 'INFO' | 'FORMAT', id: string, version: number): FieldType | undefined {
  return find(SV_TABLES[kind], id, version);
}

function find(entries: readonly Reserved[], key: string, version: number): FieldType | undefined {
  return entries.find(({ id, from, to }) => version >= from && version <= to && id.test(key));
}

/** Counts, depths and places, which have no negative values. */
export const NOT_NEGATIVE = {
  INFO: new Set(['AC', 'AD', 'ADF', 'ADR', 'AF', 'AN', 'BQ', 'DP', 'END', 'MQ', 'MQ0', 'NS']),
  FORMAT: new Set(['AD', 'ADF', 'ADR', 'DP', 'LAA', 'LAD', 'LADF', 'LADR', 'LEN', 'PS']),
} as const;
