/**
 * A synthetic reference of human size: 25 contigs with the lengths of GRCh38 (3.09 Gb), 63,000 genes, 250,000
 * transcripts, 1.6 million exons. Builds it the way `anntools reference build` does and prints seconds, memory, size
 * and how long opening takes. The sequence is random and the models do not read, so every one is also flagged:
 * the slowest case.
 *
 *     bun bench/human-scale.ts [FOLDER] [--small]      FOLDER needs 5 GB; --small is 1/100 of everything
 */
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { buildBundle } from '../anntools/bundle/build.ts';
import { openBundle } from '../anntools/bundle/open.ts';
import { ASSEMBLIES } from '../anntools/genome/assemblies.ts';

const small = process.argv.includes('--small');
const folder = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? join(tmpdir(), 'anntools-human-scale');
const scale = small ? 100 : 1;
const GENES = 63_000 / scale;

const lengths = (ASSEMBLIES.find(({ name }) => name === 'GRCh38')?.lengths ?? []).map((length) =>
  Math.floor(length / scale),
);
const names = lengths.map((_, i) => (i === 22 ? 'X' : i === 23 ? 'Y' : `${i + 1}`));

mkdirSync(folder, { recursive: true });
const fasta = join(folder, small ? 'small.fa' : 'human.fa');
const genes = join(folder, small ? 'small.gff3' : 'human.gff3');
if (!existsSync(fasta)) await writeFasta();
if (!existsSync(genes)) await writeGenes();

let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
const dir = join(folder, 'bundle');
const started = performance.now();
const manifest = await buildBundle(dir, { fasta, genes }, { name: 'human-scale', now: new Date() });
const seconds = (performance.now() - started) / 1000;
clearInterval(watch);
peak = Math.max(peak, process.resourceUsage().maxRSS * 1024);

const opening = performance.now();
const reference = openBundle(dir);
const opened = performance.now() - opening;
const base = reference.sequence.base(11, 30_000);

const size = Object.values(manifest.files).reduce((sum, bytes) => sum + bytes, 0);
process.stdout.write(
  `${manifest.counts.bases.toLocaleString('en')} bases, ${manifest.counts.transcripts.toLocaleString('en')} transcripts: ` +
    `built in ${seconds.toFixed(1)} s, peak ${(peak / 1e6).toFixed(0)} MB, ` +
    `bundle ${(size / 1e6).toFixed(0)} MB, opened in ${opened.toFixed(1)} ms, ` +
    `first base after ${(performance.now() - opening).toFixed(1)} ms (${String.fromCharCode(base)})\n`,
);

/** Small, fast, the same every time (xorshift32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

async function writeFasta(): Promise<void> {
  const random = randomFrom(1);
  const line = 60;
  // A block of whole lines, cut at another place each time, is random enough and written at the speed of the disk.
  const block = Buffer.alloc((line + 1) * 65_536, '\n');
  for (let i = 0; i < block.length; i++) if ((i + 1) % (line + 1) !== 0) block[i] = 'ACGT'.charCodeAt(random(4));
  const out = createWriteStream(fasta);
  for (const [i, name] of names.entries()) {
    const length = lengths[i] ?? 0;
    out.write(`>${name} dna:chromosome chromosome:GRCh38:${name}:1:${length}:1 REF\n`);
    for (let rest = length; rest > 0;) {
      const from = random(1000) * (line + 1);
      const bases = Math.min(rest, ((block.length - from) / (line + 1)) * line);
      const end = from + bases + Math.floor(bases / line);
      if (!out.write(Buffer.from(block.subarray(from, end)))) await once(out, 'drain');
      rest -= bases;
    }
    out.write('\n');
  }
  out.end();
  await once(out, 'finish');
}

async function writeGenes(): Promise<void> {
  const random = randomFrom(2);
  const out = createWriteStream(genes);
  out.write('##gff-version 3\n#!genome-build GRCh38\n');
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let transcript = 0;
  for (const [i, contig] of names.entries()) {
    const count = Math.round((GENES * (lengths[i] ?? 0)) / total);
    for (let g = 0; g < count; g++) {
      const start = random((lengths[i] ?? 0) - 200_000 / scale) + 1;
      const strand = random(2) === 0 ? '+' : '-';
      const id = `ENSG${String(i * 100_000 + g).padStart(11, '0')}`;
      const coding = random(3) === 0;
      const biotype = coding ? 'protein_coding' : 'lncRNA';
      const lines: string[] = [];
      let geneEnd = start;
      const transcripts = 1 + random(7);
      for (let t = 0; t < transcripts; t++) {
        const name = `ENST${String(++transcript).padStart(11, '0')}`;
        const common = `Parent=transcript:${name}`;
        const exons: [number, number][] = [];
        for (
          let at = start + random(500), e = 1 + random(12);
          e > 0;
          e--, at += 300 + random(4000 / Math.sqrt(scale))
        ) {
          const length = 60 + random(200);
          exons.push([at, (at += length)]);
        }
        const end = exons.at(-1)?.[1] ?? start;
        geneEnd = Math.max(geneEnd, end);
        lines.push(
          `${contig}\thavana\t${coding ? 'mRNA' : 'lnc_RNA'}\t${exons[0]?.[0]}\t${end}\t.\t${strand}\t.\tID=transcript:${name};Parent=gene:${id};Name=GENE${g}-20${t};biotype=${biotype};tag=basic${t === 0 ? ',Ensembl_canonical' : ''};transcript_id=${name};transcript_support_level=1;version=2`,
        );
        for (const [e, [from, to]] of exons.entries()) {
          lines.push(
            `${contig}\thavana\texon\t${from}\t${to}\t.\t${strand}\t.\t${common};Name=ENSE${transcript}${e};constitutive=0;ensembl_end_phase=-1;ensembl_phase=-1;exon_id=ENSE${transcript}${e};rank=${e + 1};version=1`,
          );
          if (coding)
            lines.push(
              `${contig}\thavana\tCDS\t${from}\t${to}\t.\t${strand}\t0\tID=CDS:ENSP${transcript};${common};protein_id=ENSP${transcript};version=1`,
            );
        }
      }
      out.write(
        `${contig}\thavana\tgene\t${start}\t${geneEnd}\t.\t${strand}\t.\tID=gene:${id};Name=GENE${i}.${g};biotype=${biotype};description=a made gene [Source:HGNC Symbol%3BAcc:HGNC:${g}];gene_id=${id};logic_name=made;version=3\n`,
      );
      if (!out.write(`${lines.join('\n')}\n###\n`)) await once(out, 'drain');
    }
  }
  out.end();
  await once(out, 'finish');
}
