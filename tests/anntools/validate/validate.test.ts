import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { validateVcf } from '../../../anntools/validate/validate.ts';
import type { Problem } from '../../../anntools/validate/problem.ts';
import { anntools } from '../../support/command.ts';
import { COLUMNS, encoded, inChunks } from '../../support/vcf.ts';

async function found(bytes: string | Uint8Array, sizes = [1 << 20], warnings = false): Promise<Problem[]> {
  return Array.fromAsync(validateVcf(inChunks(Buffer.from(bytes), sizes), { warnings }));
}

/** The problems of a file as `line column: reason`. */
async function problems(text: string, warnings = false): Promise<string[]> {
  return (await found(text, [1 << 20], warnings)).map(({ line, column, reason }) => `${line} ${column}: ${reason}`);
}

const HEAD = [
  '##fileformat=VCFv4.3',
  '##INFO=<ID=X,Number=2,Type=Integer,Description="two">',
  '##INFO=<ID=F,Number=1,Type=Float,Description="a float">',
  '##INFO=<ID=C,Number=1,Type=Character,Description="a character">',
  '##FILTER=<ID=q10,Description="quality">',
  '##contig=<ID=1,length=1000>',
  '##contig=<ID=2>',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">',
];
const file = (lines: readonly string[], version = '4.3'): string =>
  `${HEAD.join('\n').replace('4.3', version)}\n${COLUMNS}\tFORMAT\tS1\n${lines.join('\n')}${lines.length > 0 ? '\n' : ''}`;
/** The line of the first record. */
const FIRST = HEAD.length + 2;
const GOOD = ['1', '100', 'rs1', 'A', 'C', '50', 'PASS', 'DP=3', 'GT:PL', '0/1:1,2,3'];
/** A good record with one column changed. */
const but = (column: number, value: string): string => GOOD.with(column, value).join('\t');

test('a good file has no problem, in any version', async () => {
  for (const version of ['4.0', '4.1', '4.2', '4.3', '4.4', '4.5'])
    expect(await problems(file([GOOD.join('\t'), but(1, '200'), but(0, '2')], version))).toEqual([]);
});

describe('a record', () => {
  test.each([
    [0, 'a b', 'CHROM'],
    [0, '', 'CHROM'],
    [0, '<1', 'CHROM'],
    [0, '1:2', 'CHROM'],
    [1, '1.5', 'POS'],
    [1, '-1', 'POS'],
    [1, '', 'POS'],
    [1, '1002', 'POS'],
    [1, '99999999999', 'POS'],
    [2, 'rs1;', 'ID'],
    [2, 'rs1;;rs2', 'ID'],
    [2, 'rs1;rs1', 'ID'],
    [2, '', 'ID'],
    [3, '', 'REF'],
    [3, '.', 'REF'],
    [3, 'A,C', 'REF'],
    [3, 'AX', 'REF'],
    [4, '', 'ALT'],
    [4, 'A', 'ALT'],
    [4, 'C,C', 'ALT'],
    [4, 'C,.', 'ALT'],
    [4, 'R', 'ALT'],
    [4, '<DEL', 'ALT'],
    [4, '<D EL>', 'ALT'],
    [4, ']1:5[', 'ALT'],
    [4, 'A]1:5[', 'ALT'],
    [4, '[1:5[', 'ALT'],
    [4, 'A[1[', 'ALT'],
    [5, 'high', 'QUAL'],
    [5, '-1', 'QUAL'],
    [5, '1,2', 'QUAL'],
    [5, '', 'QUAL'],
    [6, '0', 'FILTER'],
    [6, 'q10;', 'FILTER'],
    [6, 'q10;.', 'FILTER'],
    [6, 'q10;q10', 'FILTER'],
    [6, 'a b', 'FILTER'],
    [6, '', 'FILTER'],
    [7, '', 'INFO'],
    [7, 'a b=1', 'INFO'],
    [7, '9X=1', 'INFO'],
    [7, '=1', 'INFO'],
    [7, 'DP=1;;AN=2', 'INFO'],
    [7, 'X=1', 'INFO'],
    [7, 'X', 'INFO'],
    [7, 'X=', 'INFO'],
    [7, 'X=1,b', 'INFO'],
    [7, 'X=1,', 'INFO'],
    [7, 'X=1,2147483648', 'INFO'],
    [7, 'X=1,-2147483648', 'INFO'],
    [7, 'F=1e', 'INFO'],
    [7, 'F=1.2.3', 'INFO'],
    [7, 'F=1.', 'INFO'],
    [7, 'C=ab', 'INFO'],
    [7, 'DB=yes', 'INFO'],
    [7, 'DP=-3', 'INFO'],
    [7, 'END=99', 'INFO'],
    [7, 'CIGAR=3Q', 'INFO'],
    [7, 'AC=1,2', 'INFO'],
    [7, 'AD=1', 'INFO'],
    [7, 'DP=1;DP=2', 'INFO'],
    [8, 'PL:GT', 'FORMAT'],
    [8, 'GT:GT', 'FORMAT'],
    [8, 'GT::PL', 'FORMAT'],
    [8, 'GT:P*', 'FORMAT'],
    [9, '0/2:1,2,3', 'S1'],
    [9, '0/1:1,2', 'S1'],
    [9, '0:1,2,3', 'S1'],
    [9, '0/1/1:1,2,3', 'S1'],
    [9, '0/1:1,2,3:4', 'S1'],
    [9, '0/1:1,2,x', 'S1'],
    [9, '0/1:', 'S1'],
    [9, '', 'S1'],
    [9, 'x:1,2,3', 'S1'],
    [9, '0/:1,2,3', 'S1'],
    [9, '|0/1:1,2,3', 'S1'],
  ])('with column %i as %p has a problem of %s', async (column, value, name) => {
    const all = await problems(file([but(column, value)]));
    expect(all.join('\n')).toMatch(new RegExp(`^${FIRST} ${name}: `, 'm'));
  });

  test.each([
    [0, '<ctg1>'],
    [1, '0'],
    [1, '1001'],
    [2, '.'],
    [2, 'rs1;rs2'],
    [3, 'acgtn'],
    [4, '<DEL:ME>'],
    [4, 'G]1:5]'],
    [4, ']<ctg>:5]G'],
    [4, '.G'],
    [4, 'G.'],
    [4, '*'],
    [4, '<*>'],
    [5, '.'],
    [5, '1e-7'],
    [5, 'Inf'],
    [6, '.'],
    [6, 'q10'],
    [7, '.'],
    [7, 'X=.,.'],
    [7, 'X=.'],
    [7, 'X=1,-2147483640'],
    [7, 'F=-.5e+10'],
    [7, 'F=nan'],
    [7, 'C=é'],
    [7, 'C=%3B'],
    [7, 'DB;Unknown=a b'],
    [7, '1000G'],
    [8, 'GT:UNKNOWN'],
    [9, '.:.'],
    [9, '0|1'],
    [9, './.:.,.,.'],
    [9, '0/1/1:1,2,3,4'],
    [9, '1:1,2'],
  ])('with column %i as %p is right', async (column, value) => {
    expect(await problems(file([but(column, value)]))).toEqual([]);
  });
});

describe('records one after the other', () => {
  test.each([
    ['a missing column', [GOOD.slice(0, -1).join('\t')], 'line: has 9 columns between tabs; the #CHROM line names 10'],
    ['a tab at the end', [`${GOOD.join('\t')}\t`], 'line: has 11 columns between tabs; the #CHROM line names 10'],
    ['an empty line', ['', GOOD.join('\t')], 'line: is empty'],
    ['a header line', ['##late=1'], 'line: begins with # and stands among the records'],
    [
      'positions that step back',
      [but(1, '200'), but(1, '100')],
      'POS: is 100 after 200; the positions of a contig must ascend',
    ],
    [
      'a contig that comes again',
      [but(0, '1'), but(0, '2'), but(0, '1')],
      "CHROM: is '1' again; the records of a contig must stand together",
    ],
    ['the same variant again', [but(4, 'C'), but(4, 'C')], 'ALT: gives the variant 100:A>C again'],
    [
      'the same variant in other words',
      [GOOD.with(3, 'TA').with(4, 'TC').with(1, '99').join('\t'), but(4, 'C')],
      'ALT: gives the variant 100:A>C again',
    ],
  ])('%s is a problem', async (_, lines, expected) => {
    expect((await problems(file(lines))).map((one) => one.replace(/^\d+ /, ''))).toContain(expected);
  });

  test('the same symbolic allele may come again, and the same variant on another contig', async () => {
    expect(await problems(file([but(4, '<DEL>'), but(4, '<DEL>'), but(0, '2')]))).toEqual([]);
  });
});

describe('a line of the header', () => {
  test.each([
    ['##INFO=<ID=Y,Number=1,Type=Integer>', 'has no Description'],
    ['##INFO=<ID=Y,Number=1,Type=Integer,Description=y>', 'a Description without quotes'],
    ['##INFO=<ID=Y,Type=Integer,Description="y">', 'has no Number'],
    ['##INFO=<ID=Y,Number=B,Type=Integer,Description="y">', 'Number=B, which is no Number of VCF 4.3'],
    ['##INFO=<ID=Y,Number=LA,Type=Integer,Description="y">', 'Number=LA, which is no Number of VCF 4.3'],
    ['##INFO=<ID=Y,Number=1,Type=Word,Description="y">', 'Type=Word; it must be Integer'],
    ['##INFO=<ID=AC,Number=1,Type=Integer,Description="y">', 'reserves it with A'],
    ['##FORMAT=<ID=GQ,Number=1,Type=Float,Description="y">', 'reserves it with Integer'],
    ['##FORMAT=<ID=Y,Number=1,Type=Flag,Description="y">', 'Type=Flag; it must be'],
    ['##INFO=<ID=X,Number=2,Type=Integer,Description="again">', 'declares X again'],
    ['##INFO=<ID=Y,Number=1,Type=Integer,Description="y', 'does not end in >'],
    ['##INFO=<ID=Y,Number=1,Type=Integer,Description="y>', 'a quote that does not close'],
    ['##INFO=<ID=Y,Number=1,Type=Integer,Description="a "b" c">', 'text after the closing quote'],
    ['##INFO=<ID=Y,Number=1,Type=Integer,Description="y",Source=db>', 'Source without quotes'],
    ['##INFO=<Number=1,ID=Y,Type=Integer,Description="y">', 'another order than ID, Number, Type, Description'],
    ['##FILTER=<ID=0,Description="y">', 'the ID 0, which is reserved'],
    ['##contig=<length=5>', 'has no ID'],
    ['##contig=<ID=a b>', 'cannot be the name of a contig'],
    ['##contig=<ID=9,length=many>', "the length 'many'"],
    ['##ALT=<ID=D EL,Description="y">', 'white space, a comma or an angle bracket'],
    ['##ALT=<ID=XXX:ME,Description="y">', 'none of DEL, INS'],
    ['##META=<ID=Assay,Type=String,Number=.,Values="a">', 'no Values in square brackets'],
    ['##PEDIGREE=<Child=a>', 'has no ID'],
    ['##mine=<Description="y">', 'has no ID'],
    ['##pedigreeDB=ftp://8080:80/x', 'which is not a URL'],
    ['##assembly=nowhere', 'which is not a URL'],
    ['##fileformat=VCFv4.3', 'stands again'],
    ['##reference=', 'not of the form ##key=value'],
    ['##nonsense', 'not of the form ##key=value'],
    ['nonsense', 'does not begin with ##'],
  ])('%p is a problem', async (line, words) => {
    expect((await problems(file([]).replace('\n#CHROM', `\n${line}\n#CHROM`))).join('\n')).toContain(words);
  });

  test.each([
    ['##fileformat=VCFv9.9', 'claims version 9.9; judged can be 4.0'],
    ['##fileformat=VCFv3.3', 'claims version 3.3'],
    ['##fileformat=', 'must be the first line'],
    ['##fileDate=2024', 'must be the first line'],
  ])('%p as the first is a problem', async (line, words) => {
    expect((await problems(file([]).replace('##fileformat=VCFv4.3', line)))[0]).toContain(words);
  });

  test.each([
    ['#CHROM\tPOSITION', 'names column 2'],
    [`${COLUMNS}\tFORMAT`, 'has FORMAT and no sample'],
    [`${COLUMNS}\tFORMAT\tA\tA`, 'names the sample A twice'],
    [`${COLUMNS}\tFORMAT\tA\t`, 'ends in a tab'],
    [`${COLUMNS}\tA\tB`, "names column 9 'A'"],
    [COLUMNS.replaceAll('\t', ' '), 'columns are separated by tabs'],
  ])('%p as the line of columns is a problem', async (columns, words) => {
    expect((await problems(`##fileformat=VCFv4.3\n${columns}\n`)).join('\n')).toContain(words);
  });
});

describe('each version has its own rules', () => {
  const record = (more: readonly [number, string][]): string =>
    more.reduce((fields, [i, value]) => fields.with(i, value), GOOD).join('\t');
  test.each([
    [
      'Number=R came with 4.2',
      file([]).replace('\n#CHROM', '\n##INFO=<ID=Y,Number=R,Type=Integer,Description="y">\n#CHROM'),
      ['4.1'],
      ['4.2', '4.5'],
    ],
    ['underscores in FORMAT came with 4.3', file([record([[8, 'GT:A_B']])]), ['4.1', '4.2'], ['4.3', '4.5']],
    ['spaces in INFO came with 4.3', file([record([[7, 'Y=a b']])]), ['4.1', '4.2'], ['4.3', '4.5']],
    ['a key of INFO may not come twice since 4.3', file([record([[7, 'DP=1;DP=2']])]), ['4.3', '4.5'], ['4.1', '4.2']],
    [
      'the lowest integers are forbidden since 4.3',
      file([record([[7, 'X=1,-2147483647']])]),
      ['4.3', '4.5'],
      ['4.1', '4.2'],
    ],
    [
      'the last newline is required since 4.3',
      file([GOOD.join('\t')]).slice(0, -1),
      ['4.3', '4.4'],
      ['4.1', '4.2', '4.5'],
    ],
    [
      'a separator before the first allele came with 4.4',
      file([record([[9, '|0/1:1,2,3']])]),
      ['4.2', '4.3'],
      ['4.4', '4.5'],
    ],
    ['colons in CHROM came with 4.4', file([record([[0, 'HLA:1']])]), ['4.2', '4.3'], ['4.4', '4.5']],
    [
      'SVCLAIM is required since 4.4',
      file([
        record([
          [4, '<DEL>'],
          [7, 'SVLEN=5'],
        ]),
      ]),
      ['4.4', '4.5'],
      ['4.1', '4.3'],
    ],
  ])('%s', async (_, text, wrongIn, rightIn) => {
    for (const version of [...wrongIn, ...rightIn]) {
      const count = (await problems(text.replace('VCFv4.3', `VCFv${version}`))).length;
      expect([version, count > 0]).toEqual([version, wrongIn.includes(version)]);
    }
  });

  test('local alleles of 4.5 are counted by LAA', async () => {
    const local = (sample: string): string =>
      file([GOOD.with(4, 'C,G,T').with(8, 'GT:LAA:LAD:LPL').with(9, sample).join('\t')], '4.5');
    expect(await problems(local('0/2:2:1,2:1,2,3'))).toEqual([]);
    expect(await problems(local('0/2:2:1,2,3:1,2,3'))).toEqual([
      `${FIRST} S1: has 3 values of LAD; Number=LR means 2 here`,
    ]);
    expect(await problems(local('0/2:2,1:1,2,3:1,2,3,4,5,6'))).toEqual([
      `${FIRST} S1: has LAA=2,1, whose alleles do not ascend from 1`,
    ]);
    expect(await problems(local('0/2:4:1,2:1,2,3'))).toEqual([`${FIRST} S1: has LAA=4, where ALT has 3`]);
  });

  test('a key declared in a way that no record may write it is wrong since 4.3', async () => {
    const declared = (version: string): Promise<string[]> =>
      problems(file([], version).replace('##contig', '##INFO=<ID=A-B,Number=1,Type=String,Description="x">\n##contig'));
    expect(await declared('4.2')).toEqual([]);
    expect(await declared('4.3')).toEqual([
      "6 ##INFO: has the ID 'A-B'; a key is letters, digits, _ and ., beginning with no digit",
    ]);
  });

  test('a value of INFO has no equals sign, but between quotes', async () => {
    expect(await problems(file([but(7, 'Y="a=b"')]))).toEqual([]);
    expect(await problems(file([but(7, 'Y=a=b')]))).toEqual([`${FIRST} INFO: has an equals sign in a value: Y=a=b`]);
  });

  test('a field of a header line stands there once', async () => {
    const twice = file([]).replace('<ID=X,Number=2', '<ID=X,Number=2,Number=2');
    expect(await problems(twice)).toEqual(['2 ##INFO: of X has Number twice']);
  });
});

test('tandem repeats of 4.4 are counted by RN', async () => {
  const repeat = (info: string): string =>
    file([GOOD.with(4, '<CNV:TR>,<CNV:TR>').with(7, `SVLEN=9,9;${info}`).with(9, '0/1').join('\t')], '4.4');
  expect(await problems(repeat('RUS=CAG,TG;RUC=10,7'))).toEqual([]);
  expect(await problems(repeat('RUS=CAG,TG,A;RN=2,1;CIRUC=0,0,0,0,0,0'))).toEqual([]);
  expect(await problems(repeat('RUS=CAG,TG;RN=2,1'))).toEqual([`${FIRST} INFO: has 2 values of RUS; RN counts 3 here`]);
});

describe('the text', () => {
  test('has no control characters and is UTF-8', async () => {
    const texts = (
      await found(Buffer.from(file([but(2, 'a\x01'), but(7, 'Y=\xff'), but(7, 'Y=a\rb')]), 'latin1'))
    ).filter(({ column }) => column === 'line');
    expect(texts.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      `${FIRST} has the control character U+0001 at its byte 8`,
      `${FIRST + 1} is not UTF-8`,
      `${FIRST + 2} has the control character U+000D at its byte 26`,
    ]);
  });

  test('may end its lines as Windows does', async () => {
    expect(await problems(file([GOOD.join('\t')]).replaceAll('\n', '\r\n'))).toEqual([]);
  });

  test.each([
    ['', 'is empty'],
    ['##fileformat=VCFv4.2\n', 'has no line that begins with #CHROM'],
    ['<!DOCTYPE html>\n', 'a web page'],
    ['{"a": 1}', 'JSON'],
  ])('%p is no VCF', async (text, words) => {
    expect((await problems(text)).join('\n')).toContain(words);
  });

  test('is judged alike however it arrives, and in gzip', async () => {
    const text = file([GOOD.join('\t'), but(1, '1'), '', but(9, '3/3'), but(4, '')]);
    const whole = await found(text);
    expect(whole.length).toBe(4);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (sizes, gzip) => {
          expect(await found(gzip ? gzipSync(text) : text, sizes)).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('that is cut off in the middle of its gzip says so last', async () => {
    const bytes = gzipSync(file(Array.from({ length: 500 }, (_, i) => but(1, String(i)))));
    expect((await found(bytes.subarray(0, bytes.length - 20))).at(-1)).toMatchObject({
      column: 'file',
      reason: expect.stringContaining('cut off'),
    });
  });
});

test('BGZF without its last block is warned of', async () => {
  const bytes = encoded(file([GOOD.join('\t')]), 'bgzf');
  expect(await found(bytes, [50], true)).toEqual([]);
  expect(await found(bytes.subarray(0, bytes.length - 28), [50], true)).toMatchObject([
    { column: 'file', severity: 'warning', reason: expect.stringContaining('lacks the empty block') },
  ]);
});

test('warnings are told when they are asked for, with the section', async () => {
  const text = file([but(6, 'q99'), GOOD.with(0, '3').with(7, 'Z=1').join('\t')]);
  expect(await found(text)).toEqual([]);
  expect(await found(text, [99], true)).toMatchObject([
    { line: FIRST, column: 'FILTER', severity: 'warning', section: 'VCF 4.3 section 1.4.3' },
    { line: FIRST + 1, column: 'CHROM', severity: 'warning', section: 'VCF 4.3 section 1.4.7' },
    { line: FIRST + 1, column: 'ID', severity: 'warning', section: 'VCF 4.3 section 1.6.1' },
    { line: FIRST + 1, column: 'INFO', severity: 'warning', section: 'VCF 4.3 section 1.4.2' },
  ]);
});

describe('anntools validate', () => {
  const stdin = (text: string) => ({ stdin: () => inChunks(Buffer.from(text), [50]) });

  test('says one line a problem and ends with 1', async () => {
    expect(await anntools(['validate', '-'], stdin(file([but(1, 'x')])))).toMatchObject({
      code: 1,
      out: `line ${FIRST}\tPOS\tis 'x'; it must be a whole number from 0 up\tVCF 4.3 section 1.6.1\n`,
      err: 'standard input: 1 error\n',
    });
  });

  test('ends with 0 where there are only warnings', async () => {
    const { code, out, err } = await anntools(['validate', '-', '--warnings'], stdin(file([but(6, 'q99')])));
    expect([code, err]).toEqual([0, 'standard input: no errors, 1 warning\n']);
    expect(out).toContain('\twarning: has q99');
  });

  test('stops after as many as it is told', async () => {
    const many = stdin(file(Array.from({ length: 50 }, () => but(1, 'x'))));
    expect((await anntools(['validate', '-', '--max', '3'], many)).out.split('\n').length).toBe(4);
  });
});
