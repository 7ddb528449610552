import { expect, test } from 'bun:test';
import { archiveStatuses, jobStatuses, type ArchiveStatus, type JobStatus } from '../../jobs/job.ts';
import { moves, type Move } from '../../jobs/lifecycle.ts';

type Place = `${JobStatus} ${ArchiveStatus | 'none'}`;

/** Everywhere a job can get to from where it starts, and the moves that lead there. */
function reachable(): Map<Place, string[]> {
  const found = new Map<Place, string[]>([['PENDING none', []]]);
  const open: Place[] = ['PENDING none'];
  for (let at = open.shift(); at; at = open.shift()) {
    const [status, archive] = at.split(' ') as [JobStatus, ArchiveStatus | 'none'];
    for (const [name, move] of Object.entries(moves) as [string, Move][]) {
      if (!move.status.includes(status) || !move.archive.includes(archive)) continue;
      const next: Place = `${move.to.status ?? status} ${move.to.archive ?? archive}`;
      if (found.has(next)) continue;
      found.set(next, [...(found.get(at) ?? []), name]);
      open.push(next);
    }
  }
  return found;
}

test('every status can be reached, and by the way the design tells', () => {
  const places = reachable();
  for (const status of jobStatuses) expect([...places.keys()].some((place) => place.startsWith(status))).toBe(true);
  for (const archive of archiveStatuses.filter((one) => one !== 'DELETED')) {
    expect([...places.keys()].some((place) => place.endsWith(archive))).toBe(true);
  }
  expect(places.get('COMPLETED RESTORING')).toEqual([
    'claim',
    'complete',
    'schedule',
    'beginArchive',
    'commitArchive',
    'thaw',
    'beginRestore',
  ]);
});

test('a finished job never runs again', () => {
  for (const [name, move] of Object.entries(moves) as [string, Move][]) {
    const startsFinished = move.status.some((status) => status !== 'PENDING' && status !== 'RUNNING');
    if (startsFinished) expect([name, move.to.status]).toEqual([name, undefined]);
  }
});

test('only a completed job has a result to move about', () => {
  for (const place of reachable().keys()) {
    const [status, archive] = place.split(' ');
    if (archive !== 'none' && archive !== 'DELETING') expect(status).toBe('COMPLETED');
  }
});

test('a result is archived only by way of a recorded intent', () => {
  const commits = (Object.values(moves) as Move[]).filter((move) => move.to.archive === 'ARCHIVED');
  for (const move of commits) expect(['ARCHIVING', 'ARCHIVED']).toContain(move.archive[0] as string);
});
