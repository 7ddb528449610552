import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildBundle } from '../../../anntools/bundle/build.ts';
import { InputError } from '../../../anntools/errors.ts';
import { annotateFile, type AnnotateRequest, type AnnotateSummary, type Progress } from '../../../anntools/index.ts';
import { workerUrl } from '../../support/annotation-worker.ts';
import { basesOf, makeSmallReference } from '../../support/small-reference.ts';
import { anyLine, encoded, encodings, header, inChunks, recordLine } from '../../support/vcf.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const reference = join(folder, 'small');
beforeAll(() => makeSmallReference(reference));

/** Annotates a file given as bytes; answers the result as text. */
async function annotate(
  file: Uint8Array,
  more: Partial<AnnotateRequest> = {},
): Promise<{ text: string; summary: AnnotateSummary }> {
  const output = join(folder, 'out.annot.vcf.gz');
  const summary = await annotateFile({
    input: inChunks(file, [1 << 16]),
    inputName: 'x.vcf',
    output,
    reference,
    ...more,
  });
  return { text: gunzipSync(readFileSync(output)).toString('latin1'), summary };
}

function dataOf(text: string): string {
  return text.slice(text.indexOf('\n', text.indexOf('\n#CHROM') + 1) + 1);
}

/** The line as it was before annotation, when `CSQ` and the fields of the small reference are taken away. */
function undone(line: string): string {
  if (line.endsWith('\r')) return `${undone(line.slice(0, -1))}\r`;
  const fields = line.split('\t');
  const info = fields[7]?.split(';').filter((entry) => !/^(CSQ|SV_GENES|SV_FUSIONS|Known_N)(=|$)/.test(entry));
  if (info === undefined) return line;
  return [...fields.slice(0, 7), info.length === 0 ? '.' : info.join(';'), ...fields.slice(8)].join('\t');
}

const ofHeader = header(['##INFO=<ID=CSQ,Number=.,Type=String,Description="old">']);
const chunks = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 });

describe('every line comes out', () => {
  test('in order, unchanged but for INFO; lines that are no records as they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { maxLength: 60 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (lines, newline, last) => {
          const data = lines.join(newline) + (last ? newline : '');
          const { text, summary } = await annotate(Buffer.from(ofHeader + data, 'latin1'));
          const [before, after] = [data.split('\n'), dataOf(text).split('\n')];
          expect(after.length).toBe(before.length);
          after.forEach((line, i) => {
            const original = before[i] ?? '';
            if (line !== original) expect(undone(line)).toBe(undone(original));
          });
          const count = data === '' ? 0 : before.length - (data.endsWith('\n') ? 1 : 0);
          expect(summary.lines).toBe(count);
          expect(summary.records + summary.bad_lines).toBe(count);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('in every encoding and however the stream is cut, the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 40 }), chunks, async (lines, sizes) => {
        const file = Buffer.from(`${ofHeader}${lines.join('\n')}\n`, 'latin1');
        const { text, summary } = await annotate(file);
        for (const encoding of encodings) {
          const other = await annotate(encoded(file, encoding), { input: inChunks(encoded(file, encoding), sizes) });
          expect(other.text).toBe(text);
          expect({
            ...other.summary,
            input_bytes: 0,
            input_sha256: '',
            output_sha256: '',
            started: '',
            seconds: 0,
          }).toEqual({
            ...summary,
            input_bytes: 0,
            input_sha256: '',
            output_sha256: '',
            started: '',
            seconds: 0,
          });
        }
      }),
      { numRuns: 20 },
    );
  });

  test('annotating twice is annotating once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 40 }), async (lines) => {
        const once = await annotate(Buffer.from(`${ofHeader}${lines.join('\n')}\n`, 'latin1'));
        const twice = await annotate(Buffer.from(once.text, 'latin1'));
        expect(twice.text).toBe(once.text);
      }),
      { numRuns: 20 },
    );
  });
});

describe('threads', () => {
  // Some megabytes, so that there are several batches, and work enough for two further threads to be started.
  const lines = fc.sample(anyLine, { numRuns: 3000, seed: 1 }).map((line) => `${line}${'\tGT\t0/1'.repeat(100)}`);
  const file = Buffer.from(`${ofHeader}${Array.from({ length: 8 }, () => lines.join('\n')).join('\n')}\n`, 'latin1');

  test('any number of them gives the same bytes, counts and examples, from text and from BGZF', async () => {
    for (const encoding of ['text', 'bgzf'] as const) {
      const input = encoded(file, encoding);
      const own = await annotate(input);
      for (const threads of [1, 2, 5]) {
        const other = await annotate(input, { threads, workerUrl });
        expect(Buffer.compare(Buffer.from(other.text), Buffer.from(own.text))).toBe(0);
        expect({ ...other.summary, started: '', seconds: 0 }).toEqual({ ...own.summary, started: '', seconds: 0 });
      }
      expect(own.summary.lines).toBe(24_000);
    }
  }, 60_000);

  test('a thread that cannot open the reference ends the run with its sentence, and leaves nothing', async () => {
    const broken = join(folder, 'broken');
    const output = join(folder, 'never.vcf.gz');
    const run = annotateFile({ input: inChunks(file, [1 << 16]), output, reference: broken, threads: 2, workerUrl });
    await expect(run).rejects.toThrow(/is not a reference bundle/);
    await run.catch(() => {});
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  test('a thread that cannot even load its code ends the run, however early it breaks', async () => {
    const module = join(folder, 'broken-worker.ts');
    writeFileSync(module, 'throw new Error("no such code");');
    for (const pauseMs of [0, 300]) {
      async function* slowly(): AsyncGenerator<Uint8Array> {
        await Bun.sleep(pauseMs);
        yield file;
      }
      await expect(annotate(file, { input: slowly(), workerUrl: module })).rejects.toThrow(/annotation thread/);
    }
  });

  test('a damaged block is told from any thread, with its offset', async () => {
    const input = Buffer.from(encoded(file, 'bgzf'));
    input.fill(0x55, input.length >> 1, (input.length >> 1) + 2000);
    for (const threads of [1, 3]) {
      const error = await annotate(input, { threads, workerUrl }).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).code).toMatch(/CORRUPT_COMPRESSION|TRUNCATED/);
      expect((error as InputError).place.offset).toBeGreaterThan(0);
    }
  });

  test('a run whose input says nothing more can be stopped all the same', async () => {
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(ofHeader);
      await new Promise(() => {});
    }
    for (const more of [{}, { threads: 2, workerUrl }]) {
      const output = join(folder, 'silent.vcf.gz');
      const run = annotateFile({ input: silent(), output, reference, signal: AbortSignal.timeout(50), ...more });
      await expect(run).rejects.toThrow('timed out');
      expect(readdirSync(folder).filter((name) => name.startsWith('silent'))).toEqual([]);
    }
  });

  test('a run that is stopped ends soon and leaves nothing', async () => {
    const stop = new AbortController();
    const output = join(folder, 'stopped.vcf.gz');
    const log = join(folder, 'stopped.log');
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(ofHeader);
      for (;;) yield Buffer.from(`${lines.filter((line) => line.startsWith('1\t')).join('\n')}\n`);
    }
    const onProgress = ({ lines: done }: Progress): void => {
      if (done > 20_000) stop.abort(new Error('enough'));
    };
    for (const more of [{}, { threads: 2, workerUrl }]) {
      const run = annotateFile({ input: endless(), output, log, reference, onProgress, signal: stop.signal, ...more });
      await expect(run).rejects.toThrow('enough');
      await run.catch(() => {});
      expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
    }
  });
});

test('memory does not grow with the file', async () => {
  const batch = Buffer.from(`1\t500\t.\tN\tA\t.\t.\tX=${crypto.randomUUID().repeat(400)}\n`.repeat(70));
  async function* large(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(header());
    for (let i = 0; i < 300; i++) yield batch;
  }
  const used: number[] = [];
  const onProgress = (): void => void used.push(process.memoryUsage().arrayBuffers);
  await annotateFile({ input: large(), output: { write: async () => {} }, reference, onProgress });
  const most = (part: number[]): number => Math.max(...part);
  expect(used.length).toBeGreaterThan(250);
  expect(most(used.slice(-80)) - most(used.slice(0, 80))).toBeLessThan(150 << 20);
});

describe('what is added', () => {
  const line = (position: number, ref: string, alt: string, info = '.'): string =>
    `1\t${position}\t.\t${ref}\t${alt}\t50\tPASS\t${info}\n`;
  const bases = basesOf('1');
  const base = (position: number): string => bases[position - 1] ?? 'N';
  const other = (position: number): string => (base(position) === 'A' ? 'C' : 'A');

  test('consequences, known variants and counts', async () => {
    const data =
      line(500, base(500), other(500)) +
      line(1151, base(1151), other(1151), 'DB') +
      line(1300, base(1300), other(1300));
    const { text, summary } = await annotate(Buffer.from(header() + data));
    const [first, second, third] = dataOf(text)
      .split('\n')
      .map((one) => one.split('\t')[7] ?? '');
    expect(first).toStartWith('CSQ=');
    expect(first).toContain('|upstream_gene_variant|MODIFIER|GENE1|G1|Transcript|T1|');
    expect(second).toMatch(/^DB;CSQ=[ACGT]\|(missense|synonymous|stop_gained)/);
    expect(third).toContain('intron_variant');
    expect(summary).toMatchObject({
      records: 3,
      variants: 3,
      passing: 3,
      classes: { SNV: 3 },
      genes: [{ symbol: 'GENE1', id: 'G1', records: 3 }],
      ref_compared: 3,
      ref_disagreeing: 0,
      reference: 'small',
    });
    expect(summary.contigs).toEqual([{ name: '1', length: 3000, count: 3, bins: expect.any(Array) }]);
    expect(Object.values(summary.terms).reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('a known variant is found by its alleles, each ALT for itself', async () => {
    const position = [1, 3, 5, 7, 9, 11].find((one) => base(one) !== 'A') ?? 1;
    const data = line(position, base(position), 'T,A'.replace(base(position), 'N'));
    const { text, summary } = await annotate(Buffer.from(header() + data));
    expect(text).toContain(`;Known_N=.,${position - 1}`);
    expect(summary.known).toEqual([{ name: 'Known', version: '1', alleles: 1 }]);
  });

  test('transcripts chosen by MANE where the reference knows none: nothing is told of genes, and that is said', async () => {
    const file = Buffer.from(header() + line(1151, base(1151), other(1151)));
    const codes = async (transcripts: 'mane' | 'canonical') =>
      (await annotate(file, { options: { transcripts } })).summary.warnings.map(({ code }) => code);
    expect(await codes('mane')).toContain('NO_MANE');
    expect(await codes('canonical')).not.toContain('NO_MANE');
  });

  test('transcripts that VEP leaves out are counted, and how to have them is said', async () => {
    const gff = '1 x mRNA 11 90 . + . ID=T1\n1 x CDS 11 90 . + 0 Parent=T1\n'.replaceAll(' ', '\t');
    const [fasta, genes, made] = ['bare.fa', 'bare.gff3', 'bare'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(fasta, `>1\n${'ACGT'.repeat(50)}\n`);
    writeFileSync(genes, `##gff-version 3\n${gff}`);
    await buildBundle(made, { fasta, genes }, { name: 'bare', now: new Date(0) });
    const file = Buffer.from(header() + '1\t21\t.\tA\tC\t.\t.\t.\n');
    const said = async (manner: 'vep' | 'specification') =>
      (await annotate(file, { reference: made, options: { manner } })).summary.warnings.map(({ message }) => message);
    expect((await said('vep')).join()).toContain(
      'The reference bare has 1 transcript with coding parts and no exon lines',
    );
    expect((await said('specification')).join()).not.toContain('exon lines');
  });

  test('a source that is left out adds nothing', async () => {
    const position = [1, 3, 5, 7, 9, 11].find((one) => base(one) !== 'A') ?? 1;
    const file = Buffer.from(header() + line(position, base(position), 'A'));
    expect((await annotate(file)).text).toContain('Known_N=');
    const { text, summary } = await annotate(file, { options: { withoutKnown: ['Known'] } });
    expect(text).not.toContain('Known_N');
    expect(summary.known).toEqual([]);
  });

  test('the log and the summary are files; the index lies beside the result', async () => {
    const output = join(folder, 'y.annot.vcf.gz');
    const log = join(folder, 'y.vcf.count.log');
    const summary = join(folder, 'y.json');
    const file = join(folder, 'y.vcf');
    writeFileSync(file, header() + line(500, base(500), other(500)) + 'rubbish\n');
    const told = await annotateFile({ input: file, output, log, summary, reference });
    const sha = (path: string): string => new Bun.CryptoHasher('sha256').update(readFileSync(path)).digest('hex');
    expect(told).toMatchObject({ input: 'y.vcf', input_sha256: sha(file), output_sha256: sha(output), bad_lines: 1 });
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toEqual(told);
    const text = readFileSync(log, 'utf8');
    expect(text).toContain('annotation of y.vcf');
    expect(text).toContain('BAD_LINES: One line cannot be read as a record and passes as it is: line 4, which has 1');
    expect(text).toContain(told.output_sha256);
    expect(text).not.toContain(folder);
    expect(existsSync(`${output}.tbi`)).toBe(true);
    expect(gunzipSync(readFileSync(output)).toString()).not.toContain(folder);
  });

  test('contigs beyond 512 Mb get a .csi; where only positions tell, there is no index and it is said', async () => {
    const output = join(folder, 'wheat.annot.vcf.gz');
    const far = 'chr3B\t700000000\t.\tA\tC\t.\t.\t.\n';
    const told = (lines: string[]) =>
      annotateFile({ input: inChunks(Buffer.from(header(lines) + far), [99]), output, reference });
    await told(['##contig=<ID=chr3B,length=851934019>']);
    expect(['.tbi', '.csi'].map((suffix) => existsSync(output + suffix))).toEqual([false, true]);
    rmSync(`${output}.csi`);
    expect((await told([])).warnings.map(({ code }) => code)).toContain('LONG_CONTIG');
    expect(['.tbi', '.csi'].map((suffix) => existsSync(output + suffix))).toEqual([false, false]);
  });

  test('text is written where text is asked for, to a file or a stream', async () => {
    const file = Buffer.from(header() + line(500, base(500), other(500)));
    const output = join(folder, 'z.annot.vcf');
    await annotateFile({ input: inChunks(file, [9]), output, reference });
    const parts: Uint8Array[] = [];
    const sink = { write: async (bytes: Uint8Array) => void parts.push(Uint8Array.from(bytes)) };
    await annotateFile({ input: inChunks(file, [9]), output: sink, reference });
    expect(Buffer.concat(parts).equals(readFileSync(output))).toBe(true);
    expect(existsSync(`${output}.tbi`)).toBe(false);
    expect(readFileSync(output, 'utf8')).toStartWith('##fileformat=VCFv4.2\n##INFO=<ID=CSQ');
  });

  test('progress ends at 100 percent of the bytes', async () => {
    const file = join(folder, 'p.vcf');
    writeFileSync(file, header() + line(500, base(500), other(500)).repeat(100_000));
    const told: Progress[] = [];
    await annotateFile({
      input: file,
      output: join(folder, 'p.vcf.gz'),
      reference,
      onProgress: (one) => told.push(one),
    });
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toMatchObject({ percent: 100, lines: 100_000, variants: 100_000 });
    expect(told.map(({ percent }) => percent)).toEqual(told.map(({ percent }) => percent).toSorted((a, b) => a - b));
  });
});

describe('what is warned of', () => {
  const codes = async (file: string, more: Partial<AnnotateRequest> = {}): Promise<string[]> =>
    (await annotate(Buffer.from(file), more)).summary.warnings.map(({ code }) => code);
  const good = `1\t500\t.\t${basesOf('1')[499]}\t<DEL>\t.\t.\tEND=600\n`;

  test.each([
    ['nothing where nothing is wrong', header() + good, []],
    ['a header without records', header(), ['NO_RECORDS']],
    ['unsorted records', header() + good + good.replace('500', '400').replace(/\t[ACGT]\t/, '\tN\t'), ['UNSORTED']],
    [
      'a contig that comes again',
      header() + good + good.replace(/^1\t500\t.\t[ACGT]/, '2\t500\t.\tN') + good,
      ['UNSORTED'],
    ],
    ['contigs that are not in the reference', header() + good + good.replace('1', 'scaffold_7'), ['UNKNOWN_CONTIGS']],
    ['another length in the header', header(['##contig=<ID=1,length=77>']) + good, ['FOREIGN_CONTIG']],
    ['positions beyond the end', header() + good + good.replace('500', '5000'), ['BEYOND_END']],
    ['a missing fileformat', (header() + good).replace('##fileformat=VCFv4.2\n', ''), ['NO_FILEFORMAT']],
    ['a sample without a name', header([], ['S', '']) + good, ['SAMPLE_NAMES']],
    ['an earlier annotation', ofHeader + good, ['REPLACED_FIELDS']],
    ['a bad line', header() + good + 'rubbish\n', ['BAD_LINES']],
  ])('%s', async (_, file, expected) => {
    expect(await codes(file)).toEqual(expected);
  });

  test('REF that disagrees, with examples; many of them mean another assembly and earn no annotation', async () => {
    const wrong = (position: number): string =>
      `1\t${position}\t.\t${basesOf('1')[position - 1] === 'A' ? 'C' : 'A'}\tG\t.\t.\t.\n`;
    const right = (position: number): string => `1\t${position}\t.\t${basesOf('1')[position - 1]}\t<DEL>\t.\t.\t.\n`;
    const some = Array.from({ length: 100 }, (_, i) => (i === 50 ? wrong(100 + i) : right(100 + i))).join('');
    const { summary } = await annotate(Buffer.from(header() + some));
    expect(summary.warnings).toEqual([
      expect.objectContaining({
        code: 'REF_MISMATCH',
        count: 1,
        examples: [expect.objectContaining({ line: 53, field: 'REF' })],
      }),
    ]);
    const all = Array.from({ length: 100 }, (_, i) => wrong(100 + i)).join('');
    const other = await annotate(Buffer.from(header() + all));
    expect(other.summary.warnings.map(({ code }) => code)).toEqual(['ASSEMBLY_MISMATCH']);
    expect(dataOf(other.text)).toBe(all);
  });

  test('no reference: the file is still described', async () => {
    const { text, summary } = await annotate(Buffer.from(header() + good), { reference: null });
    expect(summary.warnings.map(({ code }) => code)).toEqual(['NO_REFERENCE']);
    expect(summary.classes).toEqual({ structural_deletion: 1 });
    expect(dataOf(text)).toBe(good);
  });

  test('what cannot be read at all is an InputError and leaves nothing', async () => {
    const output = join(folder, 'wrong.vcf.gz');
    for (const file of ['', 'Dear reviewer', '##fileformat=VCFv4.2\n1\t2\n', '<html>']) {
      const run = annotateFile({ input: inChunks(Buffer.from(file), [5]), output, reference });
      await expect(run).rejects.toThrow(InputError);
      await run.catch(() => {});
    }
    await expect(annotateFile({ input: join(folder, 'absent.vcf'), output, reference })).rejects.toThrow(
      'there is no such file',
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('wrong'))).toEqual([]);
  });
});

test('random bytes never do worse than an InputError', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(recordLine, { maxLength: 5 }),
      fc.constantFrom(...encodings),
      async (noise, lines, encoding) => {
        const file = encoded(Buffer.concat([Buffer.from(`${header()}${lines.join('\n')}\n`), noise]), encoding);
        const cut = file.subarray(0, file.length - (noise.length % 30));
        try {
          await annotate(cut);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      },
    ),
    { numRuns: 100 },
  );
});
