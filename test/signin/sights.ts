import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { activateConnection, createConnection, createOrganization, markTested, setSecret } from '#connections';
import { byItself } from '#events';
import { createClient } from '#signin';
import { startSinglePage } from '../../demo/single-page.ts';
import type { WatchedPage } from '../console/watched-page.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

/** A stage with products and everything that people can be shown. */
export interface SightsStage {
  stage: Stage;
  /** A web application of ours, one of somebody else, and a command line. */
  web: Product;
  foreign: Product;
  terminal: Product;
  singlePage: { url: string };
  /** Turns parts of the tenant's sign-in on or off. */
  tenantAsks(signIn: Record<string, unknown>): Promise<unknown>;
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Sets it: two organizations, so that nobody is sent anywhere before saying who they are. */
export async function setSights(): Promise<SightsStage> {
  const stage = await setStage('sqlite', { settings: { registration: 'on' } });
  const { world, entra } = stage;
  const other = await createOrganization(world, byItself, { name: 'Fabrikam' });
  await createConnection(world, byItself, other.id, {
    id: 'fabrikam',
    name: 'Fabrikam',
    startFrom: entra.fabrikam.domain,
    clientId: '11111111-2222-4333-8444-555555555555',
    domains: [entra.fabrikam.domain],
  });
  await setSecret(world, byItself, other.id, 'fabrikam', { value: 'abc8Q~abcdefghijklmnopqrstuvwxyz0123456' });
  await markTested(world, byItself, other.id, 'fabrikam', 1);
  await activateConnection(world, byItself, other.id, 'fabrikam');

  const server = createServer((_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><html lang="en"><title>Product</title><h1>Product</h1></html>'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://localhost:${(server.address() as AddressInfo).port}`;
  const told = { portico: stage.url, clientId: '', resource: 'https://tasks.fabulous.example' };
  const singlePage = await startSinglePage(0, () => told);
  const { resource } = told;
  const scopes = ['tasks:read'];
  await createClient(world, byItself, {
    name: 'Fabulous Tasks API',
    kind: 'api',
    identifier: resource,
    apiScopes: scopes,
    tokenFormat: 'jwt',
  });
  const page = await createClient(world, byItself, {
    name: 'Fabulous Tasks',
    kind: 'spa',
    redirectUris: [`${singlePage.url}/`],
    postLogoutRedirectUris: [`${singlePage.url}/`],
    resources: [{ resource, scopes }],
  });
  told.clientId = page.id;
  const control = (method: string, path: string, body?: unknown) =>
    entra.control(method, `/tenants/${entra.contoso.id}${path}`, body);
  return {
    stage,
    web: await addProduct(stage, 'Product', at),
    foreign: await addProduct(stage, 'Clipper', at, { firstParty: false }),
    terminal: await addProduct(stage, 'Terminal', at, {
      kind: 'native',
      redirectUris: ['http://127.0.0.1/callback'],
      deviceFlow: true,
    }),
    singlePage,
    tenantAsks: (signIn) => control('PATCH', '', { signIn }),
    control,
    close: async () => {
      await singlePage.stop();
      await closed(server);
      await stage.close();
    },
  };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** What a person does at a browser on the way in. */
export const steps = {
  giveEmail: async (page: Page, email: string) => {
    await page.fill('input[name=email]', email);
    await page.click('button:has-text("Next")');
  },
  chooseAtTenant: async (page: Page, login: string) => {
    await page.fill('input[name=login]', login);
    await page.click('button:has-text("Sign in")');
  },
};

/** A page of sign-in that people see, and how they get there in a browser that was never here before. */
export interface Sight {
  name: string;
  open(sights: SightsStage, watched: WatchedPage): Promise<void>;
}

const personOf = ({ stage }: SightsStage) => first(stage.people);

/** Signs somebody in without a product. */
async function signedIn(sights: SightsStage, { page }: WatchedPage): Promise<void> {
  await page.goto('/oauth/login/contoso');
  await steps.chooseAtTenant(page, personOf(sights).userPrincipalName);
  await page.waitForURL((url) => url.origin === sights.stage.url);
}

/** An answer of the tenant that refuses, as it comes back to a sign-in that this browser began. */
async function refused({ stage }: SightsStage, { page }: WatchedPage, code: number, error: string): Promise<void> {
  await page.goto('/oauth/login/contoso');
  const state = new URL(page.url()).searchParams.get('state') ?? '';
  const answer = new URLSearchParams({
    state,
    error,
    error_description: `AADSTS${code}: Refused. Trace ID: 11111111-1111-4111-8111-111111111111 Correlation ID: 22222222-2222-4222-8222-222222222222 Timestamp: 2026-11-21 10:00:00Z`,
  });
  await page.goto(`${stage.url}/oauth/login/contoso/callback?${answer}`);
}

const refusal = (name: string, code: number, error: string): Sight => ({
  name: `sign-in-${name}`,
  open: (sights, watched) => refused(sights, watched, code, error),
});

/** Every page of ours on the way in, through and out. */
export const sights: readonly Sight[] = [
  {
    name: 'sign-in-email',
    open: async ({ web }, { page }) => void (await page.goto((await web.begin()).url)),
  },
  {
    name: 'sign-in-unknown-address',
    open: async (_, { page }) => {
      await page.goto('/login');
      await steps.giveEmail(page, 'nobody@nowhere.example');
      await page.waitForSelector('h1');
    },
  },
  {
    name: 'sign-in-person',
    open: async (sights, watched) => {
      await signedIn(sights, watched);
      await watched.page.goto('/me');
    },
  },
  {
    name: 'sign-in-signed-out',
    open: async (_, { page }) => void (await page.goto('/login?signed-out=contoso')),
  },
  {
    name: 'sign-in-sign-out',
    open: async (sights, watched) => {
      const { page } = watched;
      await signedIn(sights, watched);
      await page.goto((await sights.web.begin()).url);
      await page.goto('/oidc/session/end');
      await page.waitForSelector('h1:has-text("Do you want to sign out?")');
    },
  },
  refusal('cancelled', 65004, 'access_denied'),
  refusal('consent-missing', 65001, 'consent_required'),
  refusal('approval-pending', 90094, 'access_denied'),
  refusal('unassigned', 50105, 'interaction_required'),
  {
    name: 'sign-in-refused-for-administrators',
    open: async (sights, watched) => {
      await refused(sights, watched, 50105, 'interaction_required');
      await watched.page.click('summary');
    },
  },
  {
    name: 'sign-in-over',
    open: async (_, { page }) => void (await page.goto('/login/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG')),
  },
  {
    name: 'sign-in-bad-request',
    open: async (_, { page }) => {
      await page.goto('/oidc/auth?client_id=nobody');
      await page.click('summary');
    },
  },
  {
    name: 'sign-in-consent',
    open: async (sights, watched) => {
      await signedIn(sights, watched);
      await watched.page.goto((await sights.foreign.begin({ scope: 'openid profile email groups' })).url);
    },
  },
  {
    name: 'sign-in-device',
    open: async (_, { page }) => void (await page.goto('/oidc/device')),
  },
];
