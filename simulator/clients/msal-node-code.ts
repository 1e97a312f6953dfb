import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node';
import { authority, claimsOf, control, register, say } from './setting.ts';

const redirectUri = 'http://localhost:8080/callback';
const { appId, secret } = await register({ displayName: 'Web', redirectUris: { web: [redirectUri] }, secret: {} });
const clientSecret = secret?.secretText ?? '';
const app = new ConfidentialClientApplication({ auth: { clientId: appId, clientSecret, authority } });

const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
const asked = { scopes: ['User.Read'], redirectUri, state: 's', nonce: 'n' };
const url = await app.getAuthCodeUrl({ ...asked, codeChallenge: challenge, codeChallengeMethod: 'S256' });

// The browser: the page's form goes back with the name of who signs in.
const { value } = await control('users');
const [{ userPrincipalName }] = value as [{ userPrincipalName: string }];
const page = await (await fetch(url)).text();
const fields = page
  .split('<form')[1]
  ?.split('</form>')[0]
  ?.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
const body = new URLSearchParams({ login: userPrincipalName });
for (const [, name = '', text = ''] of fields ?? [])
  body.set(name, text.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
const signedIn = await fetch(url.split('?')[0] ?? '', { method: 'POST', body, redirect: 'manual' });
const { searchParams } = new URL(signedIn.headers.get('location') ?? '');
const code = searchParams.get('code') ?? '';

const got = await app.acquireTokenByCode(
  { ...asked, code, codeVerifier: verifier },
  { code, state: searchParams.get('state') ?? '' },
);
const { account } = got;
const silent =
  account === null ? undefined : await app.acquireTokenSilent({ account, scopes: asked.scopes, forceRefresh: true });
say({
  own: account?.username === userPrincipalName,
  refreshed: silent?.fromCache === false,
  scope: claimsOf(silent?.accessToken ?? '')['scp'],
});
