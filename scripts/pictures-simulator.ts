import type { Browser } from 'playwright-core';
import { fillWorld } from '../simulator/test-filled-world.ts';
import { startTestEntra } from '../simulator/test-tenant.ts';
import { type View, views, type WatchedPage, watchPage } from '../test/console/watched-page.ts';

/** Pages of the simulator's control page that the docs show. */
const pages = ['overview', 'faults', 'requests', 'provisioning'];

/** Takes pictures of the simulator's control page, full of what happened. */
export async function takeSimulatorPictures(
  browser: Browser,
  take: (watched: WatchedPage, view: View, name: string) => Promise<void>,
): Promise<void> {
  await using entra = await startTestEntra({ users: 250 });
  await fillWorld(entra);
  for (const view of views) {
    for (const name of pages) {
      // A page for each: taking a picture puts in a style that the next one's policy would note.
      const watched = await watchPage(browser, entra.url, view);
      await watched.open(name === 'overview' ? '/_control' : `/_control/view/${name}`);
      await take(watched, view, `simulator-${name}`);
      await watched.close();
    }
  }
}
