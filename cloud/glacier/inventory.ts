/** The inventory of a vault: its archives, as JSON or CSV, as they were at one moment. */
import type { Archive } from './archives.ts';

/** Which archives an inventory shows. */
export interface InventoryRequest {
  format: 'JSON' | 'CSV';
  /** Milliseconds since 1970; archives made then or later. */
  start?: number;
  /** Archives made before. */
  end?: number;
  limit?: number;
  /** Number of the archive to begin with. */
  from?: number;
}

/** The archives of the inventory, and the number the next one would begin with, when the limit leaves some out. */
export function select(
  archives: readonly Archive[],
  { start = -Infinity, end = Infinity, limit = Infinity, from = 0 }: InventoryRequest,
): { archives: Archive[]; next?: number } {
  const wanted = archives.filter(({ number, createdAt }) => number >= from && createdAt >= start && createdAt < end);
  const next = wanted[limit]?.number;
  return { archives: wanted.slice(0, limit), ...(next === undefined ? {} : { next }) };
}

/** The inventory as the job's output. */
export function write(format: 'JSON' | 'CSV', vaultArn: string, dateMs: number, archives: readonly Archive[]): string {
  if (format === 'CSV') return [csvHeader, ...archives.map(csvLine)].map((line) => `${line}\r\n`).join('');
  return JSON.stringify({
    VaultARN: vaultArn,
    InventoryDate: seconds(dateMs),
    ArchiveList: archives.map((archive) => ({
      ArchiveId: archive.id,
      ArchiveDescription: archive.description,
      CreationDate: seconds(archive.createdAt),
      Size: archive.size,
      SHA256TreeHash: archive.treeHash,
    })),
  });
}

const csvHeader = 'ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash';

function csvLine({ id, description, createdAt, size, treeHash }: Archive): string {
  return [id, `"${description.replaceAll('"', '""')}"`, seconds(createdAt), size, treeHash].join();
}

/** Inventories tell times to the second. */
function seconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
