/**
 * What no annotator here can be faster than, as processes of their own: `bun bench/limits.ts copy IN OUT` inflates,
 * finds the columns of every line, and deflates; `deflate IN OUT` only deflates, `inflate IN OUT` only inflates.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { EOF_BLOCK } from '../anntools/bgzf/block.ts';
import { inflated } from './inflated.ts';
import { BgzfWriter } from '../anntools/bgzf/writer.ts';
import { VcfRecord } from '../anntools/vcf/record.ts';

const [what, input = '', output = ''] = process.argv.slice(2);
const writer = new BgzfWriter(1);
const file = openSync(output, 'w');

if (what === 'deflate') deflateAlone();
else if (what === 'inflate') for await (const text of inflated(input)) writeSync(file, text);
else await copy();
closeSync(file);

function put(): void {
  writer.settle();
  if (writer.out.length < 1 << 18) return;
  writeSync(file, writer.out.view());
  writer.out.clear();
}

function end(): void {
  writer.flush();
  writeSync(file, writer.out.view());
  writeSync(file, EOF_BLOCK);
}

function deflateAlone(): void {
  const text = readFileSync(input);
  for (let at = 0; at < text.length; at += 1 << 16) {
    writer.text.append(text, at, Math.min(text.length, at + (1 << 16)));
    put();
  }
  end();
}

async function copy(): Promise<void> {
  const record = new VcfRecord();
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of inflated(input)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    for (let newline = bytes.indexOf(10); newline >= 0; newline = bytes.indexOf(10, at)) {
      if (bytes[at] !== 35) record.parse(bytes, at, newline, 0);
      writer.text.append(bytes, at, newline + 1);
      at = newline + 1;
    }
    rest = bytes.subarray(at);
    put();
  }
  end();
}
