import { existsSync, globSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '..');
const place = resolve(root, 'dist/console');

/** Builds the console where the server finds it, unless what is there is newer than its sources. */
export async function buildConsole(): Promise<void> {
  const sources = globSync(['console/**/*', 'src/contract/*.ts'], { cwd: root });
  const newest = Math.max(...sources.map((source) => statSync(resolve(root, source)).mtimeMs));
  const page = resolve(place, 'index.html');
  if (existsSync(page) && statSync(page).mtimeMs > newest) return;
  const beside = `${place}.${process.pid}`;
  await build({
    root: resolve(root, 'console'),
    logLevel: 'error',
    build: { outDir: beside, emptyOutDir: true },
  });
  rmSync(place, { recursive: true, force: true });
  renameSync(beside, place);
}
