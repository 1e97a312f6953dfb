import { OnBehalfOfCredential } from '@azure/identity';
import { ConfidentialClientApplication, InteractionRequiredAuthError } from '@azure/msal-node';
import { authority, claimsOf, people, register, say, signIn, tenantId } from './setting.ts';

const redirectUri = 'http://localhost:8080/callback';
const redirectUris = { web: [redirectUri] };
const web = await register({ displayName: 'Web', redirectUris, secret: {} });
const api = await register({ displayName: 'API', identifierUris: ['api://api'], redirectUris, secret: {} });
const clientOf = ({ appId: clientId, secret }: typeof web) =>
  new ConfidentialClientApplication({ auth: { clientId, clientSecret: secret?.secretText ?? '', authority } });
const [anna = ''] = await people();

/** Signs Anna in to an app, and gives her access token. */
async function tokenOf(app: ConfidentialClientApplication, scopes: string[]): Promise<string> {
  const url = await app.getAuthCodeUrl({ scopes, redirectUri });
  const { searchParams } = await signIn(url, anna);
  return (await app.acquireTokenByCode({ scopes, redirectUri, code: searchParams.get('code') ?? '' })).accessToken;
}

const scopes = ['https://graph.microsoft.com/User.Read'];
const oboAssertion = await tokenOf(clientOf(web), ['api://api/read']);
const refused = await clientOf(api)
  .acquireTokenOnBehalfOf({ oboAssertion, scopes })
  .catch((error: unknown) => error);

await tokenOf(clientOf(api), scopes);
const byMsal = await clientOf(api).acquireTokenOnBehalfOf({ oboAssertion, scopes });
const credential = new OnBehalfOfCredential({
  tenantId,
  clientId: api.appId,
  clientSecret: api.secret?.secretText ?? '',
  userAssertionToken: oboAssertion,
});
const byIdentity = await credential.getToken(scopes);
say({
  refused: refused instanceof InteractionRequiredAuthError && [refused.errorCode, refused.subError],
  tokens: [byMsal?.accessToken ?? '', byIdentity.token]
    .map(claimsOf)
    .map(({ upn, appid }) => [upn === anna, appid === api.appId]),
});
