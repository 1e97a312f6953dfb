import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { findGlewlwyd } from '../../scripts/installed.mjs';
import { freePort } from './stage.ts';

/** Why Glewlwyd cannot be tried here; false where it can. */
export const withoutGlewlwyd: string | false =
  findGlewlwyd() === undefined && 'Glewlwyd is not on this machine, and apt could not bring it';

/** Glewlwyd as an OpenID provider. */
export interface Glewlwyd {
  url: string;
  issuer: string;
  /** Its one client, which has to prove itself in the body of the request and to use PKCE. */
  clientId: string;
  secret: string;
  /** Adds somebody. */
  add(username: string, person: GlewlwydUser & { password: string }): Promise<void>;
  /** Changes somebody. */
  change(username: string, person: GlewlwydUser): Promise<void>;
  close(): Promise<void>;
}

/** What it tells of somebody. */
export interface GlewlwydUser {
  name: string;
  email: string;
}

type Send = (method: 'POST' | 'PUT', path: string, body: object) => Promise<void>;

const modules = '/usr/lib/glewlwyd';
const schema = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3';
const scopes = ['openid', 'profile', 'email'];
const client = { id: 'portico', secret: 'its own: 100% = +/&' };

/** Starts Glewlwyd with a database of its own, and sets it up by its own API as an administrator does. */
export async function startGlewlwyd(addresses: { redirectUri: string; logoutUri: string }): Promise<Glewlwyd> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-glewlwyd-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const issuer = `${url}/api/oidc`;
  const file = join(folder, 'glewlwyd.conf');
  writeFileSync(file, configuration(folder, url, port));
  makeDatabase(folder);
  copyPages(folder);
  const child = spawn(findGlewlwyd() ?? 'glewlwyd', ['-c', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  try {
    for (let wait = 0; wait < 200 && !(await answers(url)); wait++) {
      if (child.exitCode !== null) throw new Error(`Glewlwyd ended with ${child.exitCode}`);
      await setTimeout(50);
    }
    const send = await signInAsAdmin(url);
    await makeProvider(send, issuer);
    await makeClient(send, addresses);
    const person = (it: object) => ({ ...it, scope: scopes, enabled: true });
    return {
      url,
      issuer,
      clientId: client.id,
      secret: client.secret,
      add: (username, it) => send('POST', 'user/', { ...person(it), username }),
      change: (username, it) => send('PUT', `user/${username}`, person(it)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Its pages are copied, as it follows no link that leads out of their folder, and Debian's are full of such. */
function copyPages(folder: string): void {
  const from = '/usr/share/glewlwyd/webapp';
  for (const name of globSync(['login.*', '{css,js}/*.{css,js}', 'locales/en/*.json'], { cwd: from })) {
    mkdirSync(join(folder, 'pages', dirname(name)), { recursive: true });
    copyFileSync(join(from, name), join(folder, 'pages', name));
  }
  copyFileSync('/usr/share/glewlwyd/templates/config.json', join(folder, 'pages', 'config.json'));
}

function makeDatabase(folder: string): void {
  const database = new DatabaseSync(join(folder, 'glewlwyd.db'));
  database.exec(readFileSync(schema, 'utf8'));
  database.close();
}

const configuration = (folder: string, url: string, port: number): string => `port=${port}
bind_address="127.0.0.1"
external_url="${url}"
login_url="login.html"
api_prefix="api"
static_files_path="${folder}/pages/"
static_files_mime_types=(
  { extension=".html" mime_type="text/html" },
  { extension=".css" mime_type="text/css" },
  { extension=".js" mime_type="application/javascript" },
  { extension=".json" mime_type="application/json" }
)
log_mode="console"
log_level="ERROR"
cookie_secure=0
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="${modules}/user"
user_middleware_module_path="${modules}/user_middleware"
client_module_path="${modules}/client"
user_auth_scheme_module_path="${modules}/scheme"
plugin_module_path="${modules}/plugin"
hash_algorithm="SHA512"
database={ type="sqlite3" path="${folder}/glewlwyd.db" }
`;

/** Signs in as the administrator that a new database has. */
async function signInAsAdmin(url: string): Promise<Send> {
  const json = { 'content-type': 'application/json' };
  const admin = JSON.stringify({ username: 'admin', password: 'password' });
  const signedIn = await fetch(`${url}/api/auth`, { method: 'POST', headers: json, body: admin });
  const cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '';
  return async (method, path, body) => {
    const sent = { method, headers: { ...json, cookie }, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/api/${path}`, sent);
    if (!answer.ok) throw new Error(`Glewlwyd does not take ${path}: ${answer.status} ${await answer.text()}`);
  };
}

/** The plugin that makes it an OpenID provider, and the scopes, each of which needs a password. */
async function makeProvider(send: Send, issuer: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await send('POST', 'mod/plugin/', {
    module: 'oidc',
    name: 'oidc',
    display_name: 'OpenID Connect',
    order_rank: 0,
    parameters: {
      iss: issuer,
      'oauth-as-iss-id': true,
      'jwt-type': 'rsa',
      'jwt-key-size': '256',
      key: privateKey,
      cert: publicKey,
      'jwks-show': true,
      'access-token-duration': 300,
      'refresh-token-duration': 600,
      'code-duration': 60,
      'auth-type-code-enabled': true,
      'pkce-allowed': true,
      'pkce-required': true,
      'subject-type': 'public',
      'allowed-scope': scopes,
      'name-claim': 'mandatory',
      'email-claim': 'mandatory',
      'session-management-allowed': true,
      'session-cookie-name': 'GLEWLWYD2_OIDC_SID',
      'session-cookie-expiration': 3600,
      'front-channel-logout-allowed': true,
    },
  });
  for (const name of scopes) {
    const scope = { display_name: name, description: name, password_required: true, password_max_age: 0, scheme: {} };
    await (name === 'openid' ? send('PUT', `scope/${name}`, scope) : send('POST', 'scope/', { ...scope, name }));
  }
}

const makeClient = (send: Send, { redirectUri, logoutUri }: { redirectUri: string; logoutUri: string }) =>
  send('POST', 'client/', {
    client_id: client.id,
    name: 'Portico',
    confidential: true,
    client_secret: client.secret,
    scope: [],
    redirect_uri: [redirectUri],
    post_logout_redirect_uri: redirectUri,
    frontchannel_logout_uri: logoutUri,
    frontchannel_logout_session_required: '1',
    authorization_type: ['code'],
    token_endpoint_auth_method: ['client_secret_post'],
    enabled: true,
  });

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/config`).then(
    ({ ok }) => ok,
    () => false,
  );
