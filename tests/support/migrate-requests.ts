/**
 * The kernel's switch that hands connections nobody has taken yet from a listener that closes to the one beside it, as
 * install.sh sets it. Without it (and it takes root), a connection may be reset when a program is followed by another.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const path = '/proc/sys/net/ipv4/tcp_migrate_req';

/** Switches it on; answers whether it is, and what to call to have it as it was. */
export function migrateRequests(): { isOn: boolean; restore: () => void } {
  if (!existsSync(path)) return { isOn: false, restore: () => undefined };
  const before = readFileSync(path, 'utf8');
  try {
    writeFileSync(path, '1');
    return { isOn: true, restore: () => writeFileSync(path, before) };
  } catch {
    return { isOn: before.trim() === '1', restore: () => undefined };
  }
}
