/** What is said of structural variants beyond their consequences: the genes they hit, and possible fusions. */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { EventReader, hasStructural } from '../structural/events.ts';
import { FUSIONS_FIELD, Fusions } from '../structural/fusions.ts';
import { GENES_FIELD, GenesHit } from '../structural/genes-hit.ts';
import { infoKey } from '../vcf/info.ts';
import type { Contig } from './contigs.ts';
import type { Site } from './site.ts';

const SEMICOLON = 59;
const GENES = infoKey(`${GENES_FIELD}=`);
const FUSIONS = infoKey(`${FUSIONS_FIELD}=`);

export class StructuralFields {
  private readonly events = new EventReader();
  private readonly genes: GenesHit;
  private readonly fusions: Fusions;

  constructor(reference: Reference) {
    this.genes = new GenesHit(reference);
    this.fusions = new Fusions(reference);
  }

  /** As the other added fields (`added-fields.ts`). */
  write({ record, alleles }: Site, contig: Contig, out: ByteBuffer, empty: boolean): boolean {
    if (contig.id < 0 || !hasStructural(alleles)) return false;
    const events = this.events.read(record, alleles);
    let any = false;
    for (const [key, writer] of [
      [GENES, this.genes],
      [FUSIONS, this.fusions],
    ] as const) {
      const start = out.length;
      if (any || !empty) out.byte(SEMICOLON);
      out.append(key);
      let first = true;
      for (const event of events) if (writer.write(event, contig.id, out, first)) first = false;
      if (first) out.length = start;
      else any = true;
    }
    return any;
  }
}
