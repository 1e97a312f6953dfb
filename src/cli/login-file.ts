import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A server and the key to it. */
export interface Login {
  url: string;
  key: string;
}

const fileIn = (folder: string): string => join(folder, 'logins.json');

/** What was kept for an address; for the last one logged in to, where none is named. */
export async function findLogin(folder: string, url: string | undefined): Promise<Login | undefined> {
  const logins = await readLogins(folder);
  return url === undefined ? logins.at(-1) : logins.find((login) => login.url === url);
}

/** Keeps a login as the last one, in a file that only its owner reads (0600). Gives the file's path. */
export async function keepLogin(folder: string, login: Login): Promise<string> {
  const others = (await readLogins(folder)).filter(({ url }) => url !== login.url);
  return writeLogins(folder, [...others, login]);
}

/** Forgets the login for an address; says whether there was one. */
export async function forgetLogin(folder: string, url: string | undefined): Promise<Login | undefined> {
  const logins = await readLogins(folder);
  const found = await findLogin(folder, url);
  if (found === undefined) return undefined;
  const left = logins.filter((login) => login.url !== found.url);
  if (left.length === 0) await rm(fileIn(folder));
  else await writeLogins(folder, left);
  return found;
}

async function readLogins(folder: string): Promise<Login[]> {
  const text = await readFile(fileIn(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  const found: unknown = JSON.parse(text);
  return Array.isArray(found) ? found.filter(isLogin) : [];
}

async function writeLogins(folder: string, logins: readonly Login[]): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = fileIn(folder);
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, file);
  return file;
}

const isLogin = (it: unknown): it is Login =>
  typeof it === 'object' &&
  it !== null &&
  'url' in it &&
  typeof it.url === 'string' &&
  'key' in it &&
  typeof it.key === 'string';
