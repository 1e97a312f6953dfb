import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runQuietly, step } from './command.mjs';
import { findApache, findAzureCli, findChromium, findGlewlwyd, findPostgres, oldestPostgres } from './installed.mjs';
import { Unable } from './unable.mjs';

/** What tests need from the system: how to see that it is here, its Debian packages, and what to do where there is no apt. */
const programs = {
  PostgreSQL: {
    find: findPostgres,
    packages: ['postgresql'],
    otherwise: `install PostgreSQL ${oldestPostgres} or newer so that \`initdb\` and \`postgres\` are in PATH`,
  },
  Chromium: {
    find: findChromium,
    // Without a font of its own a bare machine draws boxes.
    packages: ['chromium-headless-shell', 'fonts-liberation'],
    otherwise: 'install Chromium or Chrome so that it is in PATH',
  },
  'Apache with mod_auth_openidc': {
    find: findApache,
    packages: ['apache2', 'libapache2-mod-auth-openidc'],
    otherwise: 'install Apache with mod_auth_openidc where Debian has them',
  },
  Glewlwyd: {
    find: findGlewlwyd,
    // It asks for one of Debian's ways to make its database; the first would bring all of MariaDB's client.
    packages: ['glewlwyd', 'dbconfig-sqlite3'],
    otherwise: 'install Glewlwyd where Debian has it',
  },
  'Azure CLI': {
    find: findAzureCli,
    packages: ['azure-cli'],
    otherwise: 'install the Azure CLI so that `az` is in PATH',
  },
};

/**
 * What apt prints about it, and what to do.
 * @type {readonly (readonly [RegExp, string])[]}
 */
const remedies = [
  [/No space left|enough free space/, 'the disk is full: free about 1 GB, then start again.'],
  [
    /Could not get lock|is another process using it/,
    'another apt is running: wait until it is done, then start again.',
  ],
  [/dpkg was interrupted/, 'an earlier installation broke off: run `sudo dpkg --configure -a`, then start again.'],
  [
    /Failed to fetch|Could not resolve|Temporary failure|Unable to locate package|no installation candidate|Unable to connect|Could not connect/,
    'apt cannot fetch it: connect this machine to the network (and check /etc/apt/sources.list), then start again.',
  ],
];

/**
 * Brings the named programs, by apt-get where they are missing.
 * @param {readonly (keyof typeof programs)[]} names
 * @param {typeof step} asStep how the installation is told of
 */
export async function bringPrograms(names, asStep = step) {
  const missing = names.filter((name) => !programs[name].find());
  if (missing.length === 0) return;
  const title = missing.join(' and ');
  const is = missing.length === 1 ? 'is' : 'are';
  const packages = missing.flatMap((name) => programs[name].packages);
  if (!existsSync('/usr/bin/apt-get')) {
    const advice = missing.map((name) => programs[name].otherwise).join(', ');
    throw new Unable(`${title} ${is} missing and this machine has no apt-get: ${advice}, then start again.`);
  }
  const root = await rootPrefix();
  if (!root) {
    const command = `sudo apt-get update && sudo apt-get install --no-install-recommends ${packages.join(' ')}`;
    throw new Unable(
      `${title} ${is} missing and installing ${is === 'is' ? 'it' : 'them'} needs root: run \`${command}\`, then start again.`,
    );
  }
  const idle = mkdtempSync(join(tmpdir(), 'portico-apt-'));
  const options = withoutAftermath(idle);
  await asStep(`installing ${title} (apt)`, async () => {
    const install = ['install', '--yes', '--no-install-recommends', ...options, ...packages];
    let { code, output } = await aptGet(root, install);
    if (code !== 0 && /Unable to locate|no installation candidate|404|Failed to fetch/.test(output)) {
      const update = await aptGet(root, ['update']);
      ({ code, output } = await aptGet(root, install));
      if (code !== 0) output = update.output + output;
    }
    if (code !== 0) throw new Unable(explain(output, packages));
  }).finally(() => rmSync(idle, { recursive: true }));
  const still = missing.filter((name) => !programs[name].find());
  if (still.length > 0) {
    throw new Unable(
      `apt has no fitting ${still.join(' and ')}: ${still.map((name) => programs[name].otherwise).join(', ')}.`,
    );
  }
}

/**
 * What packages do once they are there, and tests need not. Python's are compiled, thousands of files of which a test needs some
 * dozen: a minute and a half for the Azure CLI; what is imported is compiled then. Servers are entered to start with the machine:
 * tests start their own, and Glewlwyd would come up with the password that everybody knows.
 * @param {string} folder
 */
function withoutAftermath(folder) {
  for (const name of ['py3compile', 'update-rc.d', 'deb-systemd-helper'])
    writeFileSync(join(folder, name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  return ['-o', `DPkg::Path=${folder}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`];
}

/** @returns {Promise<string[] | undefined>} what to put before a command so that it runs as root without asking */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const { code } = await runQuietly('sudo', ['-n', 'true']);
  return code === 0 ? ['sudo', '-n'] : undefined;
}

/**
 * @param {string[]} root
 * @param {string[]} args
 */
function aptGet(root, args) {
  // RUNLEVEL=1: Debian starts what it installs, but nobody asked for a server on port 5432.
  const command = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', 'LC_ALL=C.UTF-8', 'apt-get'];
  const options = [
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Acquire::Retries=1',
    '-o',
    'Acquire::http::Timeout=20',
  ];
  return runQuietly(command[0] ?? 'env', [...command.slice(1), ...options, ...args]);
}

/**
 * @param {string} output
 * @param {string[]} packages
 */
function explain(output, packages) {
  const remedy = remedies.find(([pattern]) => pattern.test(output))?.[1];
  const errors = output.split('\n').filter((line) => line.startsWith('E: '));
  return (
    remedy ?? `\`apt-get install ${packages.join(' ')}\` failed: ${errors.slice(0, 2).join(' ') || output.slice(-300)}`
  );
}
