/** Prints how many bytes a compressed file holds, and the most memory that this process held meanwhile. */
import { inflate } from '../../../anntools/bgzf/reader.ts';
import { ByteSource, fileChunks } from '../../../anntools/bgzf/source.ts';

let length = 0;
let peak = 0;
let chunks = 0;
for await (const chunk of inflate(new ByteSource(fileChunks(process.argv[2] ?? '')))) {
  length += chunk.length;
  if (chunks++ % 64 === 0) peak = Math.max(peak, process.memoryUsage.rss());
}
process.stdout.write(JSON.stringify({ length, peak }));
