import { X509Certificate } from 'node:crypto';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  EnvironmentCredential,
} from '@azure/identity';
import { importPKCS8, SignJWT } from 'jose';
import {
  authority,
  certificate,
  claimsOf,
  clientId,
  clientSecret,
  pemFile,
  privateKey,
  register,
  say,
  scopes,
  tenantId,
} from './setting.ts';

const { appId } = await register({ displayName: 'Daemon', certificates: [certificate] });
const digest = Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(':', ''), 'hex');
const assertion = async (): Promise<string> => {
  const exp = Math.floor(Date.now() / 1000) + 600;
  return new SignJWT({ iss: appId, sub: appId, aud: `${authority}/oauth2/v2.0/token`, exp })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': digest.toString('base64url') })
    .sign(await importPKCS8(privateKey, 'PS256'));
};
const credentials = {
  environment: new EnvironmentCredential(),
  secret: new ClientSecretCredential(tenantId, clientId, clientSecret),
  certificate: new ClientCertificateCredential(tenantId, appId, pemFile),
  assertion: new ClientAssertionCredential(tenantId, appId, assertion),
};
const seen = await Promise.all(
  Object.entries(credentials).map(async ([name, credential]) => {
    const { token } = await credential.getToken(scopes);
    return [name, claimsOf(token)['appid'] === (name === 'environment' || name === 'secret' ? clientId : appId)];
  }),
);
say(Object.fromEntries(seen));
