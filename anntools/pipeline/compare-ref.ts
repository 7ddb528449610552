/** REF of every record beside the sequence of the reference: a file made for another assembly shows itself here. */
import type { Reference } from '../bundle/reference.ts';
import type { Contig } from './contigs.ts';
import type { Findings } from './findings.ts';
import type { Site } from './site.ts';

const N = 78;

export class RefComparison {
  private bases = new Uint8Array(256);

  constructor(
    private readonly reference: Reference,
    private readonly findings: Findings,
  ) {}

  /** Compares REF with the sequence, where there is one. */
  compare(site: Site, contig: Contig): void {
    const { findings, reference } = this;
    const { record, start } = site;
    const { counts } = findings;
    if (contig.id < 0 || record.position === 0) return;
    if (start >= contig.length) {
      counts.beyondEnd++;
      if (findings.wants('beyondEnd')) findings.example('beyondEnd', site.place, 'POS');
      return;
    }
    if (!contig.hasSequence) return;
    const { bytes, ends } = record;
    const refStart = ends[2] + 1;
    const length = ends[3] - refStart;
    if (this.bases.length < length) this.bases = new Uint8Array(length * 2);
    const { bases } = this;
    reference.sequence.read(contig.id, start, start + length, bases, 0);
    counts.refCompared++;
    for (let i = 0; i < length; i++) {
      const base = bytes[refStart + i] & 0xdf;
      if (base === bases[i] || base === N || bases[i] === N) continue;
      counts.refDisagreeing++;
      if (findings.wants('refDisagreeing')) this.tell(site, length);
      return;
    }
  }

  private tell({ record, place }: Site, length: number): void {
    const theirs = record.text(3).slice(0, 20);
    const ours = Buffer.prototype.latin1Slice.call(this.bases, 0, Math.min(length, 20));
    this.findings.example('refDisagreeing', `${place} has REF ${theirs}, the reference ${ours}`, 'REF');
  }
}
