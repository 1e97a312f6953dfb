import { join } from 'node:path';
import { step } from './command.mjs';
import { readLock, runNpm } from './npm.mjs';

/**
 * Makes `node_modules` from package-lock.json unless it already is.
 * @param {string} root
 * @param {string} node
 */
export async function bringDependencies(root, node) {
  const wanted = readLock(join(root, 'package-lock.json'));
  // npm keeps what it really installed beside it, and writes that file last.
  if (isMadeFrom(wanted, readLock(join(root, 'node_modules/.package-lock.json')))) return;
  await step('installing dependencies (npm)', () =>
    runNpm(node, ['ci', '--ignore-scripts', '--include=dev', '--include=optional'], root),
  );
}

/**
 * @param {ReturnType<typeof readLock>} wanted
 * @param {ReturnType<typeof readLock>} installed
 */
function isMadeFrom(wanted, installed) {
  const missing = Object.entries(wanted).some(([name, { version, optional }]) => {
    const found = installed[name];
    if (name === '' || (optional && !found)) return false;
    return found?.version !== version;
  });
  return !missing && Object.keys(installed).every((name) => name in wanted);
}
