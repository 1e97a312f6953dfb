import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { createTransport, type SentMessageInfo, type Transporter } from 'nodemailer';
import type { SimulateOptions } from './index.ts';
import { type ExchangeAdmin, type ExchangeApp, exchangeAdmin, registerForExchange } from './test-exchange.ts';
import { appToken } from './test-graph.ts';
import { startTestEntra, type TestEntra } from './test-tenant.ts';

/** A simulator that serves SMTP and IMAP, with three people of Contoso and Exchange's administrator. */
export type MailStage = TestEntra & {
  readonly ca: string;
  readonly admin: ExchangeAdmin;
  readonly anna: string;
  readonly bo: string;
};

/** Starts one; SMTP AUTH is on, as it is off in new tenants. */
export async function startMailStage(options: SimulateOptions = {}): Promise<MailStage> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-mail-'));
  const entra = await startTestEntra({
    users: 3,
    groups: 0,
    certificates: folder,
    smtpPort: 0,
    imapPort: 0,
    ...options,
  });
  const admin = exchangeAdmin(entra);
  await admin('PATCH', '/transport-config', { smtpClientAuthenticationDisabled: false });
  const [anna, bo] = entra.contoso.users.map(({ mail }) => String(mail));
  return {
    ...entra,
    ca: readFileSync(entra.https?.authority ?? '', 'utf8'),
    admin,
    anna: String(anna),
    bo: String(bo),
    [Symbol.asyncDispose]: async () => {
      await entra.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** An app that Exchange knows, with FullAccess on a mailbox. */
export async function mailApp(
  stage: MailStage,
  permissions: readonly string[],
  mailbox: string | undefined = stage.anna,
): Promise<ExchangeApp> {
  const app = await registerForExchange(stage, permissions);
  await stage.admin('POST', '/service-principals', { appId: app.appId, objectId: app.enterpriseId });
  if (mailbox !== undefined)
    await stage.admin('POST', `/mailboxes/${mailbox}/permissions`, {
      user: app.enterpriseId,
      accessRights: ['FullAccess'],
    });
  return app;
}

/** A token of the app for Exchange. */
export const exchangeToken = (stage: MailStage, app: ExchangeApp): Promise<string> =>
  appToken(stage, app, 'https://outlook.office365.com/.default');

/** nodemailer, unmodified, with XOAUTH2. */
export function smtpClient(
  { smtp, ca }: MailStage,
  user: string,
  accessToken: string,
  more: Readonly<Record<string, unknown>> = {},
): Transporter<SentMessageInfo> {
  const options = { host: 'localhost', port: smtp?.port ?? 0, requireTLS: true, tls: { ca }, ...more };
  return createTransport({ ...options, auth: { type: 'OAuth2', user, accessToken } });
}

/** imapflow, unmodified, with XOAUTH2. */
export function imapClient(
  { imap, ca }: MailStage,
  user: string,
  accessToken: string,
  more: Readonly<Record<string, unknown>> = {},
): ImapFlow {
  const options = {
    host: 'localhost',
    port: imap?.port ?? 0,
    secure: true,
    tls: { ca },
    logger: false as const,
    ...more,
  };
  const client = new ImapFlow({ ...options, auth: { user, accessToken } });
  client.on('error', () => undefined);
  return client;
}
