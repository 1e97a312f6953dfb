import { AuthError, ConfidentialClientApplication } from '@azure/msal-node';
import { authority, claimsOf, clientId, clientSecret, say, scopes } from './setting.ts';

const app = new ConfidentialClientApplication({ auth: { clientId, clientSecret, authority } });
const first = await app.acquireTokenByClientCredential({ scopes });
const second = await app.acquireTokenByClientCredential({ scopes });

const wrong = new ConfidentialClientApplication({ auth: { clientId, clientSecret: 'wrong', authority } });
const refused = await wrong.acquireTokenByClientCredential({ scopes }).catch((error: unknown) => error);

say({
  audience: claimsOf(first?.accessToken ?? '')['aud'],
  secondFromCache: second?.fromCache,
  refused: refused instanceof AuthError && [refused.errorCode, 'errorNo' in refused && refused.errorNo],
});
