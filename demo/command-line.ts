/**
 * A command line program behind Portico: signs its person in by the browser on the same machine (RFC 8252: a loopback address),
 * or by a code that is entered anywhere else (RFC 8628), and keeps the refresh token in a file that nobody else reads.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as oidc from 'openid-client';

const usage = `usage: fabulous login [--device] | whoami | logout
  --portico URL   address of Portico        (or FABULOUS_PORTICO)
  --client ID     a client of kind native   (or FABULOUS_CLIENT)
  --device        sign in by a code, on another device`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    portico: { type: 'string', default: process.env['FABULOUS_PORTICO'] ?? 'http://localhost:3000' },
    client: { type: 'string', default: process.env['FABULOUS_CLIENT'] ?? '' },
    device: { type: 'boolean', default: false },
  },
});
const file = process.env['FABULOUS_FILE'] ?? join(homedir(), '.config/fabulous/token.json');
const scope = 'openid profile email offline_access';

const commands: Readonly<Record<string, (portico: oidc.Configuration) => Promise<void>>> = {
  login: async (portico) => {
    keep(values.device ? await byDevice(portico) : await byBrowser(portico));
    await commands['whoami']?.(portico);
  },
  whoami: async (portico) => {
    const tokens = await oidc.refreshTokenGrant(portico, kept());
    keep(tokens);
    const { name, email } = await oidc.fetchUserInfo(portico, tokens.access_token, oidc.skipSubjectCheck);
    console.log(`${name} <${email}>`);
  },
  logout: async (portico) => {
    await oidc.tokenRevocation(portico, kept());
    rmSync(file);
    console.log('signed out');
  },
};

/** The browser comes back to a port of this machine that only this program listens on, for as long as it waits. */
async function byBrowser(portico: oidc.Configuration): Promise<oidc.TokenEndpointResponse> {
  const [pkceCodeVerifier, expectedState] = [oidc.randomPKCECodeVerifier(), oidc.randomState()];
  const back = Promise.withResolvers<URL>();
  const server = createServer((request, response) => {
    const here = new URL(request.url ?? '/', redirectUri);
    if (here.pathname !== '/callback') return void response.writeHead(404).end();
    response.setHeader('content-type', 'text/plain').end('You are signed in. Go back to the terminal.\n');
    back.resolve(here);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const url = oidc.buildAuthorizationUrl(portico, {
    redirect_uri: redirectUri,
    scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
  });
  console.log(`Open this address in your browser:\n${url.href}`);
  const here = await back.promise;
  server.close();
  server.closeIdleConnections();
  return oidc.authorizationCodeGrant(portico, here, { pkceCodeVerifier, expectedState });
}

async function byDevice(portico: oidc.Configuration): Promise<oidc.TokenEndpointResponse> {
  const device = await oidc.initiateDeviceAuthorization(portico, { scope });
  console.log(`Open ${device.verification_uri} anywhere and enter the code ${device.user_code}`);
  return oidc.pollDeviceAuthorizationGrant(portico, device);
}

/** Each refresh token is good once: the next one takes its place. */
function keep({ refresh_token: refreshToken }: oidc.TokenEndpointResponse): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ refreshToken }), { mode: 0o600 });
  // A file that was there keeps its mode when it is written.
  chmodSync(file, 0o600);
}

function kept(): string {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { refreshToken: string }).refreshToken;
  } catch {
    throw new Error('nobody is signed in: run `fabulous login`');
  }
}

const command = commands[positionals[0] ?? ''];
if (command === undefined || values.client === '') {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    await command(
      await oidc.discovery(new URL(`${values.portico}/oidc`), values.client, undefined, oidc.None(), {
        // For http on this very machine; leave it out where Portico is https.
        execute: [oidc.allowInsecureRequests],
      }),
    );
  } catch (error) {
    const { error: code, error_description: said } = error as { error?: string; error_description?: string };
    console.error(code === undefined ? (error as Error).message : `${code}: ${said ?? ''}`);
    process.exitCode = 1;
  }
}
