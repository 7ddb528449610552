/** Where the variants of the benchmark lie and what they are: drawn from the bases of a contig, the same every time. */
import { openBundle } from '../anntools/bundle/open.ts';
import { type Random, randomFrom } from './random.ts';

export interface Variant {
  /** One-based. */
  position: number;
  ref: string;
  alt: string;
  info: string;
}

/** One contig of a reference: the bases and models that variants are drawn from. */
export class Chromosome {
  readonly length: number;
  private readonly bases: Buffer;
  private readonly reference;

  constructor(dir: string, contig = 0) {
    this.reference = openBundle(dir);
    this.length = this.reference.contigs.lengths[contig] ?? 0;
    this.bases = Buffer.alloc(this.length);
    this.reference.sequence.read(contig, 0, this.length, this.bases, 0);
  }

  /** Coding parts of exons, half-open. */
  codingParts(): { starts: number[]; ends: number[] } {
    const { count, exonFirst, exonStart, exonEnd, cdsStart, cdsEnd } = this.reference.transcripts;
    const starts: number[] = [];
    const ends: number[] = [];
    for (let t = 0; t < count; t++) {
      for (let exon = exonFirst[t] ?? 0; exon < (exonFirst[t + 1] ?? 0); exon++) {
        const start = Math.max(exonStart[exon] ?? 0, cdsStart[t] ?? 0);
        const end = Math.min(exonEnd[exon] ?? 0, cdsEnd[t] ?? 0);
        if (start >= end) continue;
        starts.push(start);
        ends.push(end);
      }
    }
    return { starts, ends };
  }

  /** Variants at zero-based offsets that `place` draws, sorted, one to an offset. */
  variants(count: number, seed: number, place: (random: Random) => number): Variant[] {
    const random = randomFrom(seed);
    const offsets = new Set<number>();
    while (offsets.size < count) {
      const offset = place(random);
      if (offset > 20 && offset < this.length - 20 && !this.text(offset, 16).includes('N')) offsets.add(offset);
    }
    return [...offsets].sort((a, b) => a - b).map((offset) => this.variant(offset, random));
  }

  /** So many variants along the contig from its beginning to its end, one after the other: none of them is kept. */
  *along(count: number, seed: number): Generator<Variant> {
    const random = randomFrom(seed);
    const stretches = this.knownStretches();
    const bases = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
    let before = 0;
    let done = 0;
    for (const { start, end } of stretches) {
      before += end - start;
      const here = Math.round((count * before) / bases) - done;
      const step = (end - start) / here;
      const within = Math.max(1, Math.floor(step));
      for (let i = 0; i < here; i++) yield this.variant(start + Math.floor(i * step) + random(within), random);
      done += here;
    }
  }

  /** Where the bases are known, less a margin that a variant may reach over. */
  private knownStretches(): { start: number; end: number }[] {
    const stretches: { start: number; end: number }[] = [];
    for (let start = 0; start < this.length;) {
      const gap = this.bases.indexOf('N', start);
      const end = gap < 0 ? this.length : gap;
      if (end - start > 100) stretches.push({ start: start + 20, end: end - 20 });
      start = end;
      while (start < this.length && this.bases[start] === 78) start++;
    }
    return stretches;
  }

  private variant(offset: number, random: Random): Variant {
    const count = 1 + random(5007);
    const info = `AC=${count};AF=${(count / 5008).toPrecision(4)};AN=5008;DP=${10_000 + random(10_000)}`;
    const position = offset + 1;
    const base = this.text(offset, 1);
    const kind = random(100);
    if (kind < 4) return { position, ref: this.text(offset, 2 + random(random(4) === 0 ? 9 : 3)), alt: base, info };
    if (kind < 8) {
      const inserted = Array.from({ length: 1 + random(random(4) === 0 ? 9 : 3) }, () => 'ACGT'[random(4)] ?? 'A');
      return { position, ref: base, alt: base + inserted.join(''), info };
    }
    const length = kind < 10 ? 2 + random(3) : 1;
    const ref = this.text(offset, length);
    return { position, ref, alt: [...ref].map((letter) => otherBase(letter, random)).join(''), info };
  }

  private text(offset: number, length: number): string {
    return this.bases.toString('latin1', offset, offset + length);
  }
}

function otherBase(base: string, random: Random): string {
  return 'ACGT'.replace(base, '')[random(3)] ?? 'A';
}
