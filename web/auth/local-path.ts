/** Where to go after signing in: only a path of our own, whatever the address bar said. */

/** The path if it leads to a page of ours, else the fallback. `//evil.example`, `/\evil.example` do not. */
export function localPath(wanted: string | null, fallback: string): string {
  if (!wanted || !/^\/(?![/\\])[\u0021-\u007e]*$/.test(wanted)) return fallback;
  const url = new URL(wanted, 'http://ours.invalid');
  return url.origin === 'http://ours.invalid' ? url.pathname + url.search : fallback;
}
