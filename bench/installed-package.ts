import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { runQuietly, step } from '../scripts/command.mjs';

/** Packs Portico as it is published and installs the package in an empty folder; gives the file that starts it. */
export async function installPackage(folder: string): Promise<string> {
  await step('packing', () => npm(['pack', '--pack-destination', folder], resolve(import.meta.dirname, '..')));
  const packed = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (packed === undefined) throw new Error('npm pack made no package');
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline'];
  await step('installing', () => npm(['install', ...quiet, join(folder, packed)], folder));
  return join(folder, 'node_modules/portico/dist/bin/portico.js');
}

/** Runs npm in a folder. Throws with what it printed. */
export async function npm(args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await runQuietly('npm', args, { cwd });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${output}`);
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((wake) => server.listen(0, '127.0.0.1', wake));
  const address = server.address();
  await new Promise((wake) => server.close(wake));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
