import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execute, executeApart } from './exec.ts';
import { openCertificates } from './hosts/certificates.ts';
import { type SimulatedEntra, type SimulateOptions, simulateEntra } from './simulate-entra.ts';
import { SnapshotFault } from './snapshots/snapshot.ts';

const usage = `portico simulate: simulated Microsoft Entra tenants, in memory

  portico simulate [options]
  portico simulate exec [options] -- COMMAND [ARGUMENT]…    runs a program that takes it for Microsoft

  --port N              port to listen on, by http and https (default 4200, with exec any free one; 0 takes a free one)
  --host NAME           address to listen on (default 127.0.0.1)
  --users N             enabled people in Contoso (default 250)
  --groups N            groups in Contoso (default 12)
  --snapshot FILE       starts as a snapshot is that GET /_control/snapshots/{id} gave, in place of made-up tenants
  --certificates FOLDER where the local authority is kept whose certificate clients have to trust
                        (default ${folderShown()})

With exec:
  --apart               in a network of its own (Linux): Microsoft's names lead here without a proxy, and nothing leads out
  --no-proxy            sets no proxy: Microsoft's names lead here already, by a hosts file
`;

/** Runs `portico simulate` until SIGINT or SIGTERM. Sets the exit code: 0 ended, 1 could not start, 2 misuse; of exec: the program's. */
export async function runSimulator(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv);
}

async function run(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (typeof options === 'string') {
    const asked = options === usage;
    (asked ? process.stdout : process.stderr).write(asked ? usage : `portico simulate: ${options}\n`);
    return asked ? 0 : 2;
  }
  if (options.apart) return runApart(options);
  let entra: SimulatedEntra;
  try {
    entra = await simulateEntra({ ...options, ...readFiles(options.files) });
  } catch (error) {
    process.stderr.write(`portico simulate: ${startFault(error, options)}\n`);
    return 1;
  }
  if (options.command !== undefined) {
    const code = await execute(entra, options.command, { environment: process.env, proxy: options.proxy });
    await entra.close();
    return code;
  }
  // Listens before it says it is ready: whoever waits for that line may signal at once.
  const ended = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  process.stdout.write(describe(entra));
  await ended;
  await entra.close();
  return 0;
}

type Command = readonly [string, ...string[]];

type Options = {
  readonly port: number;
  readonly host: string;
  readonly users: number;
  readonly groups: number;
  /** Files that say how the world starts. */
  readonly files: { readonly snapshot: string | undefined };
  readonly certificates: string;
  /** What `exec` runs. */
  readonly command: Command | undefined;
  readonly apart: boolean;
  readonly proxy: boolean;
};

/** The options, or what is wrong with them. */
function readOptions(argv: readonly string[]): Options | string {
  const runs = argv[0] === 'exec';
  const own = runs ? argv.slice(1) : argv;
  const dashes = runs ? own.indexOf('--') : -1;
  const names = { port: runs ? 0 : 4200, users: 250, groups: 12 };
  try {
    const { values } = parseArgs({
      args: dashes < 0 ? [...own] : own.slice(0, dashes),
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        users: { type: 'string' },
        groups: { type: 'string' },
        snapshot: { type: 'string' },
        certificates: { type: 'string' },
        apart: { type: 'boolean' },
        'no-proxy': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return usage;
    const [program, ...rest] = dashes < 0 ? [] : own.slice(dashes + 1);
    if (runs && program === undefined)
      return 'exec needs a program to run: portico simulate exec [options] -- COMMAND [ARGUMENT]…';
    const of = values.apart === true ? '--apart' : '--no-proxy';
    if (!runs && (values.apart === true || values['no-proxy'] === true))
      return `${of} belongs to portico simulate exec`;
    const number = (name: keyof typeof names, most: number): number => {
      const value = Number(values[name] ?? names[name]);
      if (Number.isInteger(value) && value >= 0 && value <= most) return value;
      throw new RangeError(`--${name} takes a whole number from 0 to ${most}, not '${values[name]}'`);
    };
    return {
      port: number('port', 65_535),
      host: values.host ?? '127.0.0.1',
      users: number('users', 1_000_000),
      groups: number('groups', 100_000),
      files: { snapshot: values.snapshot },
      certificates: values.certificates ?? defaultFolder(),
      command: program === undefined ? undefined : [program, ...rest],
      apart: values.apart === true,
      proxy: values['no-proxy'] !== true,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What is read from the files that the options name. Throws StartFault that names the option. */
function readFiles({ snapshot }: Options['files']): Pick<SimulateOptions, 'snapshot'> {
  if (snapshot === undefined) return {};
  try {
    return { snapshot: readFileSync(snapshot) };
  } catch (error) {
    throw new StartFault(`--snapshot: ${error instanceof Error ? error.message : error}`);
  }
}

/** An option that can't be followed; the message names it. */
class StartFault extends Error {}

function defaultFolder(): string {
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'portico-simulator');
}

function folderShown(): string {
  return defaultFolder().replace(homedir(), '~');
}

/** Begins again where Microsoft's names can lead to this machine, and its ports are its own. */
async function runApart({ users, groups, certificates, files, command = [''] }: Options): Promise<number> {
  if (process.platform !== 'linux') {
    process.stderr.write('portico simulate: --apart needs Linux; without it a proxy leads programs here.\n');
    return 1;
  }
  const { authority } = await openCertificates(certificates, ['localhost']);
  const options = { port: 443, users, groups, certificates };
  const flags = Object.entries({ ...options, ...files }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  const self = [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'simulate', 'exec'];
  return executeApart([...self, ...flags, '--no-proxy', '--', ...command], authority);
}

function startFault(error: unknown, { port, host, certificates, files }: Options): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `port ${port} is taken by another program; choose another with --port, or --port 0 for any free one.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine; leave out --host or name one that is.`;
  if (error instanceof StartFault) return error.message;
  if (error instanceof SnapshotFault) return `--snapshot: ${files.snapshot} ${error.message}.`;
  // What else has a path is about the authority's files.
  if (error instanceof Error && 'path' in error)
    return `its local authority can't be kept in ${certificates} (${error.message}); name another folder with --certificates.`;
  if (code === 'EACCES') return `this user may not listen on port ${port}; choose one above 1023 with --port.`;
  return error instanceof Error ? error.message : String(error);
}

function describe(entra: SimulatedEntra): string {
  const tenants = entra.tenants.map(
    ({ id, name, domain, users, groups }) =>
      `  ${name.padEnd(10)} ${id}  ${domain}, ${users.length} people, ${groups.length} groups`,
  );
  return `Simulated Entra is ready at ${entra.url}
${tenants.join('\n')}
  Metadata   ${entra.url}/${entra.tenants[0]?.domain}/v2.0/.well-known/openid-configuration
  Graph      ${entra.url}/v1.0
  Control    ${entra.url}/_control/tenants
  https      ${entra.https?.url}, trusted by who trusts ${entra.https?.authority}
Ctrl+C ends it.
`;
}
