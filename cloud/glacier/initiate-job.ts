/**
 * InitiateJob: a retrieval of an archive or of the vault's inventory, which is that of this moment; AWS's may be a day
 * old. Whether topics exist is not asked: a job of a topic that is gone completes, and nobody is told.
 */
import { AwsError, notImplemented } from '../errors.ts';
import type { JsonObject } from '../wire/json.ts';
import { objectMember, readJson, stringMember } from '../wire/json.ts';
import { archivesOf, contentOf, findArchive, type Archive } from './archives.ts';
import { receive, treeHashOf } from './contents.ts';
import { invalidParameter, missingParameter, notFound } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { location, randomId, readDescription, transaction, vaultArn } from './glacier.ts';
import type { InventoryRequest } from './inventory.ts';
import { select, write } from './inventory.ts';
import type { JobRequest, Tier } from './jobs.ts';
import { isTreeHashAligned, mebibyte } from './tree-hash.ts';
import { getVault } from './vaults.ts';

export async function initiateJob(glacier: Glacier, request: GlacierRequest): Promise<Response> {
  const parameters = await readJson(request);
  getVault(glacier, request.vault);
  const id = randomId(92);
  const type = stringMember(parameters, 'Type');
  if (type === 'archive-retrieval') await initiateArchiveRetrieval(glacier, request.vault, id, parameters);
  else if (type === 'inventory-retrieval') await initiateInventory(glacier, request.vault, id, parameters);
  else if (type === 'select') throw notImplemented('Glacier', 'InitiateJob with Type select');
  else if (type === undefined) throw missingParameter('Type');
  else throw invalidParameter(`Invalid job type: ${type}`);
  glacier.jobs.wake();
  const path = location(request.vault, 'jobs', id);
  return new Response(null, {
    status: 202,
    headers: { location: path, 'x-amz-job-id': id, 'x-amz-job-output-path': `${path}/output` },
  });
}

async function initiateArchiveRetrieval(
  glacier: Glacier,
  vault: string,
  id: string,
  parameters: JsonObject,
): Promise<void> {
  const archiveId = stringMember(parameters, 'ArchiveId');
  if (!archiveId) throw missingParameter('ArchiveId');
  const tier = readTier(parameters);
  const archive = findArchive(glacier, vault, archiveId);
  if (!archive) throw notFound(`The archive ID was not found: ${archiveId}`);
  const { start, end } = readRange(stringMember(parameters, 'RetrievalByteRange'), archive);
  const { settings } = glacier.parts;
  if (tier === 'Expedited' && !settings.expeditedCapacity()) {
    throw new AwsError(
      'InsufficientCapacityException',
      503,
      'Insufficient capacity to process this expedited request. This error only applies to expedited retrievals ' +
        'and not to standard or bulk retrievals.',
    );
  }
  const request: JobRequest = {
    type: 'archive-retrieval',
    ...readCommon(parameters),
    tier,
    archive: archive.id,
    archiveDescription: archive.description,
    archiveSize: archive.size,
    archiveTreeHash: archive.treeHash,
    start,
    end,
    treeHash: await rangeTreeHash(glacier, archive, start, end),
  };
  transaction(glacier, () => {
    getVault(glacier, vault);
    glacier.jobs.insert({ id, vault, request, content: null, delayMs: settings.retrievalMs[tier] });
  });
}

async function initiateInventory(glacier: Glacier, vault: string, id: string, parameters: JsonObject): Promise<void> {
  const { parts } = glacier;
  const inventory = readInventory(parameters);
  const now = parts.clock.now();
  const { archives, next } = select(archivesOf(glacier, vault), inventory);
  const output = write(inventory.format, vaultArn(parts, vault), now, archives);
  const body = await receive(glacier, new Blob([output]).stream());
  const request: JobRequest = {
    type: 'inventory-retrieval',
    ...readCommon(parameters),
    inventory,
    size: body.size,
    nextMarker: next === undefined ? null : String(next),
  };
  transaction(glacier, () => {
    getVault(glacier, vault);
    const content = contentOf(glacier, body);
    glacier.jobs.insert({ id, vault, request, content, delayMs: parts.settings.retrievalMs.Standard });
    parts.store.db.query('UPDATE glacier_vaults SET inventory_at = ? WHERE name = ?').run(now, vault);
  });
}

function readCommon(parameters: JsonObject): Pick<JobRequest, 'description' | 'snsTopic'> {
  const description = stringMember(parameters, 'Description');
  return {
    description: description === undefined ? null : readDescription(description),
    snsTopic: readTopic(stringMember(parameters, 'SNSTopic')),
  };
}

function readTopic(topic: string | undefined): string | null {
  if (topic === undefined) return null;
  if (/^arn:aws:sns:[\w-]+:\d{12}:.+$/.test(topic)) return topic;
  throw invalidParameter(`Invalid SNS topic ARN: ${topic}`);
}

function readTier(parameters: JsonObject): Tier {
  const tier = stringMember(parameters, 'Tier') ?? 'Standard';
  if (tier === 'Expedited' || tier === 'Standard' || tier === 'Bulk') return tier;
  throw invalidParameter(`Invalid tier: ${tier}. Valid tiers are Expedited, Standard, Bulk.`);
}

/** `0-1048575`: begins and ends at a MiB, or ends with the archive. */
function readRange(text: string | undefined, archive: Archive): { start: number; end: number } {
  if (text === undefined) return { start: 0, end: archive.size };
  const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  const start = Number(first);
  const end = Number(last) + 1;
  if (first === undefined || start >= end || end > archive.size) {
    throw invalidParameter(`Invalid retrieval byte range: ${text}`);
  }
  if (start % mebibyte !== 0 || (end % mebibyte !== 0 && end !== archive.size)) {
    throw invalidParameter(`The retrieval byte range ${text} is not megabyte aligned.`);
  }
  return { start, end };
}

async function rangeTreeHash(glacier: Glacier, archive: Archive, start: number, end: number): Promise<string | null> {
  if (start === 0 && end === archive.size) return archive.treeHash;
  if (!isTreeHashAligned(start, end, archive.size)) return null;
  return await treeHashOf(glacier, archive.content, start, end);
}

function readInventory(parameters: JsonObject): InventoryRequest {
  if (parameters['ArchiveId'] !== undefined)
    throw invalidParameter('ArchiveId is not allowed for inventory retrieval.');
  const format = stringMember(parameters, 'Format') ?? 'JSON';
  if (format !== 'JSON' && format !== 'CSV') throw invalidParameter(`Invalid format: ${format}`);
  const given = objectMember(parameters, 'InventoryRetrievalParameters') ?? {};
  const start = readDate(given, 'StartDate');
  const end = readDate(given, 'EndDate');
  const limit = readCount(given, 'Limit');
  const from = readCount(given, 'Marker');
  return {
    format,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(limit === undefined ? {} : { limit }),
    ...(from === undefined ? {} : { from }),
  };
}

function readDate(given: JsonObject, member: string): number | undefined {
  const text = stringMember(given, member);
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw invalidParameter(`Invalid ${member}: ${text}`);
  return ms;
}

function readCount(given: JsonObject, member: string): number | undefined {
  const text = stringMember(given, member);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw invalidParameter(`Invalid ${member}: ${text}`);
  return Number(text);
}
