import { AuthError, PublicClientApplication } from '@azure/msal-node';
import { approve, authority, claimsOf, decline, people, register, say } from './setting.ts';

const scopes = ['User.Read'];
const { appId: clientId } = await register({ displayName: 'Tool', isFallbackPublicClient: true });
const app = new PublicClientApplication({ auth: { clientId, authority } });
const [anna = ''] = await people();
const got = await app.acquireTokenByDeviceCode({
  scopes,
  deviceCodeCallback: ({ userCode }) => approve(userCode, anna),
});
const silent =
  got?.account == null ? undefined : await app.acquireTokenSilent({ account: got.account, scopes, forceRefresh: true });

const declined = await app
  .acquireTokenByDeviceCode({ scopes, deviceCodeCallback: ({ userCode }) => decline(userCode) })
  .catch((error: unknown) => error);
const web = await register({ displayName: 'Web' });
const closed = await new PublicClientApplication({ auth: { clientId: web.appId, authority } })
  .acquireTokenByDeviceCode({ scopes, deviceCodeCallback: () => {} })
  .catch((error: unknown) => error);
const codeOf = (error: unknown) => error instanceof AuthError && [error.errorCode, error.errorMessage];
say({
  own: got?.account?.username === anna,
  scope: claimsOf(silent?.accessToken ?? '')['scp'],
  declined: codeOf(declined),
  closed: codeOf(closed),
});
