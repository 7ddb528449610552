/**
 * Glacier's SHA-256 tree hash, fed piece by piece: leaves are the hashes of 1 MiB chunks, parents hash pairs, an odd
 * one moves up ("Computing checksums", Amazon S3 Glacier Developer Guide). Keeps a hash a level, not the leaves.
 */
import { createHash, type Hash } from 'node:crypto';

const CHUNK_BYTES = 1 << 20;

export class TreeHash {
  #chunk: Hash = createHash('sha256');
  #chunkBytes = 0;
  /** Levels of the unfinished tree, as in a binary counter: `#levels[i]` covers 2^i chunks, or is absent. */
  #levels: (Buffer | undefined)[] = [];
  #any = false;

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const take = Math.min(CHUNK_BYTES - this.#chunkBytes, bytes.length - at);
      this.#chunk.update(bytes.subarray(at, at + take));
      this.#chunkBytes += take;
      at += take;
      if (this.#chunkBytes === CHUNK_BYTES) this.#closeChunk();
    }
  }

  /** The hash in hex. Of no bytes at all: SHA-256 of nothing. */
  digest(): string {
    if (this.#chunkBytes > 0 || !this.#any) this.#closeChunk();
    let root: Buffer | undefined;
    for (const level of this.#levels) {
      if (!level) continue;
      root = root ? pair(level, root) : level;
    }
    return (root as Buffer).toString('hex');
  }

  #closeChunk(): void {
    let hash: Buffer = this.#chunk.digest();
    this.#chunk = createHash('sha256');
    this.#chunkBytes = 0;
    this.#any = true;
    let level = 0;
    for (; this.#levels[level]; level++) {
      hash = pair(this.#levels[level] as Buffer, hash);
      this.#levels[level] = undefined;
    }
    this.#levels[level] = hash;
  }
}

function pair(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(left).update(right).digest();
}
