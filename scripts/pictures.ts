// Pictures of every page of the console and of sign-in, and some of the simulator's control page, in docs/pictures: `npm run pictures`. Fails where a page has a fault.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setStage } from '../demo/stage.ts';
import { startChromium } from '../test/console/browser.ts';
import { fillStage } from '../test/console/filled-stage.ts';
import { emptyPages, faultyPages, pages } from '../test/console/pages.ts';
import { signInAs } from '../test/console/sign-in.ts';
import { type View, views, type WatchedPage, watchPage } from '../test/console/watched-page.ts';
import { buildConsole } from './build-console.ts';
import { takeSignInPictures } from './pictures-sign-in.ts';
import { takeSimulatorPictures } from './pictures-simulator.ts';

const folder = resolve(import.meta.dirname, '../docs/pictures');
/** In bytes. */
const largest = 150_000;
/** Longer pages are cut here, in pixels; those that would be too large as files, earlier. */
const longest = 1200;
const meant = /(?:401 \(Unauthorized\)|404 \(Not Found\))/;

await buildConsole();
const browser = await startChromium();
const { stage, sights } = await fillStage();
const bare = await setStage({ ports: { portico: 0, tenant: 0, product: 0 } });
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
let faults = 0;
try {
  for (const view of views) {
    const watched = await watchPage(browser, stage.porticoUrl, view, meant);
    await watched.open('/');
    await take(watched, view, 'sign-in');
    await signInAs(stage, 'owner', watched);
    for (const { name, path } of pages) await show(watched, view, name, path(sights));
    for (const { name, path } of faultyPages) await show(watched, view, name, path);
    await watched.close();

    const empty = await watchPage(browser, bare.porticoUrl, view, meant);
    await signInAs(bare, 'owner', empty);
    for (const { name, path } of emptyPages) await show(empty, view, name, path);
    await empty.close();
  }
  await takeSignInPictures(browser, take);
  await takeSimulatorPictures(browser, take);
} finally {
  await browser.close();
  await stage.close();
  await bare.close();
}
console.log(faults === 0 ? 'no page has a fault' : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

async function show(watched: WatchedPage, view: View, name: string, path: string): Promise<void> {
  await watched.open(path);
  await take(watched, view, name);
}

async function take(watched: WatchedPage, view: View, name: string): Promise<void> {
  const found = await watched.findings();
  const whole = await watched.page.evaluate<number>('document.documentElement.scrollHeight');
  let height = Math.min(longest, Math.max(view.height, whole));
  let picture = await shoot(watched, view, height);
  while (picture.length > largest) {
    height = Math.floor((height * 0.97 * largest) / picture.length);
    picture = await shoot(watched, view, height);
  }
  writeFileSync(join(folder, `${name}.${view.name}.png`), picture);
  await watched.page.setViewportSize(view);
  console.log(`${found.length === 0 ? 'ok    ' : 'FAULT '} ${view.name.padEnd(6)} ${name}`);
  for (const fault of found) console.log(`         ${fault}`);
  faults += found.length;
}

/** The page as it stands, from its top down to `height`. */
async function shoot({ page }: WatchedPage, { width }: View, height: number): Promise<Buffer> {
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(100);
  return page.screenshot();
}
