import type { Certificates } from './hosts/certificates.ts';
import { mailTargets } from './hosts/names.ts';
import { serveImap } from './imap/serve-imap.ts';
import type { Listening } from './server.ts';
import { serveSubmission } from './smtp/serve-submission.ts';
import type { World } from './world.ts';

/** The servers for mail programs that run, and where the proxy leads to them: local ports by `host:port` at Microsoft. */
export type MailServers = {
  readonly smtp: Listening | undefined;
  readonly imap: Listening | undefined;
  readonly targets: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
};

/** Where to listen; a protocol without port is not served, 0 takes a free one. */
export type MailPlaces = {
  readonly host: string;
  readonly smtpPort: number | undefined;
  readonly imapPort: number | undefined;
};

/**
 * Serves SMTP submission and IMAP. Rejects with the system's error when a port is taken, with TypeError without certificates:
 * Exchange speaks both by TLS only.
 */
export async function serveMail(
  world: World,
  certificates: Certificates | undefined,
  { host, smtpPort, imapPort }: MailPlaces,
): Promise<MailServers> {
  const servers: { smtp: Listening | undefined; imap: Listening | undefined } = { smtp: undefined, imap: undefined };
  const close = async (): Promise<void> => {
    await Promise.all([servers.smtp?.close(), servers.imap?.close()]);
  };
  if (smtpPort === undefined && imapPort === undefined) return { ...servers, targets: new Map(), close };
  if (certificates === undefined)
    throw new TypeError('SMTP and IMAP need `certificates`: Exchange speaks them by TLS only');
  try {
    if (imapPort !== undefined) servers.imap = await serveImap(world, { host, port: imapPort }, certificates);
    if (smtpPort !== undefined) servers.smtp = await serveSubmission(world, { host, port: smtpPort }, certificates);
  } catch (error) {
    await close();
    throw error;
  }
  const targets = [...mailTargets].flatMap(([target, protocol]): [string, number][] => {
    const server = servers[protocol];
    return server === undefined ? [] : [[target, server.port]];
  });
  return { ...servers, targets: new Map(targets), close };
}
