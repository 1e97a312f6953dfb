import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { exportJWK, SignJWT } from 'jose';
import {
  approve,
  certificate,
  clientId,
  clientSecret,
  passwordOf,
  pemFile,
  people,
  register,
  say,
  tenantId,
} from './setting.ts';

/**
 * Runs `az` with a folder of its own for what it remembers, a refusal included; telemetry off. `onText` sees what it prints for
 * people while it runs.
 */
async function az(
  folder: string,
  args: readonly string[],
  more: Record<string, string> = {},
  onText?: (text: string) => void,
) {
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, AZURE_CONFIG_DIR: folder, AZURE_CORE_COLLECT_TELEMETRY: '0', ...more };
  const child = spawn('az', [...args, '--output', 'json'], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
    onText?.(err);
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

const folderOf = (name: string): string => `${process.env['HOME']}/az-${name}`;
const [anna = ''] = await people();

/** Signs in, and says as whom of what kind it then runs. */
async function login(
  name: string,
  args: readonly string[],
  more?: Record<string, string>,
  onText?: (text: string) => void,
) {
  const { code, out, err } = await az(folderOf(name), ['login', '--allow-no-subscriptions', ...args], more, onText);
  if (code !== 0) return err;
  const [{ user, tenantId: tenant }] = JSON.parse(out) as [{ user: { name: string; type: string }; tenantId: string }];
  return [user.name === anna || user.name === clientId || user.name === appId, user.type, tenant === tenantId];
}

/** Somebody else's tokens: an issuer that the app trusts. */
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const issuer = createServer(async ({ url }, response) => {
  const key = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
  response.end(
    JSON.stringify(url?.endsWith('keys') ? { keys: [key] } : { issuer: origin, jwks_uri: `${origin}/keys` }),
  );
});
await once(issuer.listen(0, 'localhost'), 'listening');
const origin = `http://localhost:${(issuer.address() as AddressInfo).port}`;
const federated = await new SignJWT({ iss: origin, sub: 'a workload', aud: 'api://AzureADTokenExchange' })
  .setProtectedHeader({ alg: 'RS256', kid: 'one' })
  .setExpirationTime('5m')
  .sign(privateKey);
const { appId } = await register({
  displayName: 'Daemon',
  certificates: [certificate],
  federatedCredentials: [{ name: 'workload', issuer: origin, subject: 'a workload' }],
});

const own = ['--service-principal', '-u', appId, '--tenant', tenantId];
const bySecret = ['--service-principal', '-u', clientId, '--tenant', 'contoso.example', '-p'];
const approved = new Set<string>();
const enterCode = (text: string): void => {
  const code = /enter the code (\w+) to/.exec(text)?.[1];
  if (code === undefined || approved.has(code)) return;
  approved.add(code);
  approve(code, anna);
};
const browser = `${process.execPath} ${fileURLToPath(new URL('./browser.ts', import.meta.url))} %s &`;

const ways = {
  secret: () => login('secret', [...bySecret, clientSecret]),
  certificate: () => login('certificate', [...own, '-p', pemFile]),
  federated: () => login('federated', [...own, '--federated-token', federated]),
  deviceCode: () => login('device', ['--use-device-code'], {}, enterCode),
  browser: () => login('browser', [], { BROWSER: browser, PORTICO_LOGIN: anna }),
  password: async () => login('password', ['-u', anna, '-p', await passwordOf(anna), '--tenant', tenantId]),
};
const signedIn = await Promise.all(Object.entries(ways).map(async ([name, go]) => [name, await go()]));
const refused = await az(folderOf('refused'), ['login', '--allow-no-subscriptions', ...bySecret, 'wrong']);
const shown = await az(folderOf('secret'), ['account', 'show']);
const token = await az(folderOf('device'), ['account', 'get-access-token', '--resource-type', 'ms-graph']);
const me = await az(folderOf('device'), ['rest', '--url', 'https://graph.microsoft.com/v1.0/me']);
issuer.close();
say({
  ...Object.fromEntries(signedIn),
  refused: /AADSTS7000215/.test(refused.err),
  tenant: (JSON.parse(shown.out || '{}') as { tenantId?: string }).tenantId === tenantId,
  token: (JSON.parse(token.out || '{}') as { tokenType?: string }).tokenType ?? token.err,
  me: (JSON.parse(me.out || '{}') as { userPrincipalName?: string }).userPrincipalName === anna,
});
