import type { Browser } from 'playwright-core';
import { type View, views, type WatchedPage, watchPage } from '../test/console/watched-page.ts';
import { setSights, sights } from '../test/signin/sights.ts';

/** Answers that are refusals on purpose. */
const meant = /(?:400 \(Bad Request\)|404 \(Not Found\))/;

/** Takes pictures of every page of ours that people see on the way in, through and out. */
export async function takeSignInPictures(
  browser: Browser,
  take: (watched: WatchedPage, view: View, name: string) => Promise<void>,
): Promise<void> {
  const all = await setSights();
  try {
    for (const view of views) {
      for (const { name, open } of sights) {
        const watched = await watchPage(browser, all.stage.url, view, meant);
        await open(all, watched);
        await watched.settle();
        await take(watched, view, name);
        await watched.close();
      }
    }
  } finally {
    await all.close();
  }
}
