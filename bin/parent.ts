/**
 * What a program says to whoever started it, `gas` by the line between parent and child or systemd by its socket, and
 * what it is told: whether it follows an older one of its kind, which still runs.
 */

/**
 * Whether this program shares its port with the one it follows, so that both take requests until the older one is
 * stopped (GAS_HANDOVER, set by `gas` and by the units). Not by default: else two on one port are a mistake.
 */
export const handsOver = process.env['GAS_HANDOVER'] === 'yes';

/** Says that this program does its work now. */
export function sayReady(): void {
  process.send?.('ready');
  tellSystemd('READY=1');
}

/** Says six times in the time systemd allows (WatchdogSec) that this program still turns. */
export function feedWatchdog(): void {
  const allowedMs = Number(process.env['WATCHDOG_USEC'] ?? 0) / 1000;
  if (allowedMs > 0) setInterval(() => tellSystemd('WATCHDOG=1'), allowedMs / 6).unref();
}

/** By a command of its own, since Bun has no Unix sockets for datagrams. */
function tellSystemd(state: string): void {
  if (!process.env['NOTIFY_SOCKET']) return;
  Bun.spawn(['systemd-notify', state], { stdio: ['ignore', 'ignore', 'inherit'] }).unref();
}
