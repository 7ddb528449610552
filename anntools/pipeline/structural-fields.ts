/**
 * What is said of structural variants beyond their consequences: the genes they hit, possible fusions, and known variants
 * that overlap them. A record without structural ALTs costs a few comparisons.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { EventReader, hasStructural, type StructuralEvent } from '../structural/events.ts';
import { FUSIONS_FIELD, Fusions } from '../structural/fusions.ts';
import { GENES_FIELD, GenesHit } from '../structural/genes-hit.ts';
import type { KnownStructural } from '../structural/known-structural.ts';
import { infoKey } from '../vcf/info.ts';
import type { Contig } from './contigs.ts';
import type { Findings } from './findings.ts';
import type { Site } from './site.ts';

const SEMICOLON = 59;

/** A field with entries for each event. */
interface EntryField {
  key: Uint8Array;
  writer: Pick<GenesHit | Fusions, 'write'>;
}

export class StructuralFields {
  private readonly events = new EventReader();
  private readonly fields: readonly EntryField[];

  /** @param firstSource the number of the first of the sources among all of the run */
  constructor(
    reference: Reference | null,
    private readonly sources: readonly KnownStructural[],
    private readonly firstSource: number,
    private readonly findings: Findings,
  ) {
    this.fields =
      reference === null
        ? []
        : [
            { key: infoKey(`${GENES_FIELD}=`), writer: new GenesHit(reference) },
            { key: infoKey(`${FUSIONS_FIELD}=`), writer: new Fusions(reference) },
          ];
  }

  /** As the other added fields (`added-fields.ts`). */
  write({ record, alleles }: Site, contig: Contig, out: ByteBuffer, empty: boolean): boolean {
    if (!hasStructural(alleles)) return false;
    const events = this.events.read(record, alleles);
    const wasEmpty = empty;
    for (const field of this.fields) if (writeEntries(field, events, contig.id, out, empty)) empty = false;
    for (let i = 0; i < this.sources.length; i++) {
      const id = contig.known[this.firstSource + i];
      const found = id < 0 ? 0 : this.sources[i].annotate(id, events, alleles.count, out, empty);
      this.findings.counts.knownAlleles[this.firstSource + i] += found;
      if (found > 0) empty = false;
    }
    return empty !== wasEmpty;
  }
}

function writeEntries(
  { key, writer }: EntryField,
  events: readonly StructuralEvent[],
  contig: number,
  out: ByteBuffer,
  empty: boolean,
): boolean {
  if (contig < 0) return false;
  const start = out.length;
  if (!empty) out.byte(SEMICOLON);
  out.append(key);
  let first = true;
  for (const event of events) if (writer.write(event, contig, out, first)) first = false;
  if (first) out.length = start;
  return !first;
}
