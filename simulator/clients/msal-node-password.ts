import { AuthError, PublicClientApplication } from '@azure/msal-node';
import { authority, claimsOf, passwordOf, people, register, say } from './setting.ts';

const { appId: clientId } = await register({ displayName: 'Tool', isFallbackPublicClient: true });
const app = new PublicClientApplication({ auth: { clientId, authority } });
const [username = ''] = await people();
const asked = { scopes: ['User.Read'], username };
const got = await app.acquireTokenByUsernamePassword({ ...asked, password: await passwordOf(username) });
const wrong = await app.acquireTokenByUsernamePassword({ ...asked, password: 'no' }).catch((error: unknown) => error);
say({
  own: claimsOf(got?.accessToken ?? '')['upn'] === username,
  wrong: wrong instanceof AuthError && [wrong.errorCode, 'errorNo' in wrong && wrong.errorNo],
});
