import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { version } from '../../../package.json';
import { anntools } from '../../support/command.ts';
import { basesOf, makeSmallReference } from '../../support/small-reference.ts';
import { header, inChunks } from '../../support/vcf.ts';

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const small = join(folder, 'references', 'small');
beforeAll(() => makeSmallReference(small));

const text = `${header()}1\t1151\t.\t${basesOf('1')[1150]}\tN\t.\t.\t.\n`;
let files = 0;
/** A file in a folder of its own. */
function given(content: string, name = 'x.vcf'): string {
  const own = join(folder, String(files++));
  Bun.spawnSync(['mkdir', own]);
  writeFileSync(join(own, name), content);
  return join(own, name);
}

describe('anntools', () => {
  test('says its version, which is the package’s', async () => {
    expect(await anntools(['--version'])).toMatchObject({ code: 0, out: `anntools ${version}\n` });
  });

  test('helps, each command too', async () => {
    expect(await anntools(['--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('usage: anntools COMMAND'),
    });
    for (const command of ['annotate', 'filter', 'validate', 'stats', 'reference']) {
      const { code, out } = await anntools([command, '--help']);
      expect([command, code]).toEqual([command, 0]);
      expect(out).toStartWith(`usage: anntools ${command}`);
    }
  });

  test.each([
    [[], 2, ''],
    [['anotate'], 2, "there is no command 'anotate'"],
    [['annotate'], 2, 'say which file'],
    [['annotate', 'a.vcf', 'b.vcf'], 2, 'one file at a time'],
    [['annotate', 'a.vcf', '--sideways'], 2, '--sideways'],
    [['annotate', 'a.vcf', '--transcripts', 'some'], 2, 'one of all, canonical, mane, pick'],
    [['annotate', 'a.vcf', '--manner', 'mine'], 2, 'one of vep, specification'],
    [['annotate', 'a.vcf', '--threads', '0'], 2, '--threads takes a whole number from 1 to 256'],
    [['annotate', 'a.vcf', '--level', 'best'], 2, '--level takes a whole number from 0 to 12'],
    [['annotate', '/nowhere/a.vcf'], 1, 'cannot read /nowhere/a.vcf: there is no such file'],
    [['annotate', '/', '-o', '-'], 1, 'it is a folder'],
    [['validate', 'x', '--max', 'many'], 2, '--max takes a whole number'],
    [['stats', '/nowhere/a.vcf'], 1, 'there is no such file'],
  ])('%p ends with %i and one sentence', async (args, code, words) => {
    const ran = await anntools(args);
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(words);
    expect(ran.err.split('\n').length).toBeLessThanOrEqual(2);
  });
});

describe('anntools annotate', () => {
  test('writes result, index and log beside the input, under the seed’s names', async () => {
    const input = given(text);
    expect(await anntools(['annotate', input, '-r', small])).toMatchObject({ code: 0, out: '', err: '' });
    expect(readdirSync(join(input, '..')).toSorted()).toEqual([
      'x.annot.vcf.gz',
      'x.annot.vcf.gz.tbi',
      'x.vcf',
      'x.vcf.count.log',
    ]);
    expect(gunzipSync(readFileSync(input.replace('.vcf', '.annot.vcf.gz'))).toString()).toContain('CSQ=N|');
  });

  test('finds an installed reference by name, and says which there are when it does not', async () => {
    const more = { referencesFolder: join(folder, 'references') };
    expect((await anntools(['annotate', given(text), '-r', 'small'], more)).code).toBe(0);
    const { code, err } = await anntools(['annotate', given(text), '-r', 'large'], more);
    expect([code, err]).toEqual([1, expect.stringContaining("there is no reference 'large'. Installed: small")]);
  });

  test('takes the installed reference whose bases a file has that says no assembly', async () => {
    const bases = basesOf('1');
    const records = Array.from({ length: 30 }, (_, i) => `1\t${1100 + i}\t.\t${bases[1099 + i]}\tN\t.\t.\t.\n`);
    const more = { referencesFolder: join(folder, 'references') };
    const answer = async (lines: string[]) =>
      (await anntools(['annotate', given(`${header()}${lines.join('')}`), '-o', '-'], more)).bytes.toString();
    expect(await answer(records)).toContain('Reference="small"');
    expect(await answer(records.slice(0, 3))).not.toContain('Reference="small"');
    expect(await answer(records.map((line) => line.replace(/^1\t1/, '1\t2')))).not.toContain('Reference="small"');
  });

  test('writes where it is told, with the summary as JSON', async () => {
    const [output, summary, log] = ['out.vcf', 'out.json', 'out.log'].map((name) => join(folder, name));
    const args = [
      'annotate',
      given(text),
      '-r',
      small,
      '-o',
      output ?? '',
      '--summary',
      summary ?? '',
      '--log',
      log ?? '',
    ];
    expect((await anntools(args)).code).toBe(0);
    expect(readFileSync(output ?? '', 'utf8')).toContain('\tCSQ=');
    expect(JSON.parse(readFileSync(summary ?? '', 'utf8'))).toMatchObject({ records: 1, reference: 'small' });
    expect(readFileSync(log ?? '', 'utf8')).toContain('annotation of x.vcf');
  });

  test('follows Ensembl VEP or the specifications, and says so in the header', async () => {
    const ref = basesOf('1').slice(1150, 1153);
    const two = given(
      `${header()}1\t1151\t.\t${ref}\t${ref.slice(0, 1)}A${ref.slice(1)},${ref.slice(0, 2)}\t.\t.\t.\n`,
    );
    const alleles = async (...more: string[]) => {
      const text = (await anntools(['annotate', two, '-r', small, '-o', '-', ...more])).bytes.toString();
      const [, options] = /Options="[^"]*, manner (\w+)"/.exec(text) ?? [];
      return [options, ...[...text.matchAll(/[=,]([-ACGT]+)\|/g)].map(([, allele]) => allele)];
    };
    expect(await alleles()).toEqual(['vep', `A${ref.slice(1)}`, ref.slice(1, 2)]);
    expect(await alleles('--manner', 'specification')).toEqual(['specification', 'A', '-']);
  });

  test('reads standard input and writes standard output', async () => {
    const stdin = (): AsyncIterable<Uint8Array> => inChunks(Buffer.from(text), [7]);
    const { code, bytes } = await anntools(['annotate', '-', '-r', small], { stdin });
    expect(code).toBe(0);
    const output = join(folder, 'compare.vcf');
    await anntools(['annotate', given(text), '-r', small, '-o', output]);
    expect(bytes.toString()).toBe(readFileSync(output, 'utf8'));
  });

  test('without a reference it takes the starter, and says what the starter cannot', async () => {
    const { code, err, bytes } = await anntools([
      'annotate',
      given(`${header(['##contig=<ID=17,length=83257441>'])}17\t7673803\t.\tG\tA\t.\t.\t.\n`),
      '-o',
      '-',
    ]);
    expect(code).toBe(0);
    expect(bytes.toString()).toContain('|TP53|ENSG00000141510|');
    expect(err).toContain('note: The reference grch38-starter knows');
  });

  test('is silent but for notes where nobody looks; on a terminal it draws a bar and tells figures', async () => {
    const { err } = await anntools(['annotate', given(text), '-r', small], { isTerminal: true });
    expect(err).toContain('annotating x.vcf');
    expect(err).toMatch(/1 variant in 1 record, \d+\.\d\d s/);
  });

  test('a file that is wrong leaves nothing but itself', async () => {
    const input = given('##fileformat=VCFv4.2\n1\t5\n');
    const { code, err } = await anntools(['annotate', input, '-r', small]);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('anntools: the header line that names the columns is missing'),
    ]);
    expect(readdirSync(join(input, '..'))).toEqual(['x.vcf']);
  });

  test('stopped, it ends with 130 and leaves nothing', async () => {
    const stop = new AbortController();
    const input = given(text);
    const ran = anntools(['annotate', input, '-r', small], { signal: stop.signal });
    stop.abort(new Error('SIGINT received'));
    expect((await ran).code).toBe(130);
    expect(readdirSync(join(input, '..'))).toEqual(['x.vcf']);
  });
});

describe('anntools validate', () => {
  test('a good file ends with 0 and says so', async () => {
    expect(await anntools(['validate', given(text)])).toMatchObject({ code: 0, out: '', err: 'x.vcf: no errors\n' });
  });

  test('problems are lines on standard output, with line and column', async () => {
    const bad = given(`${text}1\tx\t.\tA\tC\t.\t.\t.\n1\t1200\t.\tQ\tC\t.\t.\t.\n`);
    const { code, out, err } = await anntools(['validate', bad]);
    expect(code).toBe(1);
    expect(out).toBe(
      "line 4\tPOS\tis 'x'; it must be a whole number from 0 up\tVCF 4.2 section 1.4.1\n" +
        "line 5\tREF\tis 'Q'; it must be bases A, C, G, T, N\tVCF 4.2 section 1.4.1\n",
    );
    expect(err).toBe('x.vcf: 2 errors\n');
    expect((await anntools(['validate', bad, '--max', '1'])).out.split('\n')).toHaveLength(2);
  });

  test('a file that cannot be read as a VCF at all is a problem of the file', async () => {
    const { code, out } = await anntools(['validate', given('Dear reviewer\n')]);
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/^line 1\tfile\tis not a VCF: it begins with 'Dear reviewer'/),
    ]);
  });
});

describe('anntools stats', () => {
  test('counts as text and as JSON, writing no file', async () => {
    const input = given(text);
    const { code, out } = await anntools(['stats', input]);
    expect(code).toBe(0);
    expect(out).toContain('           1  SNV');
    expect(out).not.toContain('No reference');
    expect(JSON.parse((await anntools(['stats', input, '--json'])).out)).toMatchObject({
      records: 1,
      classes: { SNV: 1 },
    });
    expect(readdirSync(join(input, '..'))).toEqual(['x.vcf']);
  });
});

test('the program annotates with threads of its own, as source and compiled', async () => {
  const root = join(import.meta.dir, '../../..');
  const data = Array.from(
    { length: 40_000 },
    (_, i) => `17\t${7_660_000 + i}\t.\tG\tA\t.\t.\tX=${'x'.repeat(60)}\n`,
  ).join('');
  const input = given(header(['##contig=<ID=17,length=83257441>']) + data);
  const executable = join(folder, 'anntools');
  const build = Bun.spawnSync(
    ['bun', 'build', '--compile', '--minify', join(root, 'bin/anntools.ts'), '--outfile', executable],
    { cwd: root },
  );
  expect([build.exitCode, existsSync(executable)]).toEqual([0, true]);
  const env = { ...process.env, ANNTOOLS_REFERENCES: join(tmpdir(), 'anntools-tests', 'installed') };
  const results = [['bun', join(root, 'bin/anntools.ts')], [executable]].flatMap((program) =>
    ['1', '3'].map((threads) => {
      const { exitCode, stdout, stderr } = Bun.spawnSync(
        [...program, 'annotate', input, '-o', '-', '--threads', threads],
        { env },
      );
      expect([stderr.toString().split('\n').length, exitCode]).toEqual([2, 0]);
      return new Bun.CryptoHasher('sha256').update(stdout).digest('hex');
    }),
  );
  expect(new Set(results).size).toBe(1);
});
