import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { setStage } from '../../demo/stage.ts';
import { buildConsole } from '../../scripts/build-console.ts';
import { startChromium } from './browser.ts';
import { type FilledStage, fillStage } from './filled-stage.ts';
import { emptyPages, faultyPages, type PlainPage, pages } from './pages.ts';
import { signInAs } from './sign-in.ts';
import { views, type WatchedPage, watchPage } from './watched-page.ts';

const meant404 = /404 \(Not Found\)/;
const meant401 = /401 \(Unauthorized\)/;

let browser: Browser;
before(async () => {
  await buildConsole();
  browser = await startChromium();
});
after(() => browser.close());

const [light = assert.fail(), dark = assert.fail(), narrow = assert.fail()] = views;

/**
 * Each page is looked at in the view of the one before first, and light comes between the two that differ from it in one thing
 * each, since to turn costs as much as to open.
 */
let inTurn = [dark, light, narrow];

/** Opens a page and asserts in each view that its words are there and that nothing went wrong. */
async function look(watched: WatchedPage, { path, shows }: PlainPage): Promise<void> {
  await watched.open(path);
  for (const view of inTurn) {
    await watched.turnTo(view);
    for (const words of shows)
      await watched.page.getByText(words).first().waitFor({ state: 'attached', timeout: 5_000 });
    assert.deepEqual(await watched.findings(), [], view.name);
  }
  inTurn = inTurn.toReversed();
}

describe('on the data of the journey', () => {
  let filled: FilledStage;
  before(async () => {
    filled = await fillStage();
  });
  after(() => filled.stage.close());

  describe('light, dark and narrow: no error, no violation of the policy, nothing too wide, nothing for axe', () => {
    let watched: WatchedPage;
    before(async () => {
      watched = await watchPage(browser, filled.stage.porticoUrl, light, meant404);
      await signInAs(filled.stage, 'owner', watched);
    });
    after(() => watched.close());
    for (const page of pages) test(page.name, () => look(watched, { ...page, path: page.path(filled.sights) }));
    for (const page of faultyPages) test(page.name, () => look(watched, page));
  });

  test('who is not signed in learns how to get a link', async () => {
    const watched = await watchPage(browser, filled.stage.porticoUrl, light, meant401);
    await watched.open('/connections');
    await watched.page.getByText('portico operators link').waitFor();
    assert.deepEqual(await watched.findings(), []);
    await watched.close();
  });

  test('a reader sees every page, and each action that is out of reach says which right it takes', async () => {
    const watched = await watchPage(browser, filled.stage.porticoUrl, light, meant404);
    await signInAs(filled.stage, 'reader', watched);
    await watched.open('/connections/contoso');
    assert.equal(await watched.page.getByRole('link', { name: 'Messages' }).count(), 0);
    const pause = watched.page.getByRole('button', { name: 'Pause' });
    assert.equal(await pause.getAttribute('aria-disabled'), 'true');
    await pause.hover();
    await watched.page.getByText('This takes the right connections:update').filter({ visible: true }).waitFor();
    await watched.page.mouse.move(0, 0);
    await watched.page.getByRole('tooltip').filter({ visible: true }).waitFor({ state: 'detached' });
    assert.deepEqual(await watched.findings(), []);
    await watched.close();
  });
});

test('where nothing is yet', async () => {
  const stage = await setStage({ ports: { portico: 0, tenant: 0, product: 0 } });
  const watched = await watchPage(browser, stage.porticoUrl, light);
  try {
    await signInAs(stage, 'owner', watched);
    for (const page of emptyPages) await look(watched, page);
  } finally {
    await watched.close();
    await stage.close();
  }
});
