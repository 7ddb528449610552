/**
 * The HGVS parser against biocommons/hgvs: its table of grammar rules (valid and invalid pieces, embedded in whole
 * descriptions here) and its thousands of real descriptions. Needs the shared data; the tables below do not.
 */
import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../../anntools/errors.ts';
import { formatHgvs } from '../../../anntools/hgvs/format.ts';
import { parseHgvs } from '../../../anntools/hgvs/parse.ts';
import { readData, SHARED } from '../conformance/answers.ts';

const told = (text: string) => formatHgvs(parseHgvs(text));

describe('descriptions and how they are written again', () => {
  test.each([
    ['NM_004006.2:c.4375C>T', ''],
    ['NM_004006.2:c.4375_4379del', ''],
    ['NM_004006.2:c.4375_4379delCGATT', 'NM_004006.2:c.4375_4379del'],
    ['NM_004006.2:c.20dupA', 'NM_004006.2:c.20dup'],
    ['NM_004006.2:c.-14G>C', ''],
    ['NM_004006.2:c.*46T>A', ''],
    ['NM_004006.2:c.88+1G>T', ''],
    ['NM_004006.2:c.89-2A>C', ''],
    ['NM_004006.2:c.(87+1_88-1)_(923+1_924-1)del', ''],
    ['NC_000023.11:g.(?_31060227)_(33274278_?)dup', ''],
    ['LRG_199t1:c.79_80inv', ''],
    ['ENST00000380152.8(BRCA2):c.9501+1dup', ''],
    ['13:g.32316461A>G', ''],
    ['X:g.5_6insTT', ''],
    ['NM_004006.3:r.(76a>c)', ''],
    ['NP_003997.1:p.Trp24Cys', ''],
    ['NP_003997.1:p.(W24C)', 'NP_003997.1:p.(Trp24Cys)'],
    ['NP_003997.1:p.Trp24*', 'NP_003997.1:p.Trp24Ter'],
    ['NP_003997.1:p.Arg97Profs*23', 'NP_003997.1:p.Arg97ProfsTer23'],
    ['NP_003997.1:p.Ter110Glnext*17', 'NP_003997.1:p.Ter110GlnextTer17'],
    ['NP_003997.1:p.Met1Valext-12', ''],
    ['NP_003997.1:p.Lys23_Val25del', ''],
    ['NP_003997.1:p.(Met3_His4insGlyTer)', ''],
    ['NP_003997.1:p.Cys28delinsTrpVal', ''],
    ['NP_003997.1:p.Met1?', ''],
    ['NP_003997.1:p.Cys188=', ''],
    ['NP_003997.1:p.0?', ''],
    ['NP_003997.1:p.(=)', ''],
  ])('%s', (text, canonical) => {
    expect(told(text)).toBe(canonical === '' ? text : canonical);
  });

  test.each([
    ['', 'an accession or a contig is expected at letter 1, where it ends'],
    ['NM_004006.2', "':' and one of c. g. m. n. p. r. is expected at letter 12"],
    ['NM_004006.2:c.', 'a position is expected'],
    ['NM_004006.2:c.76_A>C', "a position is expected at letter 18, where there is 'A>C'"],
    ['NM_004006.2:g.*76A>C', 'a position'],
    ['NM_004006.2:c.76A>U', 'a change'],
    ['NM_004006.2:c.76A>CC', "the end is expected at letter 20, where there is 'C'"],
    ['NM_004006.2:c.76insertA', 'a change'],
    ['NP_003997.1:p.Trp24oo', 'a change'],
    ['NP_003997.1:p.Trp24_Cys25Ala', 'del, dup, delins or ins'],
    ['NP_003997.1:p.(Trp24Cys', "')'"],
  ])('%s is refused: %s', (text, words) => {
    expect(() => parseHgvs(text)).toThrow(InputError);
    expect(() => parseHgvs(text)).toThrow(words);
  });
});

/** A whole description around a piece of it, by the name of the piece's rule. */
function embedded(rule: string): readonly [before: string, after: string] | null {
  const [, kind = ''] = /^(?:def_)?([cgmnr])_(?:pos|interval)$/.exec(rule) ?? [];
  if (kind !== '') return [`AC_1.1:${kind}.`, 'dup'];
  const [, uncertain = ''] = /^uncertain_([cgn])_interval$/.exec(rule) ?? [];
  if (uncertain !== '') return [`AC_1.1:${uncertain}.`, 'dup'];
  const [, posedit = ''] = /^([cgmnrp])_posedit/.exec(rule) ?? [];
  if (posedit !== '') return [`AC_1.1:${posedit}.`, ''];
  if (rule.endsWith('_typed_posedit')) return ['AC_1.1:', ''];
  if (/(?:^|_)(?:variant|hgvs_variant|hgvs_position)$/.test(rule)) return ['', ''];
  if (/^dna_(?!iupac|seq)/.test(rule)) return ['AC_1.1:c.1_2', ''];
  if (/^rna_(?!iupac|seq)/.test(rule)) return ['AC_1.1:r.1_2', ''];
  if (/^pro_(?:ins|delins)$/.test(rule)) return ['AC_1.1:p.Ala1_Cys2', ''];
  if (rule.startsWith('pro_')) return ['AC_1.1:p.Ala1', ''];
  return (
    (
      {
        accn: ['', ':c.1del'],
        aa1: ['AC_1.1:p.', '1del'],
        aa13: ['AC_1.1:p.', '1del'],
        aa3: ['AC_1.1:p.', '1del'],
        aat1: ['AC_1.1:p.', '1del'],
        aat13: ['AC_1.1:p.', '1del'],
        aat3: ['AC_1.1:p.', '1del'],
        aa13_seq: ['AC_1.1:p.Ala1delins', ''],
        aa1_seq: ['AC_1.1:p.Ala1delins', ''],
        aa3_seq: ['AC_1.1:p.Ala1delins', ''],
        aat13_seq: ['AC_1.1:p.Ala1delins', ''],
        aat1_seq: ['AC_1.1:p.Ala1delins', ''],
        aat3_seq: ['AC_1.1:p.Ala1delins', ''],
        aa13_ext: ['AC_1.1:p.Ala1Glyext', ''],
        ext: ['AC_1.1:p.Ala1Gly', ''],
        aa13_fs: ['AC_1.1:p.Ala1Glyfs', ''],
        fs: ['AC_1.1:p.Ala1Gly', ''],
        term1: ['AC_1.1:p.Ala1', ''],
        term13: ['AC_1.1:p.Ala1', ''],
        term3: ['AC_1.1:p.Ala1', ''],
        dna: ['AC_1.1:c.1_2ins', ''],
        dna_iupac: ['AC_1.1:c.1_2ins', ''],
        dna_seq: ['AC_1.1:c.1_2ins', ''],
        rna: ['AC_1.1:r.1_2ins', ''],
        rna_iupac: ['AC_1.1:r.1_2ins', ''],
        rna_seq: ['AC_1.1:r.1_2ins', ''],
        na_iupac: ['AC_1.1:r.1_2ins', ''],
        num: ['AC_1.1:c.', 'dup'],
        nnum: ['AC_1.1:c.', 'dup'],
        p_pos: ['AC_1.1:p.', 'del'],
        def_p_pos: ['AC_1.1:p.', 'del'],
        p_interval: ['AC_1.1:p.', ''],
        def_p_interval: ['AC_1.1:p.', 'del'],
        opt_gene_expr: ['AC_1.1', ':c.1del'],
        paren_gene: ['AC_1.1', ':c.1del'],
        gene_symbol: ['AC_1.1(', '):c.1del'],
      } as const satisfies Record<string, readonly [string, string]>
    )[rule as 'accn'] ?? null
  );
}

/** Rules of biocommons' own parser for numbers and signs, which are no pieces of a description by themselves. */
const INNER_RULES = new Set(['base', 'snum', 'offset', 'pm', 'fsext_offset']);

/** Rows about tuples, or about less than a description: only whether they are valid is asked. */
const VALIDITY_ONLY = /^(?:aa|ext$|fs$|term|gene|opt|paren|accn|def_p_interval|p_interval)/;

/** Pieces that are invalid as the rule has them and valid as we embed them, or where the peer is stricter than HGVS. */
const TAKEN: readonly (readonly [rule: string, piece: string, why: string])[] = [
  ['def_p_pos', 'Glx5', 'Glx is a residue (its own table says so under aa3); biocommons cannot convert it'],
  ['nnum', '123', 'a positive number is a position too'],
  ['nnum', '+123', ''],
  ['term1', 'T', 'a residue is a substitution too'],
  ['def_c_pos', '11_12', 'two positions are an interval'],
  ['def_n_pos', '11_12', ''],
  ['def_r_pos', '11_12', ''],
  ['p_posedit', 'Ala3', 'a place without a change is a description, as elsewhere in the table'],
  ['p_posedit', 'Ala3_Phe4', ''],
];

interface Row {
  rule: string;
  piece: string;
  isValid: boolean;
  expected: string;
}

function grammarRows(): Row[] {
  return readData(join(SHARED, 'conformance/hgvs/grammar_test.tsv'))
    .toString('latin1')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const [rule = '', pieces = '', valid = '', type = '', expected = ''] = line.split('\t');
      const split = (text: string) => (type === 'list' ? text.split('|') : type === 'string' ? [...text] : [text]);
      const wanted = expected === '' ? split(pieces) : split(expected);
      return split(pieces).map((piece, i) => ({
        rule,
        piece,
        isValid: valid.toLowerCase() === 'true',
        // The peer has no word for `p.?`.
        expected: wanted[i] === 'None' ? piece : (wanted[i] ?? piece),
      }));
    });
}

describe.skipIf(!existsSync(join(SHARED, 'conformance/hgvs')))('biocommons/hgvs (needs shared data)', () => {
  test('its grammar table: valid pieces are read and written as there, invalid ones refused', () => {
    const wrong: unknown[] = [];
    let asked = 0;
    for (const { rule, piece, isValid, expected } of grammarRows()) {
      if (INNER_RULES.has(rule) || TAKEN.some(([of, which]) => of === rule && which === piece)) continue;
      const around = embedded(rule);
      if (around === null) {
        wrong.push([rule, 'is not embedded']);
        continue;
      }
      asked++;
      const [before, after] = around;
      let got = 'invalid';
      try {
        const variant = parseHgvs(before + piece + after);
        const isOfRule = !/^\w_hgvs_position$/.test(rule) || rule.startsWith(variant.kind);
        if (isOfRule) got = formatHgvs(variant);
      } catch (cause) {
        if (!(cause instanceof InputError)) throw cause;
      }
      const want = !isValid
        ? 'invalid'
        : VALIDITY_ONLY.test(rule) && got !== 'invalid'
          ? got
          : before + expected + after;
      if (got !== want) wrong.push({ rule, piece, want, got });
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(600);
  });

  test('its real descriptions are read, and what is written is read as the same', () => {
    const folder = join(SHARED, 'conformance/hgvs');
    const files = ['gauntlet', 'ext.tsv', 'garcia.tsv', 'proj-near-disc.tsv', 'clinvar.gz', 'random-vars.gz'];
    for (const name of readdirSync(join(folder, 'gcp'))) files.push(join('gcp', name));
    const refused: string[] = [];
    let read = 0;
    for (const name of files) {
      const text = readData(join(folder, name)).toString('latin1');
      for (const [found] of text.replace(/^#.*$/gm, '').matchAll(/\b[A-Z]{2}_\d+\.\d+:[cgmnpr]\.[^\s|;,]+/g)) {
        try {
          const once = told(found);
          expect(told(once)).toBe(once);
          read++;
        } catch (cause) {
          if (!(cause instanceof InputError)) throw cause;
          refused.push(found);
        }
      }
    }
    // There is nothing behind the end of a non-coding transcript, and no `+` without a base.
    expect(refused.filter((text) => !/:n\.\*|:c\.\+/.test(text))).toEqual([]);
    expect(refused.length).toBe(13);
    expect(read).toBeGreaterThan(50_000);
  });
});
