/**
 * INFO and FORMAT keys whose Number and Type the specification fixes (VCF 4.3 sections 1.6.1, 1.6.2, 3, 4), by the
 * version that reserved them. A header must not declare them otherwise, and they hold where it does not declare them.
 */

export interface FieldType {
  number: string;
  type: string;
}

/** id: Number Type, and the version from which on it is reserved where that is not 4.1. */
const INFO = `
  AA: 1 String; AC: A Integer; AF: A Float; AN: 1 Integer; BQ: 1 Float; CIGAR: A String; DB: 0 Flag; DP: 1 Integer;
  END: 1 Integer; H2: 0 Flag; H3: 0 Flag; MQ: 1 .; MQ0: 1 Integer; NS: 1 Integer; SOMATIC: 0 Flag; VALIDATED: 0 Flag;
  1000G: 0 Flag; AD: R Integer 4.3; ADF: R Integer 4.3; ADR: R Integer 4.3; IMPRECISE: 0 Flag; NOVEL: 0 Flag;
  HOMLEN: . Integer; HOMSEQ: . String; BKPTID: . String; DGVID: 1 String; DBVARID: 1 String; DBRIPID: 1 String`;
const FORMAT = `
  GT: 1 String; DP: 1 Integer; FT: 1 String; GL: G Float; PL: G Integer; GP: G Float; GQ: 1 Integer; HQ: 2 Integer;
  PS: 1 Integer; PQ: 1 Integer; EC: A Integer; MQ: 1 Integer; AD: R Integer 4.3; ADF: R Integer 4.3;
  ADR: R Integer 4.3; GLE: G String 4.1-4.2`;

function table(text: string): Map<string, FieldType & { from: number; to: number }> {
  return new Map(
    text.split(';').map((entry) => {
      const [, id, number, type, from = '4.1', to = '9'] =
        /(\w+): (\S+) (\S+)(?: ([\d.]+)(?:-([\d.]+))?)?/.exec(entry) ?? [];
      return [id, { number, type, from: Number(from), to: Number(to) }];
    }),
  );
}

const TABLES = { INFO: table(INFO), FORMAT: table(FORMAT) };

/** What the specification says of a key; undefined when it is free. A type of `.` is any. */
export function reserved(kind: 'INFO' | 'FORMAT', id: string, version: string): FieldType | undefined {
  const field = TABLES[kind].get(id);
  const claimed = Number.parseFloat(version);
  return field && claimed >= field.from && claimed <= field.to ? field : undefined;
}

/** Integers of INFO that count or place something, and so are not negative. */
export const NOT_NEGATIVE: ReadonlySet<string> = new Set(['AC', 'AF', 'AN', 'DP', 'END', 'MQ0', 'NS', 'BQ', 'MQ']);
