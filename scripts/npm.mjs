import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { runQuietly } from './command.mjs';
import { Unable } from './unable.mjs';

/**
 * What npm prints about it, and what to do.
 * @type {readonly (readonly [RegExp, string])[]}
 */
const remedies = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|E50[234]\b/,
    'npm cannot reach its registry: connect this machine to the network (behind a proxy, `npm config set proxy …`), then start again.',
  ],
  [/ENOSPC/, 'the disk is full: free about 1 GB, then start again.'],
  [/EACCES|EPERM|EROFS/, 'npm may not write here: make this folder writable for you, then start again.'],
];

/**
 * Runs npm (the one that is running us, else the one beside this Node, else the one in PATH) under the given Node.
 * @param {string} node
 * @param {readonly string[]} args
 * @param {string} folder where package.json and node_modules are, or will be
 * @param {(output: string) => string | undefined} [explain] a sentence for a failure that only the caller can explain
 */
export async function runNpm(node, args, folder, explain) {
  const cli = npmCli();
  const quick = ['--no-fund', '--no-audit', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
  const all = [...args, '--prefix', folder, '--loglevel=warn', ...quick];
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` };
  const { code, output } = cli
    ? await runQuietly(node, [cli, ...all], { env })
    : await runQuietly('npm', all, { env, shell: process.platform === 'win32' });
  // Where the disk fills up npm warns, leaves half a file, and calls it a success.
  const broken = /TAR_ENTRY_ERROR/.test(output);
  if (code === 0 && !broken) return;
  if (broken) rmSync(hiddenLock(folder), { force: true });
  const remedy = explain?.(output) ?? remedies.find(([pattern]) => pattern.test(output))?.[1];
  const said = output.split('\n').filter((line) => /^npm error (?!A complete log)/.test(line));
  throw new Unable(
    remedy ?? `\`npm ${args[0]}\` failed: ${said.slice(0, 4).join(' ') || output.trim() || 'no npm found'}.`,
  );
}

/**
 * What npm really installed in a folder, in its own words. npm writes this file last: a broken-off installation has none.
 * @param {string} folder
 */
export function readInstalled(folder) {
  return readLock(hiddenLock(folder));
}

/** @param {string} folder */
function hiddenLock(folder) {
  return join(folder, 'node_modules/.package-lock.json');
}

/** @returns {string | undefined} */
function npmCli() {
  const running = process.env['npm_execpath'];
  if (running && basename(running) === 'npm-cli.js') return running;
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  return existsSync(beside) ? beside : undefined;
}

/**
 * The packages a lock file names, by their folder; nothing when there is no such file.
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
export function readLock(file) {
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
