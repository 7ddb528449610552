/** What writes ANN and BCSQ, asked like the engine itself. The CSQ path does not come here. */
import type { Reference } from '../bundle/reference.ts';
import { ByteBuffer } from '../bytes/buffer.ts';
import { ConsequenceEngine, type EngineOptions, type RecordFacts } from '../engine/engine.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { ANN_COLUMNS, AnnWriter } from './ann.ts';
import { LocalConsequences } from '../haplotype/local.ts';
import type { FormName } from './form.ts';

/** Appends the value of a record's INFO field; `blocks` of the facts is 0 when there is nothing to say. */
export interface Annotations {
  annotate(record: VcfRecord, contig: number, out: ByteBuffer): RecordFacts;
}

/**
 * What writes the consequences of a form: the engine, for all but two.
 * @param isPhased whether haplotypes are told of: then BCSQ is there already
 */
export function annotationsOf(
  form: FormName,
  reference: Reference,
  options: EngineOptions,
  isPhased = false,
): Annotations {
  if (form === 'bcsq' && isPhased) return new Facts(reference, options);
  if (form === 'ann') return new AnnAnnotations(reference, options);
  return form === 'bcsq' ? new BcsqAnnotations(reference, options) : new ConsequenceEngine(reference, options);
}

/** Says of a record what it is, and writes nothing. */
class Facts implements Annotations {
  private readonly engine: ConsequenceEngine;
  private readonly scratch = new ByteBuffer();

  constructor(reference: Reference, options: EngineOptions) {
    this.engine = new ConsequenceEngine(reference, options);
  }

  annotate(record: VcfRecord, contig: number): RecordFacts {
    this.scratch.clear();
    const facts = this.engine.annotate(record, contig, this.scratch);
    facts.blocks = 0;
    return facts;
  }
}

/** BCSQ has a way of its own to consequences; the engine says which transcripts are meant, and the facts. */
class BcsqAnnotations implements Annotations {
  private readonly engine: ConsequenceEngine;
  private readonly local: LocalConsequences;
  private readonly blocks: number[] = [];
  private readonly transcripts: number[] = [];
  private readonly scratch = new ByteBuffer();

  constructor(reference: Reference, options: EngineOptions) {
    this.engine = new ConsequenceEngine(reference, { ...options, blockTranscripts: this.blocks });
    this.local = new LocalConsequences(reference);
  }

  annotate(record: VcfRecord, contig: number, out: ByteBuffer): RecordFacts {
    const { scratch, blocks, transcripts } = this;
    scratch.clear();
    const facts = this.engine.annotate(record, contig, scratch);
    transcripts.length = 0;
    for (const transcript of blocks) {
      // Blocks of one transcript stand together, but for those of mates.
      if (transcript >= 0 && !transcripts.includes(transcript)) transcripts.push(transcript);
    }
    if (!this.local.write(record, transcripts, out)) facts.blocks = 0;
    return facts;
  }
}

/** ANN is the engine's CSQ written anew. */
class AnnAnnotations implements Annotations {
  private readonly engine: ConsequenceEngine;
  private readonly writer: AnnWriter;
  private readonly transcripts: number[] = [];
  private readonly scratch = new ByteBuffer();

  constructor(reference: Reference, options: EngineOptions) {
    const columns = ANN_COLUMNS;
    this.engine = new ConsequenceEngine(reference, { ...options, columns, blockTranscripts: this.transcripts });
    this.writer = new AnnWriter(reference);
  }

  annotate(record: VcfRecord, contig: number, out: ByteBuffer): RecordFacts {
    const { scratch, transcripts } = this;
    scratch.clear();
    const facts = this.engine.annotate(record, contig, scratch);
    this.writer.write(record, scratch.bytes, scratch.length, transcripts, out);
    return facts;
  }
}
