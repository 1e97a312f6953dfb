import { join } from 'node:path';
import { step } from './command.mjs';
import { readInstalled, readLock, runNpm } from './npm.mjs';
import { Unable } from './unable.mjs';

/**
 * Makes `node_modules` from package-lock.json unless it already is.
 * @param {string} root
 * @param {string} node
 * @param {typeof step} asStep how the installation is told of
 */
export async function bringDependencies(root, node, asStep = step) {
  const isMade = () => isMadeFrom(readLock(join(root, 'package-lock.json')), readInstalled(root));
  if (isMade()) return;
  // Not `npm ci`: it refuses a lock file that does not list the binaries of every other platform.
  const install = ['install', '--no-save', '--ignore-scripts', '--include=dev', '--include=optional'];
  await asStep('installing dependencies (npm)', () => runNpm(node, install, root));
  if (!isMade()) {
    throw new Unable('package.json and package-lock.json disagree: run `npm install` under Node 24, then start again.');
  }
}

/**
 * @param {ReturnType<typeof readLock>} wanted
 * @param {ReturnType<typeof readLock>} installed
 */
function isMadeFrom(wanted, installed) {
  const isWhole = Object.entries(wanted).every(([name, { version, optional }]) => {
    const found = installed[name];
    return name === '' || (optional && !found) || found?.version === version;
  });
  return isWhole && Object.entries(installed).every(([name, { optional }]) => optional || name in wanted);
}
