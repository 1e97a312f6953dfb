import { spawnSync } from 'node:child_process';
import { clientId, clientSecret, say, tenantId } from './setting.ts';

const telemetry = ['cli', 'config', 'set', '--key', 'disableTelemetry', '--value', 'true'];
const env = { ...process.env, CLIMICROSOFT365_NOUPDATE: '1' };

/** Runs `m365`; its JSON, or its error. */
function m365(...args: string[]): unknown {
  const { stdout, stderr, status } = spawnSync('m365', [...args, '--output', 'json'], { env, encoding: 'utf8' });
  if (status !== 0) return stderr;
  return stdout.trim() === '' ? null : JSON.parse(stdout);
}

/** One property of each entry of a list. */
const each = (list: unknown, name: string): unknown =>
  Array.isArray(list) ? list.map((entry) => Reflect.get(Object(entry), name)) : list;

m365(...telemetry);
const app = ['--appId', clientId, '--tenant', tenantId, '--secret', clientSecret];
const connected = m365('login', '--authType', 'secret', ...app);
const redirect = ['--platform', 'web', '--redirectUris', 'https://id.example.com/cb'];
const asks = ['--apisApplication', 'https://graph.microsoft.com/Mail.Send'];
const made = m365('entra', 'app', 'add', '--name', 'Portico', ...redirect, '--withSecret', ...asks);
const found = m365('entra', 'app', 'get', '--name', 'Portico');
const permissions = m365('entra', 'app', 'permission', 'list', '--appName', 'Portico');
const members = m365(
  'entra',
  'group',
  'member',
  'list',
  '--groupName',
  'All Staff',
  '--filter',
  "userType eq 'Member'",
);
say({
  connected: typeof Reflect.get(Object(connected), 'connectedAs'),
  found: Reflect.get(Object(found), 'appId') === Reflect.get(Object(made), 'appId'),
  secrets: each(Reflect.get(Object(made), 'secrets'), 'displayName'),
  permissions: each(permissions, 'permission'),
  members: Array.isArray(members) && members.length > 0,
});
