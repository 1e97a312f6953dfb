import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node';
import { authority, claimsOf, people, register, say, signIn } from './setting.ts';

const redirectUri = 'http://localhost:8080/callback';
const { appId, secret } = await register({ displayName: 'Web', redirectUris: { web: [redirectUri] }, secret: {} });
const clientSecret = secret?.secretText ?? '';
const app = new ConfidentialClientApplication({ auth: { clientId: appId, clientSecret, authority } });

const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
const asked = { scopes: ['User.Read'], redirectUri, state: 's', nonce: 'n' };
const url = await app.getAuthCodeUrl({ ...asked, codeChallenge: challenge, codeChallengeMethod: 'S256' });
const [anna = ''] = await people();
const { searchParams } = await signIn(url, anna);
const code = searchParams.get('code') ?? '';

const got = await app.acquireTokenByCode(
  { ...asked, code, codeVerifier: verifier },
  { code, state: searchParams.get('state') ?? '' },
);
const { account } = got;
const silent =
  account === null ? undefined : await app.acquireTokenSilent({ account, scopes: asked.scopes, forceRefresh: true });
say({
  own: account?.username === anna,
  refreshed: silent?.fromCache === false,
  scope: claimsOf(silent?.accessToken ?? '')['scp'],
});
