import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runQuietly } from './command.mjs';
import { findPostgres, oldestPostgres } from './installed.mjs';

/**
 * A PostgreSQL of our own: `url` is its superuser's; `crash` ends it at once, as if its machine had gone, and starts it again
 * after so many milliseconds; `stop` ends it and removes its data.
 */
export type Postgres = { url: string; crash: (ms: number) => Promise<void>; stop: () => Promise<void> };

/** Who runs it; undefined means ourselves. */
type Owner = { uid: number; gid: number } | undefined;

/**
 * Runs the server until its standard input closes, then removes its folder: so it ends with us however we end, kill -9 included.
 * While there is a file `again` a server that ended is started once more, when the file is gone. The arguments are the folder,
 * then the server's command line.
 */
const lifeline = `
folder=$1; shift
exec 3<&0
( read -r _ <&3; rm -f "$folder/again"; kill -INT $(head -n 1 "$folder/data/postmaster.pid") ) 2>/dev/null & watch=$!
while :; do
  "$@" 3<&- & server=$!
  wait $server; status=$?
  [ -e "$folder/again" ] || break
  while [ -e "$folder/again" ]; do sleep 0.05; done
  kill -0 $watch 2>/dev/null || break
done
kill $watch 2>/dev/null
rm -rf "$folder"
exit $status
`;

/** What a database does without that nobody pulls the plug of: tests make and drop hundreds. */
const hasty = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/**
 * Starts a throw-away PostgreSQL on a free loopback port, durable like a real one (fsync on) unless `durable` is false, and
 * with a language's collation as its default: a column that forgets to compare bytewise shows.
 * @throws Error in one sentence when there is none to start
 */
export async function startPostgres({ durable = true } = {}): Promise<Postgres> {
  const programs = findPostgres();
  if (!programs)
    throw new Error(`PostgreSQL ${oldestPostgres} or newer is missing: run \`npm test\`, which installs it on Debian.`);
  const owner = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'portico-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);

  const initdb = [
    `--pgdata=${data}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-sync',
  ];
  const collation = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en'];
  const made = await runQuietly(join(programs, 'initdb'), [...initdb, ...collation], { ...owner, cwd: folder });
  if (made.code !== 0) throw new Error(`PostgreSQL's initdb failed: ${made.output.trim()}`);

  const port = await freePort();
  const own = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '300' };
  const settings = durable ? own : { ...own, ...hasty };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(
    'sh',
    ['-c', lifeline, 'postgres', folder, join(programs, 'postgres'), '-D', data, '-p', String(port), ...options],
    // A group of its own, so that Ctrl-C reaches our tests first and the server last.
    { ...owner, cwd: folder, detached: true, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  const pidFile = join(data, 'postmaster.pid');
  await ready(server, pidFile);
  const crash = async (ms: number) => {
    const again = join(folder, 'again');
    writeFileSync(again, '');
    // Its immediate shutdown: nothing is written any more, so that the next start recovers from the log.
    process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGQUIT');
    await sleep(ms);
    rmSync(again);
    await ready(server, pidFile);
  };
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, crash, stop: () => stop(server) };
}

/** PostgreSQL refuses to run as root: Debian's own user for it, else nobody. */
function unprivileged(): Owner {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user)
    throw new Error('PostgreSQL does not run as root and there is no user postgres: start again as another user.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : 0));
    });
  });
}

/** The server writes its state into the eighth line of postmaster.pid. */
async function ready(server: ChildProcess, pidFile: string): Promise<void> {
  let said = '';
  server.stderr?.on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-4000);
  });
  const deadline = Date.now() + 30_000;
  while (server.exitCode === null && Date.now() < deadline) {
    if (existsSync(pidFile) && readFileSync(pidFile, 'utf8').split('\n')[7]?.trim() === 'ready') return;
    await sleep(20);
  }
  await stop(server);
  throw new Error(`PostgreSQL did not start: ${said.trim() || 'it said nothing for 30 s'}`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('close', resolve));
  server.stdin?.end();
  await ended;
}
