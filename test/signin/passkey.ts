import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { type Browser, openBrowser, type Page } from './browser.ts';
import { post } from './local.ts';
import type { Stage } from './stage.ts';

/** What may be other than it should be in an answer. */
export interface Forged {
  /** Whose the passkey says it is. */
  organization?: string;
  account?: string;
  origin?: string;
  rpId?: string;
  /** The sign-in page it is used on. */
  path?: string;
}

/** A passkey without a device: signs what a page asks for. */
export interface SoftPasskey {
  signIn(browser?: Browser, forged?: Forged): Promise<Page & { browser: Browser }>;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: string | Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Gives an account of the stage a passkey (ES256), as if its person had made it. */
export async function addSoftPasskey(stage: Stage, account: string): Promise<SoftPasskey> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // A COSE key (RFC 9053 §7.1): kty EC2, alg ES256, crv P-256, x, y.
  const part = (label: string, value: string) => [Buffer.from(`${label}5820`, 'hex'), Buffer.from(value, 'base64url')];
  const cose = Buffer.concat([Buffer.from('a5010203262001', 'hex'), ...part('21', x), ...part('22', y)]);
  const id = base64(randomBytes(16));
  await stage.sql(
    `insert into passkey (organization_id, id, account_id, name, public_key, counter, transports, backed_up, created_at)
     values ('${stage.organizationId}', '${id}', '${account}', 'Soft', '${base64(cose)}', 0, '[]', 0, 0)`,
  );
  return {
    signIn: async (browser = openBrowser(), forged = {}) => {
      const { organization = stage.organizationId, origin = stage.url, rpId = new URL(stage.url).hostname } = forged;
      const path = forged.path ?? `/login?organization=${stage.organizationId}`;
      const shown = await browser.open(`${stage.url}${path}`);
      const [, challenge = ''] = /data-challenge="([^"]+)"/.exec(shown.html) ?? [];
      const clientData = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
      // Present and verified (WebAuthn §6.1), with the counter that an authenticator without one has.
      const authenticatorData = Buffer.concat([sha256(rpId), Buffer.from([0x05, 0, 0, 0, 0])]);
      const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
      const handle = Buffer.from(`${organization}${forged.account ?? account}`.replaceAll('-', ''), 'hex');
      const response = {
        clientDataJSON: base64(clientData),
        authenticatorData: base64(authenticatorData),
        signature: base64(signature),
        userHandle: base64(handle),
      };
      const [, action = path] = /<form id="passkey" method="post" action="([^"]+)"/.exec(shown.html) ?? [];
      const page = await post(stage, action, { credential: JSON.stringify({ id, response }) }, { browser });
      return { ...page, browser };
    },
  };
}
