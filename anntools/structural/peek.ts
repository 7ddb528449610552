/** Is a VCF one of structural variants? Told by its first records, so that nobody has to say. */
import { inflate } from '../bgzf/reader.ts';
import { ByteSource, fileChunks } from '../bgzf/source.ts';
import { TextLines } from '../annotation-files/text-lines.ts';
import { InputError } from '../errors.ts';
import { AltAlleles } from '../vcf/alleles.ts';
import { VcfRecord } from '../vcf/record.ts';
import { hasStructural } from './events.ts';

/** So many records are looked at. */
const PEEKED = 200;

/** Whether most of the first records have structural ALTs. A file that cannot be read is for its reader to refuse. */
export async function isStructuralVcf(path: string): Promise<boolean> {
  const record = new VcfRecord();
  const alleles = new AltAlleles();
  let records = 0;
  let structural = 0;
  const lines = new TextLines((bytes, start, end, line) => {
    if (end === start || bytes[start] === 35 || records >= PEEKED) return;
    record.parse(bytes, start, end, line);
    alleles.parse(record);
    records++;
    if (hasStructural(alleles)) structural++;
  });
  const source = new ByteSource(fileChunks(path));
  try {
    for await (const chunk of inflate(source)) {
      lines.push(chunk);
      if (records >= PEEKED) break;
    }
    if (records < PEEKED) lines.end();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    return false;
  } finally {
    await source.close();
  }
  return structural * 2 > records;
}
