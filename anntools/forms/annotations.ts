/** An engine whose CSQ is rewritten as ANN or BCSQ, asked like the engine itself. The CSQ path does not come here. */
import type { Reference } from '../bundle/reference.ts';
import { ByteBuffer } from '../bytes/buffer.ts';
import { ConsequenceEngine, type EngineOptions, type RecordFacts } from '../consequence/engine.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { AnnWriter } from './ann.ts';
import { BcsqWriter } from './bcsq.ts';
import type { FormName } from './form.ts';
import { RowReader } from './rows.ts';

/** Appends the value of a record's INFO field; `blocks` of the facts is 0 when there is nothing to say. */
export interface Annotations {
  annotate(record: VcfRecord, contig: number, out: ByteBuffer): RecordFacts;
}

/** What writes the consequences of a form: the engine, for all but two. */
export function annotationsOf(form: FormName, reference: Reference, options: EngineOptions): Annotations {
  return form === 'ann' || form === 'bcsq'
    ? new RewrittenAnnotations(form, reference, options)
    : new ConsequenceEngine(reference, options);
}

class RewrittenAnnotations implements Annotations {
  private readonly engine: ConsequenceEngine;
  private readonly rows: RowReader;
  private readonly writer: AnnWriter | BcsqWriter;
  private readonly transcripts: number[] = [];
  private readonly scratch = new ByteBuffer();

  constructor(form: 'ann' | 'bcsq', reference: Reference, options: EngineOptions) {
    this.engine = new ConsequenceEngine(reference, { ...options, blockTranscripts: this.transcripts });
    this.rows = new RowReader(this.engine.columns);
    this.writer = form === 'ann' ? new AnnWriter(reference) : new BcsqWriter(reference);
  }

  annotate(record: VcfRecord, contig: number, out: ByteBuffer): RecordFacts {
    const { scratch } = this;
    scratch.clear();
    const facts = this.engine.annotate(record, contig, scratch);
    const rows = this.rows.read(scratch.view().toString('latin1'), this.transcripts);
    const value = this.writer.write(record, rows);
    if (value === '') facts.blocks = 0;
    else out.ascii(value);
    return facts;
  }
}
