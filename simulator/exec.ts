import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allHosts } from './hosts/names.ts';
import type { SimulatedEntra } from './simulate-entra.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where programs of a Linux system look for the authorities they trust. */
const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';

/** What the sample app of `exec` may do in Contoso. */
const samplePermissions = [
  'User.Read.All',
  'Group.Read.All',
  'Directory.Read.All',
  'Application.ReadWrite.All',
  'Mail.Send',
  'Mail.ReadWrite',
];

/**
 * Runs a program that takes a running simulator for Microsoft, and gives its exit code. It trusts the local authority, is
 * led here by a proxy unless the names lead here already, and finds an app of Contoso in the variables of Azure's SDKs.
 */
export async function execute(
  entra: SimulatedEntra,
  command: readonly [string, ...string[]],
  given: { readonly environment: Environment; readonly proxy: boolean },
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-simulate-'));
  try {
    const trust = writeTrust(entra, folder);
    const env = {
      ...(await sampleApp(entra)),
      ...given.environment,
      ...trust,
      ...(given.proxy ? leadHere(entra) : {}),
      SIMULATED_ENTRA_URL: entra.url,
      ...(entra.smtp && { SIMULATED_SMTP_PORT: String(entra.smtp.port) }),
      ...(entra.imap && { SIMULATED_IMAP_PORT: String(entra.imap.port) }),
    };
    return await run(command, env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Runs `portico simulate exec` once more, in a mount and a network namespace of its own (Linux, no root needed): Microsoft's
 * names lead to this machine's port 443 there, and nothing leads out of it. Gives the exit code.
 */
export async function executeApart(again: readonly string[], authority: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-simulate-'));
  try {
    const hosts = join(folder, 'hosts');
    writeFileSync(hosts, `127.0.0.1 localhost ${allHosts.join(' ')}\n::1 localhost\n`);
    const bundle = join(folder, 'ca-bundle.pem');
    writeFileSync(bundle, bundleOf(authority));
    const trusting = existsSync(systemAuthorities) ? `mount --bind "$2" ${systemAuthorities} &&` : '';
    const script = `command -v ip >/dev/null || { echo 'portico simulate: --apart needs the program ip (Debian: iproute2)' >&2; exit 1; }
ip link set lo up && mount --bind "$1" /etc/hosts && ${trusting} shift 2 && exec "$@"`;
    return await run(['unshare', '-rmn', 'sh', '-c', script, 'sh', hosts, bundle, ...again], process.env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Variables by which the usual libraries take the local authority for trusted, beside those of the system. */
function writeTrust({ https }: SimulatedEntra, folder: string): Record<string, string> {
  if (https === undefined) throw new TypeError('a simulator without certificates is not taken for Microsoft');
  const bundle = join(folder, 'ca-bundle.pem');
  writeFileSync(bundle, bundleOf(https.authority));
  return {
    // Node; Python's requests (Azure CLI); curl; OpenSSL, Go, Ruby.
    NODE_EXTRA_CA_CERTS: https.authority,
    REQUESTS_CA_BUNDLE: bundle,
    CURL_CA_BUNDLE: bundle,
    SSL_CERT_FILE: bundle,
  };
}

const bundleOf = (authority: string): string =>
  [systemAuthorities, authority]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

function leadHere({ url }: SimulatedEntra): Record<string, string> {
  const here = 'localhost,127.0.0.1,::1';
  // Node heeds the others only when it is told to (24 and newer).
  return { HTTPS_PROXY: url, https_proxy: url, NO_PROXY: here, no_proxy: here, NODE_USE_ENV_PROXY: '1' };
}

/** Registers an app in Contoso; @azure/identity and its siblings read its variables by themselves. */
async function sampleApp({ url, tenants: [contoso] }: SimulatedEntra): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/_control/tenants/${contoso?.id}/applications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: 'Sample', permissions: samplePermissions, secret: {} }),
  });
  const app = (await answer.json()) as { appId: string; secret: { secretText: string } };
  return {
    AZURE_TENANT_ID: String(contoso?.id),
    AZURE_CLIENT_ID: app.appId,
    AZURE_CLIENT_SECRET: app.secret.secretText,
  };
}

/** Runs a program in this terminal until it ends; signals go on to it. 127 where it can't be started, as shells have it. */
function run([program = '', ...args]: readonly string[], env: Environment): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, pass);
    const end = (code: number) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, pass);
      resolve(code);
    };
    child.once('error', (error) => {
      process.stderr.write(`portico simulate: ${program} could not be started: ${error.message}\n`);
      end(127);
    });
    child.once('exit', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
