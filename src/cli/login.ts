import type { Command } from 'commander';
import { readCommandLine } from '#config';
import type { WhoAmI } from '#contract';
import { askSecret, askText } from './ask.ts';
import { type Cli, Misuse } from './cli.ts';
import { forgetLogin, keepLogin } from './login-file.ts';
import { callAt } from './reach.ts';

/** `portico login`: tries a key and keeps it, with the address, for the commands that follow. */
export function addLogin(parent: Command, cli: Cli): void {
  parent
    .command('login')
    .argument('[url]', 'public address of Portico')
    .description('Keep the address of a server and an API key for it')
    .addHelpText(
      'after',
      '\nThe key is asked for, or read from standard input. Keys are issued in the console, under API keys.',
    )
    .action(async (given: string | undefined) => {
      const { folder, defaultUrl } = readCommandLine();
      const text = given ?? (process.stdin.isTTY ? await askText('Public address of Portico', defaultUrl) : defaultUrl);
      const url = originOf(text);
      const key = await askSecret(`API key for ${url}`);
      const who = (await callAt({ url, key }, 'session.get', {})) as WhoAmI;
      const file = await keepLogin(folder, { url, key });
      if (cli.json) cli.print(JSON.stringify(who, null, 2));
      else cli.print(`Logged in to ${url} as ${who.actor.name}, until ${who.expiresAt.slice(0, 10)}. Kept in ${file}.`);
    });
}

/** `portico logout`: forgets a key. The key itself stays valid until it is revoked. */
export function addLogout(parent: Command, cli: Cli): void {
  parent
    .command('logout')
    .argument('[url]', 'public address of Portico')
    .description('Forget the API key for a server; revoke it with keys revoke')
    .action(async (given: string | undefined) => {
      const { folder, url } = readCommandLine();
      const forgotten = await forgetLogin(folder, given === undefined ? url : originOf(given));
      if (forgotten === undefined) throw new Misuse('no key is kept');
      cli.print(`Forgot the key for ${forgotten.url}.`);
    });
}

function originOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Misuse(`${text} is not an address, such as https://portico.example.com`);
  return url.origin;
}
