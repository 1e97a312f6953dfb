import { activateConnection, createConnection, markTested, setSecret } from '#connections';
import type { UpdateConnection } from '#contract';
import { byItself } from '#events';
import { type Browser, openBrowser, type Page } from './browser.ts';
import type { Stage } from './stage.ts';
import type { Upstream } from './upstream.ts';

/** Adds an active connection to an OpenID provider to a stage. */
export async function connectUpstream(
  { world, organizationId }: Stage,
  upstream: Pick<Upstream, 'issuer' | 'clientId' | 'secret'>,
  id: string,
  { name = 'Another', ...settings }: UpdateConnection = {},
): Promise<void> {
  await createConnection(world, byItself, organizationId, {
    id,
    name,
    provider: 'openid',
    startFrom: upstream.issuer,
    clientId: upstream.clientId,
    registration: 'on',
    ...settings,
  });
  await setSecret(world, byItself, organizationId, id, { value: upstream.secret });
  await markTested(world, byItself, organizationId, id, 1);
  await activateConnection(world, byItself, organizationId, id);
}

/** Signs in by a connection whose provider asks nothing. */
export async function signInBy(
  { url }: Stage,
  id: string,
  browser: Browser = openBrowser(),
): Promise<Page & { browser: Browser }> {
  return { ...(await browser.open(`${url}/oauth/login/${id}`)), browser };
}
