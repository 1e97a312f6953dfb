import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The oldest PostgreSQL that tests run on: the first whose initdb can make an ICU collation the default. */
export const oldestPostgres = 15;

/**
 * The folder of PostgreSQL's server programs: Debian keeps them out of PATH.
 * @returns {string | undefined}
 */
export function findPostgres() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .map(Number)
        .filter((version) => version >= oldestPostgres)
    : [];
  const folders = versions.sort((a, b) => b - a).map((version) => join(debian, String(version), 'bin'));
  return [...folders, ...pathFolders()].find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
}

/**
 * The browser for tests and pictures. Its shell without windows draws as Chromium does and takes half of Chromium's processor time,
 * most of which goes into profiles that nobody sees.
 * @returns {string | undefined}
 */
export function findChromium() {
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const files = pathFolders().flatMap((folder) => names.map((name) => join(folder, name)));
  return [...files, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find((file) => existsSync(file));
}

/**
 * Azure's command line, which tests take for an unmodified client of Microsoft.
 * @returns {string | undefined}
 */
export function findAzureCli() {
  return pathFolders()
    .map((folder) => join(folder, 'az'))
    .find((file) => existsSync(file));
}

/**
 * Apache's server with mod_auth_openidc, an OpenID relying party that is nobody's of ours: Debian keeps it out of people's PATH.
 * @returns {string | undefined}
 */
export function findApache() {
  if (!existsSync('/usr/lib/apache2/modules/mod_auth_openidc.so')) return undefined;
  return ['/usr/sbin', ...pathFolders()].map((folder) => join(folder, 'apache2')).find((file) => existsSync(file));
}

/**
 * Glewlwyd, an OpenID provider that is nobody's of ours, with its page to sign in on.
 * @returns {string | undefined}
 */
export function findGlewlwyd() {
  if (!existsSync('/usr/share/glewlwyd/webapp/login.html')) return undefined;
  return pathFolders()
    .map((folder) => join(folder, 'glewlwyd'))
    .find((file) => existsSync(file));
}

function pathFolders() {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}
