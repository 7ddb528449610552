import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EOF_BLOCK } from '../../../anntools/bgzf/block.ts';
import { BgzfWriter } from '../../../anntools/bgzf/writer.ts';
import { CSI_DEPTH, IndexCollector, TABIX_DEPTH, binOf } from '../../../anntools/vcf/index-parts.ts';
import { type IndexKind, IndexWriter, depthOf } from '../../../anntools/vcf/index-writer.ts';

interface Variant {
  contig: string;
  position: number;
  length: number;
}

const HEADER = '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n';

/** Writes the variants and their index in batches, as workers would; answers the writer. */
function write(path: string, variants: readonly Variant[], kind: IndexKind, batchSize: number): IndexWriter {
  const index = new IndexWriter(kind);
  const file: Uint8Array[] = [];
  let offset = 0;
  const keep = (writer: BgzfWriter): void => {
    writer.flush();
    file.push(Buffer.from(writer.out.view()));
    offset += writer.out.length;
    writer.out.clear();
  };
  const writer = new BgzfWriter(1);
  writer.text.ascii(HEADER);
  keep(writer);
  for (let at = 0; at < variants.length; at += batchSize) {
    const collector = new IndexCollector(depthOf(kind));
    let contig = '';
    for (const variant of variants.slice(at, at + batchSize)) {
      if (variant.contig !== contig) collector.enter((contig = variant.contig));
      const from = writer.virtualOffset;
      writer.text.ascii(
        `${contig}\t${variant.position}\t.\t${'A'.repeat(variant.length)}\tC\t.\t.\tX=${'x'.repeat(variant.position % 900)}\n`,
      );
      writer.settle();
      collector.add(variant.position - 1, variant.position - 1 + variant.length, from, writer.virtualOffset);
    }
    index.add(collector.take(), offset);
    keep(writer);
  }
  writeFileSync(path, Buffer.concat([...file, EOF_BLOCK]));
  if (index.sorted) writeFileSync(`${path}.${kind}`, index.finish());
  return index;
}

const tabix = Bun.which('tabix');
const bcftools = Bun.which('bcftools');

function run(...command: string[]): string {
  const { stdout, stderr, exitCode } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  return stdout.toString();
}

describe('the index', () => {
  const folder = mkdtempSync(join(tmpdir(), 'index-'));
  const path = join(folder, 'x.vcf.gz');
  const variant = fc.record({
    contig: fc.constantFrom('chr1', 'chr2', 'chrM'),
    position: fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.integer({ min: 1, max: 200_000_000 })),
    length: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 60_000 })),
  });
  const sorted = (variants: Variant[]): Variant[] =>
    variants.sort((a, b) => (a.contig < b.contig ? -1 : a.contig > b.contig ? 1 : a.position - b.position));

  for (const kind of ['tbi', 'csi'] as const) {
    test.skipIf(!tabix || !bcftools)(
      `${kind}: tabix finds in any region what lies there (needs tabix, bcftools)`,
      () => {
        fc.assert(
          fc.property(
            fc.array(variant, { minLength: 1, maxLength: 300 }),
            fc.integer({ min: 1, max: 50 }),
            fc.array(variant, { minLength: 1, maxLength: 3 }),
            (variants, batchSize, regions) => {
              const all = sorted(variants);
              rmSync(`${path}.tbi`, { force: true });
              rmSync(`${path}.csi`, { force: true });
              expect(write(path, all, kind, batchSize).sorted).toBe(true);
              for (const { contig, position, length } of regions) {
                const end = position + length * 100;
                if (!all.some((found) => found.contig === contig)) continue;
                const found = run('tabix', path, `${contig}:${position}-${end}`);
                const expected = all.filter(
                  (one) => one.contig === contig && one.position <= end && one.position + one.length > position,
                );
                expect(found.split('\n').length - 1).toBe(expected.length);
              }
              expect(run('bcftools', 'index', '--nrecords', path).trim()).toBe(String(all.length));
            },
          ),
          { numRuns: 12 },
        );
      },
    );
  }

  test('an unsorted file is noticed, within a batch and between batches', () => {
    const at = (contig: string, position: number): Variant => ({ contig, position, length: 1 });
    for (const batchSize of [1, 2, 100]) {
      expect(write(path, [at('a', 5), at('a', 9), at('a', 7)], 'tbi', batchSize).sorted).toBe(false);
      expect(write(path, [at('a', 5), at('b', 1), at('a', 7)], 'tbi', batchSize).sorted).toBe(false);
      expect(write(path, [at('a', 5), at('a', 5), at('b', 1), at('b', 1)], 'tbi', batchSize).sorted).toBe(true);
    }
  });

  test('a .tbi says when positions are beyond what it holds', () => {
    const far = [{ contig: 'a', position: 600_000_000, length: 1 }];
    expect(write(path, far, 'tbi', 1).tooLong).toBe(true);
    expect(write(path, far, 'csi', 1).tooLong).toBe(false);
  });

  test('bins are those of the SAM specification', () => {
    expect(binOf(0, 1, TABIX_DEPTH)).toBe(4681);
    expect(binOf(16383, 16385, TABIX_DEPTH)).toBe(585);
    expect(binOf(0, 2 ** 29, TABIX_DEPTH)).toBe(0);
    expect(binOf(2 ** 29 - 1, 2 ** 29, TABIX_DEPTH)).toBe(37448);
    expect(binOf(0, 1, CSI_DEPTH)).toBe(37449);
  });
});
