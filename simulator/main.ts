import { tenantSchema } from './config/tenant-config.ts';
import { execute, executeApart } from './exec.ts';
import { faultList } from './faults/fault-table.ts';
import { keepHeapSmall } from './heap.ts';
import { openCertificates } from './hosts/certificates.ts';
import { type Options, readOptions, sameStart, usage } from './options.ts';
import { type SimulatedEntra, simulateEntra } from './simulate-entra.ts';
import { FileFault, readStartFiles, toFileFault } from './start-files.ts';

/** Runs `portico simulate` until SIGINT or SIGTERM. Sets the exit code: 0 ended, 1 could not start, 2 misuse; of exec: the program's. */
export async function runSimulator(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv);
}

const printed = {
  help: () => usage,
  faults: () => faultList(),
  schema: () => `${JSON.stringify(tenantSchema(), null, 2)}\n`,
} as const;

async function run(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options instanceof Error) {
    process.stderr.write(`portico simulate: ${options.message}\n`);
    return 2;
  }
  if (typeof options === 'string') {
    process.stdout.write(printed[options]());
    return 0;
  }
  if (options.apart) return runApart(options);
  keepHeapSmall();
  let entra: SimulatedEntra;
  try {
    entra = await simulateEntra({ ...options, ...readStartFiles(options.files) });
  } catch (error) {
    process.stderr.write(`portico simulate: ${startFault(toFileFault(error, options.files), options)}\n`);
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

/** Begins again where Microsoft's names can lead to this machine, and its ports are its own. */
async function runApart(options: Options): Promise<number> {
  if (process.platform !== 'linux') {
    process.stderr.write('portico simulate: --apart needs Linux; without it a proxy leads programs here.\n');
    return 1;
  }
  const { authority } = await openCertificates(options.certificates, ['localhost']);
  const self = [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'simulate', 'exec'];
  const flags = ['--port=443', '--smtp-port=587', '--imap-port=993', ...sameStart(options), '--no-proxy'];
  return executeApart([...self, ...flags, '--', ...(options.command ?? [''])], authority);
}

function startFault(error: unknown, { port: own, host, certificates }: Options): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const port = error instanceof Error && 'port' in error ? error.port : own;
  const option = port === own ? '--port' : '--smtp-port or --imap-port';
  if (code === 'EADDRINUSE')
    return `port ${port} is taken by another program; choose another with ${option}, or ${option} 0 for any free one.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine; leave out --host or name one that is.`;
  if (error instanceof FileFault) return error.message;
  // What else has a path is about the authority's files.
  if (error instanceof Error && 'path' in error)
    return `its local authority can't be kept in ${certificates} (${error.message}); name another folder with --certificates.`;
  if (code === 'EACCES') return `this user may not listen on port ${port}; choose one above 1023 with ${option}.`;
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
  SMTP, IMAP localhost:${entra.smtp?.port} (STARTTLS), localhost:${entra.imap?.port} (TLS)
  https      ${entra.https?.url}, trusted by who trusts ${entra.https?.authority}
Ctrl+C ends it.
`;
}
