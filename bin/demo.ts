import { parseArgs } from 'node:util';
import { newNotes, steps } from '../demo/journey.ts';
import { type Stage, type StageOptions, setStage } from '../demo/stage.ts';
import { program } from '../demo/terminal.ts';

const usage = `usage: npm run demo -- [--check] [--database sqlite|postgres] [--break STEP]
  --check      goes through the journey, prints a line for each step, and ends
  --database   what Portico runs on; sqlite by default
  --break      spoils one step, to see it fail: ${steps.map(({ name }) => name).join(', ')}`;

/** `portico demo`: Portico, a simulated tenant and a small product, and a customer who goes all the way. */
export async function demo(args: string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) {
    console.error(usage);
    process.exit(2);
  }
  const { check, spoiled, database } = options;
  const postgres = database === 'postgres' ? await (await import('../scripts/postgres.ts')).startPostgres() : undefined;
  const ports = check
    ? { portico: 0, tenant: 0, product: 0, singlePage: 0 }
    : { portico: 3000, tenant: 3001, product: 3002, singlePage: 3003 };
  let stage: Stage | undefined;
  let failed = false;
  try {
    if (!check && import.meta.url.endsWith('.ts')) await buildConsole();
    stage = await prepare({ ports, ...(postgres === undefined ? {} : { databaseUrl: postgres.url }) });
    failed = !(await walk(stage, spoiled));
    if (!check && !failed) await stayUp(stage);
  } finally {
    await stage?.close();
    await postgres?.stop();
  }
  process.exit(failed ? 1 : 0);
}

async function buildConsole(): Promise<void> {
  console.log('building the console where it is not built yet …');
  await (await import('../scripts/build-console.ts')).buildConsole();
}

async function prepare(options: StageOptions): Promise<Stage> {
  const started = performance.now();
  const stage = await setStage(options).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? new Error(
          `port ${String('port' in error ? error.port : '')} is taken; end what listens there, or run: npm run demo -- --check`,
        )
      : error;
  });
  report(
    'ok',
    'start',
    'Portico, the tenant Contoso and the product answer',
    `Portico was ready after ${Math.round(stage.server().readyAfterMs)} ms`,
    started,
  );
  return stage;
}

/** Goes through the steps; says whether all passed. Ends at the first that does not: the next ones build on it. */
async function walk(stage: Stage, spoiled: string | undefined): Promise<boolean> {
  const notes = newNotes();
  for (const { name, title, run, spoil } of steps) {
    const started = performance.now();
    try {
      if (name === spoiled) await spoil(stage, notes);
      report('ok', name, title, await run(stage, notes), started);
    } catch (error) {
      report('FAILED', name, title, inOneLine(error), started);
      return false;
    }
  }
  return true;
}

/** What went wrong, in the one line that a step has: messages of assertions come in several. */
const inOneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ').trim();

function report(outcome: 'ok' | 'FAILED', name: string, title: string, saw: string, started: number): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  console.log(`${outcome.padEnd(6)} ${seconds} s  ${name.padEnd(9)}  ${title}: ${saw}`);
}

async function stayUp(stage: Stage): Promise<void> {
  const { signInLink } = await stage.operator('operators.create', { body: { name: 'You', role: 'owner' } });
  console.log(`
It all stays up until Ctrl-C. Where to look:
  the console (once)    ${signInLink.url}
  the product           ${stage.product.url}/
  a single-page app     ${stage.singlePage.url}/
  a command line        ${commandLineOf(stage)} login
  the tenant            ${stage.tenantUrl}/
Sign in to the product as anybody of ${stage.admin.domain}; see the tenant's people at its address.`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** What starts the command line product. */
const commandLineOf = ({ porticoUrl, commandLine }: Stage): string =>
  `FABULOUS_PORTICO=${porticoUrl} FABULOUS_CLIENT=${commandLine.clientId} node ${program}`;

function readOptions(args: string[]): { check: boolean; spoiled: string | undefined; database: string } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        check: { type: 'boolean', default: false },
        database: { type: 'string', default: 'sqlite' },
        break: { type: 'string' },
      },
    });
    const known = values.break === undefined || steps.some(({ name }) => name === values.break);
    if (!known || !['sqlite', 'postgres'].includes(values.database)) return undefined;
    return { check: values.check || values.break !== undefined, spoiled: values.break, database: values.database };
  } catch {
    return undefined;
  }
}
