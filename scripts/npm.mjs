import { existsSync, readFileSync } from 'node:fs';
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
 * @param {string} cwd
 * @param {(output: string) => string | undefined} [explain] a sentence for a failure that only the caller can explain
 */
export async function runNpm(node, args, cwd, explain) {
  const cli = npmCli();
  const all = [
    ...args,
    '--loglevel=error',
    '--no-fund',
    '--no-audit',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
  ];
  const path = `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH: path };
  const { code, output } = cli
    ? await runQuietly(node, [cli, ...all], { cwd, env })
    : await runQuietly('npm', all, { cwd, env, shell: process.platform === 'win32' });
  if (code === 0) return;
  const remedy = explain?.(output) ?? remedies.find(([pattern]) => pattern.test(output))?.[1];
  const said = output.split('\n').filter((line) => line.trim() !== '' && !line.includes('complete log'));
  throw new Unable(remedy ?? `\`npm ${args[0]}\` failed: ${said.slice(0, 4).join(' ').trim() || 'no npm found'}.`);
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
