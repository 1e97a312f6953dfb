// Signing in from a page that has no server of its own: OpenID Connect with PKCE, by the library that servers use too. Tokens
// are kept in memory only: a page that is loaded anew asks Portico again, which answers at once while the person is signed in.
import * as oidc from 'openid-client';

/**
 * @typedef {object} Settings
 * @property {string} issuer of Portico: its address and `/oidc`
 * @property {string} clientId of a client of the kind `spa`
 * @property {string} redirectUri the page itself
 * @property {string} resource identifier of the API that the page calls
 * @property {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} storage what outlives the way to Portico and back: sessionStorage
 * @property {oidc.CustomFetch} [fetch]
 */

/** @typedef {{ setItem(name: string, value: string): void, getItem(name: string): string | null, removeItem(name: string): void }} Storage */

/** @param {Settings} settings */
export async function createSignIn({ issuer, clientId, redirectUri, resource, storage, fetch }) {
  const portico = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
    // For http on this very machine; leave it out where Portico is https.
    execute: [oidc.allowInsecureRequests],
    ...(fetch === undefined ? {} : { [oidc.customFetch]: fetch }),
  });
  /** @type {(oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers) | undefined} */
  let tokens;
  let idToken = '';
  let endsAt = 0;
  /** @param {NonNullable<typeof tokens>} got */
  const keep = (got) => {
    tokens = got;
    idToken = got.id_token ?? idToken;
    endsAt = Date.now() + (got.expiresIn() ?? 0) * 1000;
  };

  return {
    /** The address to send the browser to. */
    async begin() {
      const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
      storage.setItem('sign-in', JSON.stringify({ verifier, state, nonce }));
      const parameters = {
        redirect_uri: redirectUri,
        scope: 'openid profile email tasks:read',
        resource,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      };
      return oidc.buildAuthorizationUrl(portico, parameters).href;
    },

    /**
     * Takes what the browser came back with; says who signed in.
     * @param {URL} here
     */
    async complete(here) {
      const { verifier, state, nonce } = JSON.parse(storage.getItem('sign-in') ?? '{}');
      storage.removeItem('sign-in');
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      const got = await oidc.authorizationCodeGrant(portico, here, checks, { resource });
      keep(got);
      return got.claims();
    },

    /** A token for the API: the one at hand, or the next one. Each refresh token is good once and brings its successor. */
    async accessToken() {
      if (tokens === undefined) throw new Error('nobody is signed in');
      if (Date.now() > endsAt - 30_000) await this.refresh();
      return tokens.access_token;
    },

    async refresh() {
      if (tokens?.refresh_token === undefined) throw new Error('nobody is signed in');
      keep(await oidc.refreshTokenGrant(portico, tokens.refresh_token, { resource }));
    },

    /** Where the browser goes to sign out: here, of every product, and back to the page. */
    signOut() {
      tokens = undefined;
      return this.endSession();
    },

    endSession() {
      return oidc.buildEndSessionUrl(portico, { id_token_hint: idToken, post_logout_redirect_uri: redirectUri }).href;
    },
  };
}
