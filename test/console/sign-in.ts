import type { Role } from '#contract';
import type { Stage } from '../../demo/stage.ts';
import type { WatchedPage } from './watched-page.ts';

/** Adds an operator of a role and signs the browser in by the one-time link, as a person would. */
export async function signInAs({ operator }: Stage, role: Role, { page, settle }: WatchedPage): Promise<void> {
  const names: Record<Role, string> = { owner: 'Olivia Owner', administrator: 'Adam Admin', reader: 'Rita Reader' };
  const { signInLink } = await operator('operators.create', { body: { name: names[role], role } });
  await openLink(page, signInLink.url);
  await settle();
}

/** Opens a one-time link and presses its button. */
async function openLink(page: WatchedPage['page'], url: string): Promise<void> {
  await page.goto(url);
  await page.locator('button, input[type=submit]').first().click();
  await page.waitForURL((at) => at.pathname === '/');
}
