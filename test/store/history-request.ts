import { seeded } from '../support/faults/seeded.js';
import type { Play } from '../testing/play-history.js';

/** Where a Worker of these tests plays a history of so many calls. */
export function historyUrl(calls: number): string {
  return `http://worker/history?calls=${calls}`;
}

/** What a request asks to be played; null for any other request. */
export function playOf(request: Request): Omit<Play, 'create'> | null {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname !== '/history') return null;
  return planOf(Number(searchParams.get('calls')));
}

/** Six clients that share so many calls. */
export function planOf(calls: number): Omit<Play, 'create'> {
  return { random: seeded(1).next, clients: 6, callsEach: Math.ceil(calls / 6) };
}
