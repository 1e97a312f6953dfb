import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { passwordOf, people, say, tenantId } from './setting.ts';

const home = process.env['HOME'] ?? '';
const graphAppId = '00000003-0000-0000-c000-000000000000';
const graph = 'https://graph.microsoft.com/v1.0';
const mailSend = 'b633e1c5-b582-4048-a93e-9f11b44c7e96';
const userRead = 'e1fe6dd8-ba31-4d61-89e7-88639da4683d';

/** Runs `az` with a folder of its own; telemetry off. Its JSON, or its exit code with the error. */
async function az(folder: string, ...args: string[]) {
  const env = { ...process.env, AZURE_CONFIG_DIR: `${home}/${folder}`, AZURE_CORE_COLLECT_TELEMETRY: '0' };
  const child = spawn('az', [...args, '--output', 'json'], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const [code] = await once(child, 'close');
  const body = (out.trim() === '' ? {} : JSON.parse(out)) as Record<string, unknown>;
  return { code, body, list: (Array.isArray(body) ? body : []) as Record<string, unknown>[], err };
}

/** A file in the home for an argument such as `@file`. */
function file(name: string, content: unknown): string {
  writeFileSync(`${home}/${name}`, JSON.stringify(content));
  return `${home}/${name}`;
}

const [anna = ''] = await people();
mkdirSync(`${home}/az`);
const login = ['--allow-no-subscriptions', '--tenant', tenantId, '-u', anna, '-p', await passwordOf(anna)];
const signedIn = await az('az', 'login', ...login);
if (signedIn.code !== 0) throw new Error(signedIn.err);
for (const name of ['registration', 'consent', 'people']) cpSync(`${home}/az`, `${home}/${name}`, { recursive: true });

/** An app registration with its secret, certificate and federated credential. */
async function registration() {
  const run = (...args: string[]) => az('registration', 'ad', 'app', ...args);
  const name = ['--display-name', "Portico's own"];
  const made = await run(
    'create',
    '--display-name',
    'Portico',
    '--sign-in-audience',
    'AzureADMyOrg',
    '--web-redirect-uris',
    'https://id.example.com/cb',
    '--public-client-redirect-uris',
    'http://localhost',
  );
  const id = ['--id', String(made.body['appId'])];
  // A second time az finds the name and changes that one.
  const again = await run('create', '--display-name', 'Portico', '--enable-id-token-issuance', 'true');
  const secret = await run('credential', 'reset', ...id, '--append', ...name, '--years', '1');
  // The old certificate comes back without its key, which stays.
  await run('credential', 'reset', ...id, '--append', '--create-cert');
  const certificate = await run('credential', 'reset', ...id, '--append', '--create-cert');
  const credential = {
    name: 'workload',
    issuer: 'https://token.example',
    subject: 's',
    audiences: ['api://AzureADTokenExchange'],
  };
  const federated = await run(
    'federated-credential',
    'create',
    ...id,
    '--parameters',
    file('federated.json', credential),
  );
  const shown = await run('show', ...id);
  await run('delete', ...id);
  const gone = await run('show', ...id);
  const web = shown.body['web'] as {
    redirectUris: string[];
    implicitGrantSettings: { enableIdTokenIssuance: boolean };
  };
  return {
    updated: again.body['id'] === made.body['id'] && web.implicitGrantSettings.enableIdTokenIssuance,
    redirectUris: web.redirectUris,
    secret: String(secret.body['password']).length >= 16 || secret.err,
    certificates: certificate.code === 0 ? (shown.body['keyCredentials'] as unknown[]).length : certificate.err,
    federated: federated.body['subject'],
    gone: [gone.code, /does not exist/.test(gone.err)],
  };
}

/** What an app may do: asked for, granted, and granted by the portal's button. */
async function consent() {
  const run = (...args: string[]) => az('consent', 'ad', ...args);
  const made = await run('app', 'create', '--display-name', 'Consent');
  const id = ['--id', String(made.body['appId'])];
  await run(
    'app',
    'permission',
    'add',
    ...id,
    '--api',
    graphAppId,
    '--api-permissions',
    `${mailSend}=Role`,
    `${userRead}=Scope`,
  );
  const principal = await run('sp', 'create', ...id);
  const granted = await run('app', 'permission', 'grant', ...id, '--api', graphAppId, '--scope', 'openid');
  const consented = await run('app', 'permission', 'admin-consent', ...id);
  const grants = await run('app', 'permission', 'list-grants', ...id, '--show-resource-name', 'true');
  const roles = await az(
    'consent',
    'rest',
    '--url',
    `${graph}/servicePrincipals/${principal.body['id']}/appRoleAssignments`,
  );
  return {
    granted: granted.body['scope'] ?? granted.err,
    consented: consented.code === 0 || consented.err,
    grants: grants.list.map(({ scope, resourceDisplayName }) => [scope, resourceDisplayName]),
    roles: (roles.body['value'] as { appRoleId: string }[]).map(({ appRoleId }) => appRoleId === mailSend),
  };
}

/** People, groups, an app for automation, and Graph by `rest`. */
async function directory() {
  const run = (...args: string[]) => az('people', 'ad', ...args);
  const user = await run(
    'user',
    'create',
    '--display-name',
    'Zoë',
    '--user-principal-name',
    'zoe@contoso.example',
    '--password',
    'Zx7!mountain-goat',
  );
  const group = await run('group', 'create', '--display-name', 'Pilots', '--mail-nickname', 'pilots');
  const add = () => run('group', 'member', 'add', '--group', 'Pilots', '--member-id', String(user.body['id']));
  const [first, second] = [await add(), await add()];
  const missing = await run('user', 'show', '--id', 'nobody@contoso.example');
  const automation = await run('sp', 'create-for-rbac', '--name', 'Automation');
  const body = JSON.stringify({ displayName: 'Provisioned' });
  const template = `${graph}/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate`;
  const instantiated = await az('people', 'rest', '--method', 'post', '--url', template, '--body', body);
  return {
    user: user.body['displayName'] ?? user.err,
    group: group.body['securityEnabled'] ?? group.err,
    members: [first.code, second.code, /already exist/.test(second.err)],
    missing: [missing.code, /does not exist/.test(missing.err)],
    automation: String(automation.body['password']).length >= 16 || automation.err,
    instantiated: Object.keys(instantiated.body)
      .filter((name) => !name.startsWith('@'))
      .sort(),
  };
}

const [registered, consented, known] = await Promise.all([registration(), consent(), directory()]);
say({ registered, consented, directory: known });
