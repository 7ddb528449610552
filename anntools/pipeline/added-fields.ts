/**
 * What is added to the INFO of a record, field by field and in the order of the header: consequences, known variants,
 * tracks, band. Each part writes its separator first and takes it back when it has nothing to say.
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { Annotations } from '../forms/annotations.ts';
import { BAND_FIELD } from '../lookup/bands.ts';
import type { KnownVariants } from '../lookup/known.ts';
import type { LeftMost } from '../lookup/left-most.ts';
import { countTerms } from '../report/tally.ts';
import { SpanReader } from '../tracks/span.ts';
import type { TrackWriter } from '../tracks/track-writer.ts';
import { infoKey } from '../vcf/info.ts';
import type { Contig } from './contigs.ts';
import type { ExistingVariation } from './existing-variation.ts';
import type { Findings } from './findings.ts';
import type { Site } from './site.ts';

const SEMICOLON = 59;
const BAND = infoKey(`${BAND_FIELD}=`);

/** One kind of annotation. */
interface AddedField {
  /** Writes what it says of the site, `empty` being whether nothing stands before it in INFO; false when it says nothing. */
  write(site: Site, contig: Contig, out: ByteBuffer, empty: boolean): boolean;
}

export class ConsequenceField implements AddedField {
  constructor(
    private readonly engine: Annotations,
    /** `CSQ=`. */
    private readonly key: Uint8Array,
    private readonly findings: Findings,
  ) {}

  write({ record }: Site, contig: Contig, out: ByteBuffer, empty: boolean): boolean {
    if (contig.id < 0) return false;
    const { counts } = this.findings;
    const start = out.length;
    if (!empty) out.byte(SEMICOLON);
    out.append(this.key);
    const facts = this.engine.annotate(record, contig.id, out);
    countTerms(counts, facts.worstRank, facts.low, facts.high);
    if (facts.gene >= 0) counts.genes.set(facts.gene, (counts.genes.get(facts.gene) ?? 0) + 1);
    if (facts.blocks > 0) return true;
    out.length = start;
    return false;
  }
}

export class KnownFields implements AddedField {
  /** ALTs found in each source. */
  private readonly found: number[] = [];

  constructor(
    private readonly sources: readonly KnownVariants[],
    private readonly leftMost: LeftMost | null,
    private readonly existing: ExistingVariation | null,
    private readonly findings: Findings,
  ) {}

  /** Looks the alleles of a site up: before anything is written, since consequences tell of their identifiers. */
  find({ alleles }: Site, contig: Contig): void {
    const { sources, found, existing } = this;
    const moved = contig.hasSequence ? this.leftMost?.of(contig.id, alleles) : undefined;
    for (let i = 0; i < sources.length; i++) {
      found[i] = contig.known[i] < 0 ? 0 : sources[i].find(contig.known[i], alleles, moved);
    }
    existing?.gather(alleles.count, found);
  }

  write(site: Site, _contig: Contig, out: ByteBuffer, empty: boolean): boolean {
    const { sources, found, findings } = this;
    const wasEmpty = empty;
    for (let i = 0; i < sources.length; i++) {
      if (found[i] === 0) continue;
      findings.counts.knownAlleles[i] += found[i];
      const start = out.length;
      sources[i].write(out, empty);
      if (out.length === start) continue;
      if (findings.wants('known')) this.tell(site, out, empty ? start : start + 1);
      empty = false;
    }
    return empty !== wasEmpty;
  }

  private tell({ record, place }: Site, out: ByteBuffer, start: number): void {
    const what = out.bytes.toString('latin1', start, out.length).slice(0, 300);
    this.findings.example('known', `${place} ${record.text(3).slice(0, 20)}>${record.text(4).slice(0, 20)} ${what}`);
  }
}

/** Regions that the variants overlap. */
export class TrackFields implements AddedField {
  private readonly span = new SpanReader();

  constructor(
    private readonly tracks: readonly TrackWriter[],
    private readonly findings: Findings,
  ) {}

  write({ record, alleles }: Site, contig: Contig, out: ByteBuffer, empty: boolean): boolean {
    const { tracks, span } = this;
    if (!span.read(record, alleles)) return false;
    let any = false;
    for (let i = 0; i < tracks.length; i++) {
      if (contig.tracks[i] < 0) continue;
      if (!tracks[i].write(contig.tracks[i], span.span, out, empty && !any)) continue;
      this.findings.counts.trackRecords[i]++;
      any = true;
    }
    return any;
  }
}

export class BandField implements AddedField {
  constructor(private readonly findings: Findings) {}

  write(site: Site, contig: Contig, out: ByteBuffer, empty: boolean): boolean {
    if (contig.bands === null) return false;
    const start = out.length;
    if (!empty) out.byte(SEMICOLON);
    out.append(BAND);
    if (contig.bands.write(site.start, site.end, out)) {
      this.findings.counts.banded++;
      return true;
    }
    out.length = start;
    return false;
  }
}
