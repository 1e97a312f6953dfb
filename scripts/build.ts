// What is published: compiled files in dist/, which `npm pack` takes. Node strips no types under node_modules.
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build as buildPages } from 'vite';
import { runQuietly, step } from './command.mjs';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Makes dist/ anew: the sources compiled, the console built, and a package.json that points the rooms' names at them. */
async function build(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  await step('compiling', compile);
  copyAssets();
  writeManifest();
  if (existsSync(join(root, 'console'))) await step('building the console', buildConsole);
}

async function compile(): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { code, output } = await runQuietly(process.execPath, [tsc, '--project', 'tsconfig.build.json'], { cwd: root });
  if (code !== 0) throw new Error(`tsc failed:\n${output}`);
  chmodSync(join(dist, 'bin/portico.js'), 0o755);
}

/** What the sources read at run time and tsc does not carry over. */
function copyAssets(): void {
  const isAsset = (path: string) => statSync(path).isDirectory() || !/\.(ts|tsx|mts|md)$/.test(path);
  for (const folder of ['src', 'bin', 'simulator', 'demo']) {
    if (existsSync(join(root, folder)))
      cpSync(join(root, folder), join(dist, folder), { recursive: true, filter: isAsset });
  }
}

/** Node takes the imports map from the nearest package.json: here `#scim` is the compiled room. */
function writeManifest(): void {
  const manifest: { name: string; version: string; imports: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const { name, version } = manifest;
  const rooms = Object.entries(manifest.imports).map(([room, door]) => [room, door.replace(/\.ts$/, '.js')]);
  const compiled = { name, version, type: 'module', private: true, imports: Object.fromEntries(rooms) };
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(compiled, null, 2)}\n`);
}

async function buildConsole(): Promise<void> {
  const options = { outDir: join(dist, 'console'), emptyOutDir: true };
  await buildPages({ root: join(root, 'console'), logLevel: 'warn', build: options });
}

if (import.meta.main) await build();
