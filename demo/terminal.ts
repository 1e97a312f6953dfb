import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openBrowser, type Page, visible } from './browser.ts';
import { goThrough } from './person.ts';
import type { Stage } from './stage.ts';

/** The program of the command line product. */
export const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './command-line.ts' : './command-line.js', import.meta.url),
);

/**
 * Runs the program to its end; `onLine` hears each line that it prints, and where that fails the program is ended. Gives its
 * last line; rejects with what it complained of.
 */
export function runCommand(
  { porticoUrl, commandLine }: Stage,
  args: readonly string[],
  onLine: (line: string) => Promise<void> = async () => undefined,
): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH: process.env['PATH'],
      FABULOUS_PORTICO: porticoUrl,
      FABULOUS_CLIENT: commandLine.clientId,
      FABULOUS_FILE: commandLine.file,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [printed, complaint, last] = ['', '', ''];
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      for (let end = printed.indexOf('\n'); end >= 0; end = printed.indexOf('\n')) {
        last = printed.slice(0, end);
        printed = printed.slice(end + 1);
        onLine(last).catch((error: unknown) => {
          child.kill();
          reject(error);
        });
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.once('close', (code) =>
      code === 0 ? resolve(last) : reject(new Error(`${args.join(' ')}: ${complaint.trim()}`)),
    );
  });
}

/** Signs a person in by the browser of the same machine; gives what the program says then. */
export const loginByBrowser = (stage: Stage, login: string): Promise<string> =>
  runCommand(stage, ['login'], async (line) => {
    if (!line.startsWith('http')) return;
    const page = await goThrough(openBrowser(), line, login, 'http://127.0.0.1');
    if (!/You are signed in/.test(page.html))
      throw new Error(`the browser ended at ${page.url}: ${visible(page.html)}`);
  });

/** Signs a person in by a code that is entered in another browser. */
export const loginByDevice = (stage: Stage, login: string): Promise<string> =>
  runCommand(stage, ['login', '--device'], async (line) => {
    const [, url, code] = /^Open (\S+) anywhere and enter the code (\S+)$/.exec(line) ?? [];
    if (url === undefined || code === undefined) return;
    const browser = openBrowser();
    let page: Page = await browser.submit(await browser.open(url), { user_code: code });
    page = await browser.submit(page, { confirm: 'yes' });
    for (let form = 0; form < 4 && !/goes on by itself/.test(page.html); form++)
      page = await browser.submit(page, /name="email"/.test(page.html) ? { email: login } : { login });
    if (!/goes on by itself/.test(page.html)) throw new Error(`the code ended at ${page.url}: ${visible(page.html)}`);
  });
