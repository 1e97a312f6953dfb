import { changeOrganization } from '#connections';
import type { Account } from '#contract';
import { byItself } from '#events';
import { createLocalAccount } from '#signin';
import { openBrowser, type Page } from './browser.ts';
import type { Stage } from './stage.ts';

/** A password that the rules take. */
export const goodPassword = 'vier Worte, die bleiben';

/** Lets the people of an organization have passwords and passkeys. */
export const allowLocal = (stage: Stage, organization = stage.organizationId) =>
  changeOrganization(stage.world, byItself, organization, { localSignIn: true }, undefined);

/** Adds an account that signs in here. */
export const addPerson = (
  stage: Stage,
  email: string,
  name = 'Lena Local',
  organization = stage.organizationId,
): Promise<Account & { link: { url: string } }> =>
  createLocalAccount(stage.world, byItself, organization, { email, name, role: null });

/** Adds an account, and sets its password by its link. */
export async function addPersonWithPassword(
  stage: Stage,
  email: string,
  password = goodPassword,
): Promise<Account & { link: { url: string } }> {
  const account = await addPerson(stage, email);
  await post(stage, '/login/set', { token: tokenOf(account.link.url), password });
  return account;
}

/** The token in a link. */
export const tokenOf = (url: string): string => new URL(url).searchParams.get('token') ?? '';

/** Sends a form as our own page would, from an address; without a browser's cookies unless one is given. */
export function post(
  stage: Stage,
  path: string,
  fields: Record<string, string>,
  { browser = openBrowser(), origin = stage.url }: { browser?: ReturnType<typeof openBrowser>; origin?: string } = {},
): Promise<Page> {
  return browser.ask(`${stage.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin },
  });
}

/** Tries to sign in by e-mail address and password. */
export const tryPassword = (
  stage: Stage,
  email: string,
  password: string,
  browser = openBrowser(),
  organization = stage.organizationId,
): Promise<Page> => post(stage, '/login', { organization, email, password }, { browser });
