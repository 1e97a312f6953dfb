import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readInstalled, runNpm } from './npm.mjs';

/** CLI for Microsoft 365. What it reports home by is an older one: the newest asks for packages of twice the size of the rest. */
const cli = { name: '@pnp/cli-microsoft365', version: '11.11.0', overrides: { applicationinsights: '2.9.8' } };

/**
 * Brings CLI for Microsoft 365, a client that tests run against the simulator, from npm into `.tools`, and puts it into PATH.
 * @param {string} root
 * @param {(what: string, work: () => Promise<void>) => Promise<void>} asStep how the installation is told of
 */
export async function bringMicrosoft365(root, asStep) {
  const folder = join(root, '.tools/microsoft365');
  process.env['PATH'] = `${join(folder, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  if (readInstalled(folder)[`node_modules/${cli.name}`]?.version === cli.version) return;
  await asStep('installing CLI for Microsoft 365 (npm)', async () => {
    mkdirSync(folder, { recursive: true });
    const manifest = { private: true, dependencies: { [cli.name]: cli.version }, overrides: cli.overrides };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    await runNpm(process.execPath, ['install', '--no-package-lock', '--ignore-scripts'], folder);
  });
}
