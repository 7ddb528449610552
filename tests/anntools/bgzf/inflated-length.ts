/** Prints how many bytes a compressed file holds: a process whose memory a test can measure. */
import { inflate } from '../../../anntools/bgzf/reader.ts';
import { ByteSource, fileChunks } from '../../../anntools/bgzf/source.ts';

let length = 0;
for await (const chunk of inflate(new ByteSource(fileChunks(process.argv[2] ?? '')))) length += chunk.length;
process.stdout.write(String(length));
