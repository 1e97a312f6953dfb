import { fillTenants, makeJobs, planTenants } from './config/fill-tenants.ts';
import { readTenantConfigs, type TenantConfig } from './config/tenant-config.ts';
import type { Group, Tenant, User } from './directory/tenant.ts';
import { createDoors } from './doors.ts';
import { answerWithFaults } from './faults/answer-with-faults.ts';
import { openCertificates } from './hosts/certificates.ts';
import { allHosts } from './hosts/names.ts';
import { openPostOffice } from './mail/post-office.ts';
import { answerWithLog } from './request-log.ts';
import { serveMail } from './serve-mail.ts';
import { listen } from './server.ts';
import { restoreSnapshot, takeSnapshot } from './snapshots/snapshot.ts';
import { createWorld, type World } from './world.ts';

/** How to start; everything has a default. */
export type SimulateOptions = {
  /** Port to listen on; 0 takes a free one. Default 0. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** People of Contoso whose account is enabled, one guest included; two disabled ones come on top. Default 250. */
  readonly users?: number;
  /** Groups of Contoso. Default 12. */
  readonly groups?: number;
  /** The time from which the simulator's clock starts, epoch milliseconds. Default Date.now. */
  readonly now?: () => number;
  /** Speaks https too, at the same port, by a local authority that this folder keeps; `https.authority` is what to trust. */
  readonly certificates?: string;
  /** Port of SMTP submission, by STARTTLS; 0 takes a free one. Needs `certificates`; not served, when left out. */
  readonly smtpPort?: number;
  /** Port of IMAP, by TLS; 0 takes a free one. Needs `certificates`; not served, when left out. */
  readonly imapPort?: number;
  /** The same seed makes the same people, groups and ids. Default 1. */
  readonly seed?: number;
  /** Tenants by description, in place of Contoso and Fabrikam; `users` and `groups` then count for nothing. */
  readonly tenants?: readonly TenantConfig[];
  /** Two private keys (RSA, PEM) to sign tokens with at first, in place of fresh ones: to make these takes most of the start. */
  readonly signingKeys?: readonly [string, string];
  /** Starts as this snapshot is, in place of made-up tenants. */
  readonly snapshot?: Uint8Array;
};

/** A tenant as tests see it; users and groups are those of the moment. */
export type SimulatedTenant = {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly domains: readonly string[];
  readonly users: readonly Readonly<User>[];
  readonly groups: readonly Readonly<Group>[];
};

/** A running simulator. */
export type SimulatedEntra = {
  /** Login host and Graph root at once: Graph is `url` + `/v1.0`. */
  readonly url: string;
  /** With `certificates`: the same by https, and the file (PEM) of the authority to trust. */
  readonly https: { readonly url: string; readonly authority: string } | undefined;
  /** Ports of SMTP submission and IMAP, where they are served. */
  readonly smtp: { readonly port: number } | undefined;
  readonly imap: { readonly port: number } | undefined;
  /** Contoso first, then Fabrikam; or those of `tenants`. */
  readonly tenants: readonly SimulatedTenant[];
  /** The whole world as it is now, the clock's setting included: for `restore`, or a file. */
  readonly snapshot: () => Uint8Array;
  /**
   * Puts the world back as it was, in this simulator or another one. Cycles under way end; started jobs go on from where the
   * snapshot has them. Throws SnapshotFault for what is no snapshot of this version.
   */
  readonly restore: (snapshot: Uint8Array) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Starts a simulated Entra with two tenants, or those described, all in memory. Rejects with the system's error when the port
 * is taken, with ConfigFault or SnapshotFault for what it can't start from.
 */
export async function simulateEntra(options: SimulateOptions = {}): Promise<SimulatedEntra> {
  const { port = 0, host = '127.0.0.1', users = 250, groups = 12, now = Date.now, seed = 1 } = options;
  const end = new AbortController();
  const configs = readTenantConfigs(options.tenants ?? []);
  const planned = configs.length === 0 ? {} : { tenants: planTenants(configs) };
  const { signingKeys } = options;
  const world = await createWorld({ users, groups, now, seed, signingKeys, ending: end.signal, ...planned });
  const doors = createDoors(world);
  if (configs.length > 0) await fillTenants(world, doors, configs);
  if (options.snapshot !== undefined) await restoreSnapshot(world, options.snapshot);
  openPostOffice(world);
  const answer = answerWithLog(world, answerWithFaults(world, doors));
  const certificates =
    options.certificates === undefined
      ? undefined
      : await openCertificates(options.certificates, [...allHosts, 'localhost', '127.0.0.1', '::1']);
  const { smtpPort, imapPort } = options;
  const mail = await serveMail(world, certificates, { host, smtpPort, imapPort });
  const server = await listen(answer, { host, port }, certificates, mail.targets).catch(async (error: unknown) => {
    await mail.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    end.abort();
    await Promise.all([server.close(), mail.close()]);
  };
  const url = `http://localhost:${server.port}`;
  try {
    await makeJobs(world, doors, configs, url);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    https: certificates && { url: `https://localhost:${server.port}`, authority: certificates.authority },
    smtp: mail.smtp && { port: mail.smtp.port },
    imap: mail.imap && { port: mail.imap.port },
    tenants: [...world.tenants.values()].map((tenant) => showTenant(world, tenant)),
    snapshot: () => takeSnapshot(world),
    restore: (snapshot) => restoreSnapshot(world, snapshot),
    close,
  };
}

/** Looks the tenant up each time: after a restore it is another one of the same id. */
function showTenant({ tenants }: World, { id, name, domain, domains }: Tenant): SimulatedTenant {
  return {
    id,
    name,
    domain,
    domains,
    get users() {
      return [...(tenants.get(id)?.users.values() ?? [])];
    },
    get groups() {
      return [...(tenants.get(id)?.groups.values() ?? [])];
    },
  };
}
