/**
 * SHA-256 tree hashes (S3 Glacier Developer Guide, "Computing checksums"): the hash of each MiB, then hashes of pairs
 * of hashes, level by level, an odd one moving up as it is, until one is left. Worked out while bytes stream by, in
 * memory that grows with the logarithm of their number.
 */
import { createHash, type Hash } from 'node:crypto';

/** The size of a leaf, in bytes. */
export const mebibyte = 1024 * 1024;

/** Hashes of equal pieces in order, and a last one that may be shorter, become one. */
class HashTree {
  /** At each level the hash that still waits for the one to its right. */
  readonly #waiting: (Buffer | undefined)[] = [];

  add(hash: Buffer): void {
    let level = 0;
    let carried = hash;
    for (let left = this.#waiting[level]; left; left = this.#waiting[level]) {
      carried = sha256(left, carried);
      this.#waiting[level++] = undefined;
    }
    this.#waiting[level] = carried;
  }

  /** Hex. */
  root(): string {
    let root: Buffer | undefined;
    for (const left of this.#waiting) if (left) root = root ? sha256(left, root) : left;
    return (root ?? sha256()).toString('hex');
  }
}

/** The tree hash of a stream of bytes. */
export class TreeHash {
  readonly #tree = new HashTree();
  #leaf: Hash = createHash('sha256');
  #leafSize = 0;

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + mebibyte - this.#leafSize);
      this.#leaf.update(piece);
      this.#leafSize += piece.length;
      at += piece.length;
      if (this.#leafSize === mebibyte) this.#endLeaf();
    }
  }

  /** Hex. Nothing may be added afterwards. */
  digest(): string {
    if (this.#leafSize > 0) this.#endLeaf();
    return this.#tree.root();
  }

  #endLeaf(): void {
    this.#tree.add(this.#leaf.digest());
    this.#leaf = createHash('sha256');
    this.#leafSize = 0;
  }
}

/** The tree hash of bytes whose parts' tree hashes (hex) are known: parts of one power of two MiB, the last maybe less. */
export function combineTreeHashes(parts: readonly string[]): string {
  const tree = new HashTree();
  for (const part of parts) tree.add(Buffer.from(part, 'hex'));
  return tree.root();
}

/**
 * Whether the hash of a part of an archive is a node of the archive's tree ("tree-hash aligned"): then AWS tells it.
 * `end` is the first byte after the part.
 */
export function isTreeHashAligned(start: number, end: number, archiveSize: number): boolean {
  if (start % mebibyte !== 0 || (end % mebibyte !== 0 && end !== archiveSize)) return false;
  const leaves = Math.ceil((end - start) / mebibyte);
  const span = 2 ** Math.ceil(Math.log2(leaves));
  return (start / mebibyte) % span === 0 && (leaves === span || end === archiveSize);
}

function sha256(...pieces: Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}
