import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findApache } from '../../scripts/installed.mjs';

/** Why Apache cannot be tried here; false where it can. */
export const withoutApache: string | false =
  findApache() === undefined && 'Apache with mod_auth_openidc is not on this machine, and apt could not bring it';

/** Apache as a relying party: what is below `/members` is for those who signed in; its answer is the headers that it got. */
export interface Apache {
  url: string;
  close(): Promise<void>;
}

const modules = '/usr/lib/apache2/modules';
const loaded = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'proxy', 'proxy_http', 'auth_openidc'];

/** Starts Apache with a configuration of its own in a folder of its own. */
export async function startApache(
  port: number,
  client: { issuer: string; id: string; secret: string },
): Promise<Apache> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-apache-'));
  chmodSync(folder, 0o755);
  const url = `http://localhost:${port}`;
  // The application behind it tells what it was told of the person.
  const behind = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.headers));
  });
  await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
  const inner = `http://127.0.0.1:${(behind.address() as AddressInfo).port}`;
  const file = join(folder, 'apache.conf');
  writeFileSync(
    file,
    `ServerRoot ${folder}
ServerName localhost
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
Listen ${port}
${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
StartServers 1
ServerLimit 1
ThreadsPerChild 8
MaxRequestWorkers 8
OIDCProviderMetadataURL ${client.issuer}/.well-known/openid-configuration
OIDCClientID ${client.id}
OIDCClientSecret ${client.secret}
OIDCRedirectURI ${url}/members/callback
OIDCScope "openid profile email roles"
OIDCPKCEMethod S256
OIDCCryptoPassphrase "only for this test"
OIDCRemoteUserClaim sub
OIDCPassClaimsAs headers
OIDCSSLValidateServer Off
ProxyPass /members/callback !
ProxyPass / ${inner}/
<Location /members>
  AuthType openid-connect
  # Node says in Sec-Fetch-Mode that it is no browser.
  OIDCUnAuthAction auth true
  Require valid-user
</Location>
<Location /members/admins>
  AuthType openid-connect
  Require claim roles:admin
</Location>
<Location /open>
  Require all granted
</Location>
`,
  );
  const program = findApache() ?? 'apache2';
  const checked = spawnSync(program, ['-t', '-f', file], { encoding: 'utf8' });
  if (checked.status !== 0) throw new Error(`Apache does not take its configuration: ${checked.stderr}`);
  const child: ChildProcess = spawn(program, ['-f', file, '-DFOREGROUND'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  for (let wait = 0; wait < 100 && !(await answers(url)); wait++) {
    if (child.exitCode !== null) throw new Error(`Apache ended with ${child.exitCode}`);
    await setTimeout(50);
  }
  return {
    url,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      behind.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/open`).then(
    () => true,
    () => false,
  );
