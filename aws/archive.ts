/**
 * Cold storage in four words: store, ask back, fetch, delete. Two back ends speak them, the Glacier vault
 * (`vault.ts`) and S3's Glacier Flexible Retrieval class (`glacier-class.ts`); configuration chooses. Each proves
 * what it moved by the SHA-256 that was computed when the result was made.
 */
import type { Place } from './objects.ts';

export type RetrievalTier = 'Expedited' | 'Standard' | 'Bulk';

/** An object in S3 with what is known about it. */
export interface ProvenObject extends Place {
  bytes: number;
  /** SHA-256 in hex. */
  sha256: string;
  contentType: string;
}

export type Retrieval =
  | { state: 'in progress' }
  | { state: 'ready' }
  /** Cold storage gave up, or its output has expired; ask again. */
  | { state: 'gone'; reason: string };

/** One archive of an inventory. */
export interface StoredArchive {
  archiveId: string;
  /** The job it was made for, from its description or key. */
  jobId: string;
  /** ISO 8601. */
  created: string;
}

export interface ArchiveStore {
  /**
   * Copies an object into cold storage and compares what arrived with its SHA-256. The object stays where it is.
   * @returns the archive's id
   */
  store(object: ProvenObject, description: string, signal: AbortSignal): Promise<string>;
  /** Removes the object that was stored, once the archive has been committed. */
  release(object: Place): Promise<void>;
  /** Asks an archive back; Expedited falls back to Standard when there is no capacity. */
  askBack(
    archiveId: string,
    tier: RetrievalTier,
    description: string,
  ): Promise<{ retrievalId: string; tier: RetrievalTier }>;
  check(archiveId: string, retrievalId: string): Promise<Retrieval>;
  /** Writes the retrieved bytes to `object` and compares them with its SHA-256. @throws NotTheBytes */
  fetch(archiveId: string, retrievalId: string, object: ProvenObject): Promise<void>;
  /**
   * Every archive there is, as cold storage knows it; null when it has been asked and does not know yet (a vault's
   * inventory is made about once a day and takes hours to fetch).
   */
  inventory(): Promise<StoredArchive[] | null>;
  /** Deletes an archive; one that is gone already is fine. */
  delete(archiveId: string): Promise<void>;
}

/** Bytes that came out are not the bytes that went in. */
export class NotTheBytes extends Error {
  constructor(what: string, expected: string, got: string) {
    super(`${what}: SHA-256 is ${got}, expected ${expected}`);
    this.name = 'NotTheBytes';
  }
}
