import { X509Certificate } from 'node:crypto';
import { importPKCS8 } from 'jose';
import * as client from 'openid-client';
import { approve, authority, certificate, claimsOf, people, privateKey, register, say, signIn } from './setting.ts';

const server = new URL(`${authority}/v2.0`);
const redirect_uri = 'http://localhost:8080/callback';
const redirectUris = { web: [redirect_uri] };
const certificates = [certificate];
const { appId, secret } = await register({
  displayName: 'Web',
  redirectUris,
  certificates,
  secret: {},
  isFallbackPublicClient: true,
});
const [anna = ''] = await people();

// A device shows its code while the rest goes on: the library waits before its first poll.
const tool = await client.discovery(server, appId, undefined, client.None());
const device = await client.initiateDeviceAuthorization(tool, { scope: 'openid User.Read' });
approve(device.user_code, anna);
const polled = client.pollDeviceAuthorizationGrant(tool, device);

const web = await client.discovery(server, appId, secret?.secretText ?? '');
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const url = client.buildAuthorizationUrl(web, {
  redirect_uri,
  scope: 'openid profile email offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
});
const back = await signIn(url.href, anna);
const tokens = await client.authorizationCodeGrant(web, back, { pkceCodeVerifier, expectedState, expectedNonce });
const subject = tokens.claims()?.sub ?? '';
const { email } = await client.fetchUserInfo(web, tokens.access_token, subject);
const refreshed = await client.refreshTokenGrant(web, tokens.refresh_token ?? '');

// Entra wants the certificate by its digest and the token endpoint as the audience, where the library has a kid and the issuer.
const digest = Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(':', ''), 'hex').toString(
  'base64url',
);
const key = await importPKCS8(privateKey, 'PS256');
const daemon = await client.discovery(
  server,
  appId,
  undefined,
  client.PrivateKeyJwt(key, {
    [client.modifyAssertion]: (header, payload) => {
      header['x5t#S256'] = digest;
      payload['aud'] = web.serverMetadata().token_endpoint ?? '';
    },
  }),
);
const own = await client.clientCredentialsGrant(daemon, { scope: 'https://graph.microsoft.com/.default' });

say({
  issuer: tokens.claims()?.iss === server.href,
  email: email === anna,
  refreshed: refreshed.claims()?.sub === subject,
  daemon: claimsOf(own.access_token)['appidacr'],
  device:
    (await polled).claims()?.['preferred_username'] === undefined &&
    claimsOf((await polled).access_token)['upn'] === anna,
});
