import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Call, createClient } from '#contract';
import { simulateEntra } from '../simulator/index.ts';
import { openBrowser, visible } from './browser.ts';
import { type ProductSettings, startProduct } from './product.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { type SinglePageSettings, startSinglePage } from './single-page.ts';
import { type TenantAdmin, tenantAdmin } from './tenant.ts';

/** Where the demo is to run. */
export interface StageOptions {
  ports: { portico: number; tenant: number; product: number; singlePage?: number };
  /** A PostgreSQL to run on; SQLite in a folder of its own otherwise. */
  databaseUrl?: string;
  /** People of the tenant. Default 250. */
  users?: number;
  /** How many sign in while a secret is replaced. Default 200. */
  signIns?: number;
}

/** Everybody who takes part: Portico, the tenant and its admin, the product, and the operator. */
export interface Stage {
  porticoUrl: string;
  tenantUrl: string;
  users: number;
  signIns: number;
  product: Awaited<ReturnType<typeof startProduct>>;
  /** Another product: a single-page app with its API. */
  singlePage: Awaited<ReturnType<typeof startSinglePage>>;
  /** And one on the command line: who it is for Portico, and the file that keeps its token. */
  commandLine: { clientId: string; file: string };
  admin: TenantAdmin;
  server: () => ServerProcess;
  /** Stops Portico and starts it again; `kill` as a power cut would. */
  restart(how?: 'kill'): Promise<void>;
  /** The operator's API client; there from the first sign-in on. */
  operator: Call;
  /** What the product is told; filled in as the operator sets it up. */
  told: ProductSettings & { webhook: string };
  toldSinglePage: SinglePageSettings;
  close(): Promise<void>;
}

/** Starts Portico, a simulated tenant and the product, and signs the operator in by the link that the start printed. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-demo-'));
  const porticoPort = options.ports.portico || (await freePort());
  const porticoUrl = `http://localhost:${porticoPort}`;
  const { users = 250, signIns = 200 } = options;
  const entra = await simulateEntra({ port: options.ports.tenant, users });
  const told = {
    portico: porticoUrl,
    clientId: '',
    clientSecret: '',
    apiKey: '',
    connection: 'contoso',
    mailbox: '',
    webhook: '',
    webhookSecret: () => told.webhook,
  };
  const product = await startProduct(options.ports.product, () => told);
  const toldSinglePage = { portico: porticoUrl, clientId: '', resource: 'https://tasks.fabulous.example' };
  const singlePage = await startSinglePage(options.ports.singlePage ?? 0, () => toldSinglePage);
  const settings: Record<string, string> = {
    PORTICO_PORT: String(porticoPort),
    PORTICO_DATA: join(folder, 'data'),
    PORTICO_SIMULATOR_URL: entra.url,
    PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true',
    ...(options.databaseUrl === undefined
      ? {}
      : { PORTICO_DATABASE_URL: options.databaseUrl, PORTICO_SEALING_KEYS: randomBytes(32).toString('base64') }),
  };
  let server = await startServer(porticoUrl, settings, 'first');
  const key = await operatorKey(porticoUrl, server.signInLink ?? '');
  return {
    porticoUrl,
    tenantUrl: entra.url,
    users,
    signIns,
    product,
    singlePage,
    commandLine: { clientId: '', file: join(folder, 'fabulous/token.json') },
    admin: await tenantAdmin(entra.url, 'Contoso'),
    server: () => server,
    restart: async (how) => {
      await server.stop(how);
      server = await startServer(porticoUrl, settings, 'again');
    },
    operator: createClient({ url: porticoUrl, key }),
    told,
    toldSinglePage,
    close: async () => {
      await server.stop();
      await product.stop();
      await singlePage.stop();
      await entra.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Signs in to the console by the one-time link, and issues an API key there, as an operator would. */
async function operatorKey(porticoUrl: string, link: string): Promise<string> {
  let cookie = '';
  const browser = openBrowser((name, value) => {
    if (name === '__Host-portico_console') cookie = `${name}=${value}`;
  });
  const page = await browser.submit(await browser.open(link), {});
  if (cookie === '') throw new Error(`the sign-in link did not sign in: ${visible(page.html)}`);
  const asConsole: typeof fetch = (input, init) =>
    fetch(input, { ...init, headers: { ...init?.headers, cookie, origin: porticoUrl } });
  const console = createClient({ url: porticoUrl, fetch: asConsole });
  const { rights } = await console('session.get', {});
  return (await console('keys.create', { body: { name: 'demo operator', rights } })).value;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
