import * as oidc from 'openid-client';
import type { ClientInput } from '#contract';
import { byItself } from '#events';
import { createClient } from '#signin';
import { type Browser, openBrowser, type Page } from './browser.ts';
import type { Stage } from './stage.ts';

/** A product behind Portico, on a stock OpenID client library. */
export interface Product {
  clientId: string;
  secret: string;
  callback: string;
  afterLogout: string;
  config: oidc.Configuration;
  /** Begins a sign-in: the address to open, and what to check the answer with. */
  begin(parameters?: Record<string, string>): Promise<{ url: string; checks: oidc.AuthorizationCodeGrantChecks }>;
  /** Signs a person in all the way, and redeems the code. */
  signIn(
    person: { userPrincipalName: string },
    options?: { browser?: Browser; parameters?: Record<string, string> },
  ): Promise<{ browser: Browser; tokens: Awaited<ReturnType<typeof oidc.authorizationCodeGrant>> }>;
  /** Goes on in a browser from an address of the provider to the product's callback. */
  reach(url: string, person: { userPrincipalName: string }, browser: Browser): Promise<URL>;
}

/** The interaction that the answer to an authorization request began. */
export const uidOf = ({ headers }: Pick<Page, 'headers'>): string =>
  /\bportico_interaction=([\w-]+);/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '';

/** Registers a product. */
export async function addProduct(
  stage: Stage,
  name = 'Product',
  at = 'http://localhost:9',
  settings: Partial<ClientInput> = {},
): Promise<Product> {
  const callback = settings.redirectUris?.[0] ?? `${at}/${name.toLowerCase()}/callback`;
  const afterLogout = `${at}/${name.toLowerCase()}/bye`;
  const { id, secret } = await createClient(stage.world, byItself, {
    name,
    redirectUris: [callback],
    postLogoutRedirectUris: [afterLogout],
    ...settings,
  });
  const config = await oidc.discovery(
    new URL(`${stage.url}/oidc`),
    id,
    secret ?? undefined,
    secret === null ? oidc.None() : undefined,
    {
      execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
    },
  );
  const isBack = (location: string) => location.startsWith(callback);

  const product: Product = {
    clientId: id,
    secret: secret ?? '',
    callback,
    afterLogout,
    config,
    begin: async (parameters = {}) => {
      const [pkceCodeVerifier, expectedState, expectedNonce] = [
        oidc.randomPKCECodeVerifier(),
        oidc.randomState(),
        oidc.randomNonce(),
      ];
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid profile email',
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
        nonce: expectedNonce,
        ...parameters,
      });
      return { url: url.href, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
    },
    reach: async (url, person, browser) => {
      let page: Page = await browser.open(url, isBack);
      for (let form = 0; form < 3 && !isBack(page.url); form++) {
        const fields = /name="email"/.test(page.html)
          ? { email: person.userPrincipalName }
          : { login: person.userPrincipalName };
        page = await browser.submit(page, fields, isBack);
      }
      return new URL(page.url);
    },
    signIn: async (person, { browser = openBrowser(), parameters = {} } = {}) => {
      const { url, checks } = await product.begin(parameters);
      const answer = await product.reach(url, person, browser);
      return { browser, tokens: await oidc.authorizationCodeGrant(config, answer, checks) };
    },
  };
  return product;
}
