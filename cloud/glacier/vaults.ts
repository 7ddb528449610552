/** Vaults as they are stored and shown. */
import { notFound } from './errors.ts';
import type { Glacier } from './glacier.ts';
import { vaultArn } from './glacier.ts';

/** A vault. */
export interface Vault {
  name: string;
  createdAt: number;
  inventoryAt: number | null;
  snsTopic: string | null;
  /** JSON list of events the topic is told. */
  events: string;
}

const columns = 'name, created_at AS createdAt, inventory_at AS inventoryAt, sns_topic AS snsTopic, events';

/** The vault of that name. Throws ResourceNotFoundException. */
export function getVault({ parts }: Glacier, name: string): Vault {
  const row = parts.store.db.query<Vault, [string]>(`SELECT ${columns} FROM glacier_vaults WHERE name = ?`).get(name);
  if (!row) throw notFound(`Vault not found for ARN: ${vaultArn(parts, name)}`);
  return row;
}

/** All vaults by name. */
export function allVaults({ parts }: Glacier): Vault[] {
  return parts.store.db.query<Vault, []>(`SELECT ${columns} FROM glacier_vaults ORDER BY name`).all();
}

/** What DescribeVault shows. The number and size of archives are those of now; AWS's are those of the last inventory. */
export function describe({ parts }: Glacier, vault: Vault): Record<string, unknown> {
  const totals = parts.store.db
    .query<{ archives: number; size: number }, [string]>(
      'SELECT count(*) AS archives, coalesce(sum(size), 0) AS size FROM glacier_archives WHERE vault = ?',
    )
    .get(vault.name);
  return {
    CreationDate: new Date(vault.createdAt).toISOString(),
    LastInventoryDate: vault.inventoryAt === null ? null : new Date(vault.inventoryAt).toISOString(),
    NumberOfArchives: totals?.archives ?? 0,
    SizeInBytes: totals?.size ?? 0,
    VaultARN: vaultArn(parts, vault.name),
    VaultName: vault.name,
  };
}
