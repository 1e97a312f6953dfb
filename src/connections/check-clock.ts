import type { Check } from '#contract';
import { metadataUrlOf } from '#entra';
import type { LiveConnection } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { authorityOf } from './settings.ts';
import { cloudOf } from './starting-point.ts';

/** Id tokens are taken with this much difference of clocks, and no more. */
const tolerated = 60;
const noticeable = 20;

/** Compares this machine's clock with the `Date` of an answer of Microsoft Entra. */
export async function checkClock(world: EntraWorld, { settings }: LiveConnection): Promise<Check | readonly Check[]> {
  const about = {
    name: 'entra.clock',
    title: 'Clock',
    matters: `Tokens say from when until when they are valid; a clock that is more than ${tolerated} seconds off refuses good ones.`,
    link: null,
  };
  if (settings.provider !== 'entra') return [];
  const cloud = cloudOf(world, settings.cloud);
  const asked = world.now();
  const date = await readDate(world.fetch, metadataUrlOf(cloud, authorityOf(settings)));
  const here = (asked + world.now()) / 2;
  if (date === undefined) {
    return {
      ...about,
      outcome: 'waiting',
      saw: `${new URL(cloud.loginOrigin).host} gave no time to compare with.`,
      next: 'Repeat the checks once discovery passes.',
    };
  }
  // HTTP dates have whole seconds, cut off.
  const seconds = Math.round((here - date - 500) / 1000);
  const off = Math.abs(seconds);
  const saw =
    off <= 1
      ? 'This machine and Microsoft Entra agree to the second.'
      : `This machine's clock is ${inWords(off)} ${seconds > 0 ? 'ahead of' : 'behind'} Microsoft Entra's.`;
  if (off <= noticeable) return { ...about, outcome: 'passed', saw, next: null };
  return {
    ...about,
    outcome: off > tolerated ? 'failed' : 'warning',
    saw,
    next: 'Set the clock of this machine by a time server: timedatectl set-ntp true, or the settings of its host.',
  };
}

/** Epoch milliseconds of the `Date` header; undefined where no answer came or it says none. */
async function readDate(fetch: typeof globalThis.fetch, url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    await answer.body?.cancel();
    const date = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(date) ? undefined : date;
  } catch {
    return undefined;
  }
}

const inWords = (seconds: number): string =>
  seconds < 120
    ? `${seconds} seconds`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} minutes`
      : `${Math.round(seconds / 3600)} hours`;
