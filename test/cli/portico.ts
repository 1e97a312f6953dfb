import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Caller, issueKey } from '#access';
import type { EntraWorld } from '#connections';
import { allRights, type Right } from '#contract';
import { startPortico } from '../../bin/compose.ts';

const root = join(import.meta.dirname, '../..');

/** What a command did. */
export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** A server that listens, and the command line against it. */
export interface Server {
  url: string;
  /** Runs `portico …` with a key that has every right. */
  portico(args: readonly string[], input?: string): Promise<Ran>;
  /** The same, and its answer by `--json`. */
  json<Answer>(args: readonly string[], input?: string): Promise<Answer>;
  /** Runs it with other settings; `undefined` takes one away. */
  porticoWith(settings: Record<string, string | undefined>, args: readonly string[], input?: string): Promise<Ran>;
  keyWith(rights: readonly Right[]): Promise<string>;
  /** Starts a command that does not end by itself. */
  start(args: readonly string[]): { lines: AsyncIterator<string>; end(): Promise<number | null> };
  /** Calls REST directly. */
  rest(method: string, path: string, body?: unknown): Promise<unknown>;
  folder: string;
  stop(): Promise<void>;
}

/** Starts Portico on a free port with the world given; the world is closed along with it. */
export async function serve(world: EntraWorld): Promise<Server> {
  const running = await startPortico({ ...world, config: { ...world.config, port: 0 } });
  const url = `http://127.0.0.1:${running.port}`;
  const folder = mkdtempSync(join(tmpdir(), 'portico-cli-'));
  const owner: Caller = {
    type: 'operator',
    id: 'test',
    name: 'Test',
    rights: new Set(allRights),
    organization: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
    sessionId: null,
    source: { requestId: 'test', address: '127.0.0.1', userAgent: null },
  };
  const keyWith = async (rights: readonly Right[]) =>
    (await issueKey(world, owner, { name: 'Command line', rights: [...rights], organization: null })).value;
  const key = await keyWith(allRights);
  const settings = { PORTICO_URL: url, PORTICO_API_KEY: key, XDG_CONFIG_HOME: folder };
  const porticoWith: Server['porticoWith'] = (more, args, input) => runPortico({ ...settings, ...more }, args, input);
  return {
    url,
    folder,
    porticoWith,
    keyWith,
    portico: (args, input) => porticoWith({}, args, input),
    start: (args) => {
      const child = spawnPortico(settings, args);
      return {
        lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
        end: async () => {
          child.kill();
          const [code]: (number | null)[] = await once(child, 'close');
          return code ?? null;
        },
      };
    },
    json: async (args, input) => {
      const { code, out, err } = await porticoWith({}, [...args, '--json'], input);
      if (code !== 0) throw new Error(`portico ${args.join(' ')}: exit code ${code}\n${err}`);
      return JSON.parse(out);
    },
    rest: async (method, path, body) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return answer.json();
    },
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function spawnPortico(settings: Record<string, string | undefined>, args: readonly string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PORTICO_|FORCE_COLOR)/.test(name)));
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/portico.ts', ...args], {
    cwd: root,
    env: { ...env, ...settings },
    stdio: 'pipe',
  });
}

/** Runs `portico …` with these settings and no others. */
export function runPortico(
  settings: Record<string, string | undefined>,
  args: readonly string[],
  input = '',
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawnPortico(settings, args);
    let out = '';
    let err = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
    });
    child.stderr.on('data', (part: Buffer) => {
      err += part.toString();
    });
    child.on('close', (code) => resolve({ code, out, err }));
    // A command that ends without reading its input closes the pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
