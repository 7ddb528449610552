/** What differs between the versions of VCF, each with the version that brought it. A file is judged by its own. */

export interface Dialect {
  version: number;
  /** 4.2 (1.2.2): `Number=R`. */
  numberR: boolean;
  /** 4.4 (1.4.4): `Number=P`. */
  numberP: boolean;
  /** 4.5 (1.4.4): `Number` LA, LR, LG and M, and values of no length in lists. */
  localAlleles: boolean;
  /** 4.3 (1.2): UTF-8, no control characters, percent encoding, spaces in INFO. */
  text: boolean;
  /** 4.3 (1.3): how an Integer and a Float are written. */
  strictNumbers: boolean;
  /** 4.3 (1.4): every `<…>` line has an ID that is unique within its kind. */
  structured: boolean;
  /** Until 4.3 the fields of a line stand in the order shown; 4.4 (1.4) only advises it. */
  orderedFields: boolean;
  /** 4.3 (1.6.1, 1.6.2): the pattern of INFO and FORMAT keys; no key, ID or filter twice. */
  strictKeys: boolean;
  /** 4.3 (1.6): the last line ends too. Its own example of 4.5 does not. */
  lastNewline: 'free' | 'required' | 'advised';
  /** 1.6.1: positions ascend. The specification's own example of 4.5 does not. */
  sorted: 'required' | 'advised';
  /** 4.3: an ALT without a colon may be any ID; before, it is a kind of structural variant. */
  freeAlts: boolean;
  /** 4.4 (1.6.2): a separator may stand before the first allele of a genotype. */
  leadingSeparator: boolean;
  /** 4.4 (3): lists of structural variants count by ALT; SVCLAIM is required. */
  svClaims: boolean;
  /** 1.4.7: names of contigs; SAM's since 4.4. */
  contigName: RegExp;
  /** Until 4.3: no colon in CHROM. */
  colonInChrom: boolean;
}

/** Versions whose rules are known; 4.0 is judged as 4.1. */
export const KNOWN_VERSIONS: readonly number[] = [4, 4.1, 4.2, 4.3, 4.4, 4.5];

/** What is assumed of a file that does not say. */
export const VERSION_ASSUMED = 4.2;

/** 1.4.7 since 4.4, and in later printings of 4.3: the names of SAM's reference sequences. */
const SAM_NAME = /^[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*$/;

export function dialectOf(version: number): Dialect {
  const since = (from: number): boolean => version >= from;
  return {
    version,
    numberR: since(4.2),
    numberP: since(4.4),
    localAlleles: since(4.5),
    text: since(4.3),
    strictNumbers: since(4.3),
    structured: since(4.3),
    orderedFields: !since(4.4),
    strictKeys: since(4.3),
    lastNewline: since(4.5) ? 'advised' : since(4.3) ? 'required' : 'free',
    sorted: since(4.5) ? 'advised' : 'required',
    freeAlts: since(4.3),
    leadingSeparator: since(4.4),
    svClaims: since(4.4),
    contigName: since(4.4) ? SAM_NAME : since(4.3) ? /^[^\s,<>[\]*]+$/ : /^[^\s,<>]+$/,
    colonInChrom: since(4.4),
  };
}
