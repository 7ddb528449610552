/** A stream passed on and hashed on the way, so that what was moved can be compared with what was meant. */
import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';

/** `sha256()` answers in hex, once the stream has been read to its end. Errors of the source reach the reader. */
export function hashed(source: Readable): { stream: Readable; sha256: () => string } {
  const hash = createHash('sha256');
  const passing = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      done(null, piece);
    },
  });
  source.on('error', (error) => passing.destroy(error));
  return { stream: source.pipe(passing), sha256: () => hash.digest('hex') };
}
