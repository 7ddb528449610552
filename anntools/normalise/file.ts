/** A whole VCF, read and normalised as it streams by. The result is text, or BGZF where its name ends in `gz`. */
import { EOF_BLOCK } from '../bgzf/block.ts';
import { inflate } from '../bgzf/reader.ts';
import { ByteSource } from '../bgzf/source.ts';
import { BgzfWriter } from '../bgzf/writer.ts';
import { openOutput, type ByteSink } from '../pipeline/output.ts';
import { parseHeader } from '../vcf/header.ts';
import { Normaliser, type NormaliseOptions } from './normaliser.ts';

export interface NormaliseRequest {
  /** The bytes of the file: text, gzip or BGZF. */
  input: AsyncIterable<Uint8Array>;
  output: string | ByteSink;
  options: NormaliseOptions;
}

const COMPRESSION = 5;

/** Answers how many records were read and written. @throws InputError when the file or a record is refused. */
export async function normaliseFile({ input, output: target, options }: NormaliseRequest): Promise<{
  read: number;
  written: number;
}> {
  const source = new ByteSource(input);
  const output = await openOutput(target);
  const writer = new BgzfWriter(COMPRESSION);
  const compress = typeof target === 'string' && /gz$/i.test(target);
  const counts = { read: 0, written: 0 };
  const header: string[] = [];
  let normaliser: Normaliser | null = null;

  const put = (line: string) => writer.text.append(Buffer.from(`${line}\n`, 'latin1'));
  const begin = () => {
    parseHeader(Buffer.from(header.map((line) => `${line}\n`).join(''), 'latin1'));
    for (const line of header.slice(0, -1)) put(line);
    const { originalTag } = options;
    if (originalTag !== undefined) {
      put(
        `##INFO=<ID=${originalTag},Number=1,Type=String,Description="What the record was: CHROM|POS|REF|ALT|ALT used">`,
      );
    }
    put(header[header.length - 1]);
    return new Normaliser(header, options, (line) => {
      counts.written++;
      put(line);
    });
  };
  const take = (line: string) => {
    if (normaliser === null && line.startsWith('#')) header.push(line);
    else if (line !== '') {
      normaliser ??= begin();
      counts.read++;
      normaliser.push(line);
    }
  };
  const settle = async (all: boolean) => {
    const from = compress ? writer.out : writer.text;
    if (compress && all) writer.flush();
    else if (compress) writer.settle();
    await output.write(from.view());
    from.clear();
  };

  try {
    let rest = '';
    for await (const chunk of inflate(source)) {
      const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line.replace(/\r$/, ''));
      await settle(false);
    }
    take(rest.replace(/\r$/, ''));
    normaliser ??= begin();
    normaliser.end();
    await settle(true);
    if (compress) await output.write(EOF_BLOCK);
    await output.commit();
  } finally {
    await output.abandon();
    await source.close();
  }
  return counts;
}
