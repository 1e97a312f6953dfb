import { parseArgs } from 'node:util';
import { type SimulatedEntra, simulateEntra } from './simulate-entra.ts';

const usage = `portico simulate: simulated Microsoft Entra tenants, in memory

  --port N      port to listen on (default 4200; 0 takes a free one)
  --host NAME   address to listen on (default 127.0.0.1)
  --users N     enabled people in Contoso (default 250)
  --groups N    groups in Contoso (default 12)
`;

/** Runs `portico simulate` until SIGINT or SIGTERM. Sets the exit code: 0 ended, 1 could not start, 2 misuse. */
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
  let entra: SimulatedEntra;
  try {
    entra = await simulateEntra(options);
  } catch (error) {
    process.stderr.write(`portico simulate: ${startFault(error, options)}\n`);
    return 1;
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

type Options = { readonly port: number; readonly host: string; readonly users: number; readonly groups: number };

/** The options, or what is wrong with them. */
function readOptions(argv: readonly string[]): Options | string {
  const names = { port: 4200, users: 250, groups: 12 };
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        users: { type: 'string' },
        groups: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return usage;
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
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function startFault(error: unknown, { port, host }: Options): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `port ${port} is taken by another program; choose another with --port, or --port 0 for any free one.`;
  if (code === 'EACCES') return `this user may not listen on port ${port}; choose one above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine; leave out --host or name one that is.`;
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
Ctrl+C ends it.
`;
}
