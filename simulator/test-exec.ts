import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The program as it is started from a terminal. */
export const portico = fileURLToPath(new URL('../bin/portico.ts', import.meta.url));

/** How a program ended, and what it printed. */
export type Run = { readonly code: number | null; readonly out: string; readonly err: string };

/** `portico simulate exec … -- command`, with nobody's variables but the path; `folder` is its home and keeps the authority. */
export async function exec(folder: string, options: readonly string[], command: readonly string[]): Promise<Run> {
  const small = ['--users', '5', '--groups', '1', '--certificates', folder];
  const child = spawn(process.execPath, [portico, 'simulate', 'exec', ...small, ...options, '--', ...command], {
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  return ended(child);
}

/** Waits for the end of a program; once its output holds `until`, it is ended by SIGINT. */
export async function ended(child: ChildProcess, until?: string): Promise<Run> {
  let [out, err] = ['', ''];
  child.stderr?.on('data', (chunk) => {
    err += String(chunk);
  });
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
    if (until !== undefined && out.includes(until)) child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, out, err };
}

/** JavaScript that knows nothing of any simulator; it finds the packages of this project. */
export const program = (code: string): string[] => [process.execPath, '--input-type=module', '--eval', code];
