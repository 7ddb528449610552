/** The text of a file, compressed or not. */
import { inflate } from '../anntools/bgzf/reader.ts';
import { ByteSource, fileChunks } from '../anntools/bgzf/source.ts';

export function inflated(path: string): AsyncGenerator<Uint8Array> {
  return inflate(new ByteSource(fileChunks(path)));
}
