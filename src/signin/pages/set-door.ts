import type { EntraWorld } from '#connections';
import { recordFailedAuthentication } from '#events';
import { html, isOwnOrigin, pageResponse, readText, type Source } from '#http';
import { findLinkOfToken } from '../local/local-link.ts';
import { trimPasskeyName, usualPasskeyName } from '../local/name-of-passkey.ts';
import { addPasskey } from '../local/passkeys.ts';
import { type PasswordHasher, TooBusy } from '../local/password-hash.ts';
import { findLocalAccountById, type LocalAccount, setPassword } from '../local/set-password.ts';
import { causeOfPerson } from '../sessions/session.ts';
import { linkOverPage, setPage, wasSetPage } from './set-page.ts';

const formLimit = 40_000;

/** Answers `/login/set`: a one-time link lets its holder set a password or make a passkey. */
export async function answerSet(
  world: EntraWorld,
  hasher: PasswordHasher,
  request: Request,
  source: Source,
): Promise<Response> {
  const isPost = request.method === 'POST';
  if (isPost && !isOwnOrigin(request, world.config.url)) return notFromHere(world);
  const form = isPost ? new URLSearchParams(await readText(request, formLimit)) : new URL(request.url).searchParams;
  const token = form.get('token') ?? '';
  const found = await findTarget(world, source, token);
  if ('waitMs' in found) return linkOverPage(found.waitMs > 0 ? 429 : undefined);
  const { account, linkId } = found;
  const page = (fault?: string) => setPage(world, { account, linkId, token, userAgent: source.userAgent }, fault);
  if (!isPost) return page();
  const cause = causeOfPerson(source, account);
  const credential = form.get('credential');
  if (credential !== null) {
    const name = trimPasskeyName(form.get('name') ?? '') || usualPasskeyName(source.userAgent);
    const refused = await addPasskey(world, cause, account, { by: linkId, credential, name, linkId });
    if (refused === undefined) return wasSetPage('passkey', account.organizationId);
    return refused === 'used' ? linkOverPage() : page('The passkey was not accepted. Try again, or choose a password.');
  }
  try {
    const password = form.get('password') ?? '';
    const refused = await setPassword(world, hasher, cause, account, { password, linkId, sessionId: null });
    if (refused === undefined) return wasSetPage('password', account.organizationId);
    return 'fault' in refused ? page(refused.fault) : linkOverPage();
  } catch (error) {
    if (!(error instanceof TooBusy)) throw error;
    return page('Too many people are busy here. Try again in a few seconds.');
  }
}

/** Whose a link is. Nobody guesses one, so that failures of others at the same address keep nobody from their own. */
async function findTarget(
  world: EntraWorld,
  source: Source,
  token: string,
): Promise<{ account: LocalAccount; linkId: string } | { waitMs: number }> {
  const link = await findLinkOfToken(world, token);
  const account =
    link === undefined ? undefined : await findLocalAccountById(world, link.organizationId, link.accountId);
  if (link !== undefined && account !== undefined) return { account, linkId: link.id };
  return {
    waitMs: await recordFailedAuthentication(world, source, { door: 'set link', why: 'the link is not valid' }),
  };
}

const notFromHere = (world: EntraWorld): Promise<Response> =>
  pageResponse({
    title: 'Not from here',
    status: 403,
    body: html`<h1>Not from here</h1><p>The form was sent by another page. Open the link at ${world.config.url}.</p>`,
  });
