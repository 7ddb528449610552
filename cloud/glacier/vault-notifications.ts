/** SetVaultNotifications, GetVaultNotifications, DeleteVaultNotifications: the topic that is told of finished jobs. */
import { readJson, stringListMember, stringMember } from '../wire/json.ts';
import { invalidParameter, missingParameter, notFound } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { vaultArn } from './glacier.ts';
import { getVault } from './vaults.ts';

/** What a vault's topic can be told. */
export type VaultEvent = 'ArchiveRetrievalCompleted' | 'InventoryRetrievalCompleted';

const vaultEvents: readonly string[] = ['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted'];

export async function setVaultNotifications(glacier: Glacier, request: GlacierRequest): Promise<Response> {
  const config = await readJson(request);
  const topic = stringMember(config, 'SNSTopic');
  const events = stringListMember(config, 'Events');
  getVault(glacier, request.vault);
  if (!topic) throw missingParameter('SNSTopic');
  if (events.length === 0) throw missingParameter('Events');
  const unknown = events.find((event) => !vaultEvents.includes(event));
  if (unknown !== undefined) throw invalidParameter(`Invalid event: ${unknown}`);
  glacier.parts.store.db
    .query('UPDATE glacier_vaults SET sns_topic = ?, events = ? WHERE name = ?')
    .run(topic, JSON.stringify(events), request.vault);
  return new Response(null, { status: 204 });
}

export function getVaultNotifications(glacier: Glacier, request: GlacierRequest): Response {
  const { snsTopic, events } = getVault(glacier, request.vault);
  if (snsTopic === null) {
    throw notFound(`No notification configuration is set for vault: ${vaultArn(glacier.parts, request.vault)}`);
  }
  return Response.json({ SNSTopic: snsTopic, Events: JSON.parse(events) as string[] });
}

export function deleteVaultNotifications(glacier: Glacier, request: GlacierRequest): Response {
  getVault(glacier, request.vault);
  glacier.parts.store.db
    .query("UPDATE glacier_vaults SET sns_topic = NULL, events = '[]' WHERE name = ?")
    .run(request.vault);
  return new Response(null, { status: 204 });
}
