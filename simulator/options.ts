import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** What `portico simulate --help` prints. */
export const usage = `portico simulate: simulated Microsoft Entra tenants, in memory

  portico simulate [options]
  portico simulate exec [options] -- COMMAND [ARGUMENT]…    runs a program that takes it for Microsoft
  portico simulate faults                                   prints the misfortunes that can be called by name
  portico simulate schema                                   prints the JSON Schema of the file for --tenant

  --port N              port to listen on, by http and https (default 4200, with exec any free one; 0 takes a free one)
  --host NAME           address to listen on (default 127.0.0.1)
  --smtp-port N         port of SMTP submission (default any free one)
  --imap-port N         port of IMAP (default any free one)
  --users N             enabled people in Contoso (default 250)
  --groups N            groups in Contoso (default 12)
  --tenant FILE         a tenant by description (JSON), in place of Contoso and Fabrikam; may be given several times
  --seed N              another seed makes other people, groups and ids (default 1)
  --snapshot FILE       starts as a snapshot is that GET /_control/snapshots/{id} gave, in place of made-up tenants
  --certificates FOLDER where the local authority is kept whose certificate clients have to trust
                        (default ${defaultFolder().replace(homedir(), '~')})

With exec:
  --apart               in a network of its own (Linux): Microsoft's names lead here without a proxy, and nothing leads out
  --no-proxy            sets no proxy: Microsoft's names lead here already, by a hosts file
`;

/** A program with its arguments. */
export type Command = readonly [string, ...string[]];

/** How `portico simulate` was called. */
export type Options = {
  readonly port: number;
  readonly smtpPort: number;
  readonly imapPort: number;
  readonly host: string;
  readonly users: number;
  readonly groups: number;
  readonly seed: number;
  /** Files that say how the world starts. */
  readonly files: { readonly tenants: readonly string[]; readonly snapshot: string | undefined };
  readonly certificates: string;
  /** What `exec` runs. */
  readonly command: Command | undefined;
  readonly apart: boolean;
  readonly proxy: boolean;
};

/** The options, what is to be printed instead, or what is wrong with them. */
export function readOptions(argv: readonly string[]): Options | 'help' | 'faults' | 'schema' | Error {
  const [first] = argv;
  if ((first === 'faults' || first === 'schema') && argv.length === 1) return first;
  const runs = first === 'exec';
  const own = runs ? argv.slice(1) : argv;
  const dashes = runs ? own.indexOf('--') : -1;
  const names = { port: runs ? 0 : 4200, 'smtp-port': 0, 'imap-port': 0, users: 250, groups: 12, seed: 1 };
  try {
    const { values } = parseArgs({
      args: dashes < 0 ? [...own] : own.slice(0, dashes),
      options: {
        port: { type: 'string' },
        'smtp-port': { type: 'string' },
        'imap-port': { type: 'string' },
        host: { type: 'string' },
        users: { type: 'string' },
        groups: { type: 'string' },
        tenant: { type: 'string', multiple: true },
        seed: { type: 'string' },
        snapshot: { type: 'string' },
        certificates: { type: 'string' },
        apart: { type: 'boolean' },
        'no-proxy': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return 'help';
    const [program, ...rest] = dashes < 0 ? [] : own.slice(dashes + 1);
    if (runs && program === undefined)
      throw new RangeError('exec needs a program to run: portico simulate exec [options] -- COMMAND [ARGUMENT]…');
    const of = values.apart === true ? '--apart' : '--no-proxy';
    if (!runs && (values.apart === true || values['no-proxy'] === true))
      throw new RangeError(`${of} belongs to portico simulate exec`);
    const made = (['users', 'groups'] as const).find((name) => values[name] !== undefined);
    if (values.tenant !== undefined && made !== undefined)
      throw new RangeError(`--${made} is about Contoso, which --tenant replaces; say it in the file`);
    const other = (['tenant', 'users', 'groups', 'seed'] as const).find((name) => values[name] !== undefined);
    if (values.snapshot !== undefined && other !== undefined)
      throw new RangeError(`--${other} is about a world to be made, and --snapshot brings one`);
    const number = (name: keyof typeof names, most: number): number => {
      const value = Number(values[name] ?? names[name]);
      if (Number.isInteger(value) && value >= 0 && value <= most) return value;
      throw new RangeError(`--${name} takes a whole number from 0 to ${most}, not '${values[name]}'`);
    };
    return {
      port: number('port', 65_535),
      smtpPort: number('smtp-port', 65_535),
      imapPort: number('imap-port', 65_535),
      host: values.host ?? '127.0.0.1',
      users: number('users', 1_000_000),
      groups: number('groups', 100_000),
      seed: number('seed', 2 ** 32 - 1),
      files: { tenants: values.tenant ?? [], snapshot: values.snapshot },
      certificates: values.certificates ?? defaultFolder(),
      command: program === undefined ? undefined : [program, ...rest],
      apart: values.apart === true,
      proxy: values['no-proxy'] !== true,
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The options by which a simulator that is begun again in a network of its own starts as this one would. */
export function sameStart({ users, groups, seed, certificates, files }: Options): string[] {
  const made = files.tenants.length === 0 && files.snapshot === undefined;
  return [
    `--certificates=${certificates}`,
    ...(made ? [`--users=${users}`, `--groups=${groups}`] : []),
    ...(files.snapshot === undefined ? [`--seed=${seed}`] : [`--snapshot=${files.snapshot}`]),
    ...files.tenants.map((file) => `--tenant=${file}`),
  ];
}

function defaultFolder(): string {
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'portico-simulator');
}
