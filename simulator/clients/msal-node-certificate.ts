import { X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { authority, certificate, claimsOf, privateKey, register, say, scopes } from './setting.ts';

const { appId } = await register({ displayName: 'Daemon', certificates: [certificate] });
const thumbprintSha256 = new X509Certificate(certificate).fingerprint256.replaceAll(':', '');
const clientCertificate = { privateKey, thumbprintSha256 };
const app = new ConfidentialClientApplication({ auth: { clientId: appId, clientCertificate, authority } });
const token = await app.acquireTokenByClientCredential({ scopes });
say({ own: claimsOf(token?.accessToken ?? '')['appid'] === appId });
