import { randomUUID } from 'node:crypto';
import type { Tenant } from '../directory/tenant.ts';
import { clouds } from '../hosts/clouds.ts';
import { issuerOf, stsIssuerOf } from '../sign-in/authority.ts';
import { signToken } from '../token/sign.ts';
import type { World } from '../world.ts';
import type { Job, OAuthSettings } from './job.ts';
import { exchange, TargetMisconfigured } from './scim-request.ts';

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** An access token is asked for anew so long before its end. */
const earlyMs = 60_000;

/** Gives what stands behind `Bearer`; `refused` is what the target did not take. */
export type Bearer = (refused?: string) => Promise<string>;

/**
 * How a job authenticates (use-scim-to-provision-users-and-groups): by its Secret Token, by an access token for client
 * credentials or for an assertion that the tenant signs, or, where everything is left blank, by a token of Entra's own.
 */
export function authenticate(world: World, job: Job): Bearer {
  return async (refused) => {
    const { authentication, secretToken } = job.settings;
    if (authentication === null) return secretToken === '' ? ownToken(world, job) : secretToken;
    const known = job.access;
    const isGood = known?.of === authentication && known.value !== refused;
    if (known !== undefined && isGood && known.expiresAt - earlyMs > world.clock.now()) return known.value;
    const { asking } = world.underWay;
    const asked = asking.get(job) ?? askForToken(world, job, authentication).finally(() => asking.delete(job));
    asking.set(job, asked);
    return asked;
  };
}

function tenantOf({ tenants }: World, { tenantId }: Job): Tenant {
  const tenant = tenants.get(tenantId);
  if (tenant === undefined) throw new TargetMisconfigured(`The job's tenant ${tenantId} is gone`);
  return tenant;
}

/** Entra's own token where the Secret Token is left blank; the audience is the same for all custom apps of a cloud. */
function ownToken(world: World, job: Job): Promise<string> {
  const tenant = tenantOf(world, job);
  return signToken(world, {
    iss: stsIssuerOf(tenant),
    aud: clouds[tenant.cloud].nonGalleryTemplateId,
    tid: tenant.id,
    ver: '1.0',
  });
}

async function askForToken(world: World, job: Job, settings: OAuthSettings): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(await proof(world, job, settings)) });
  const basic = (text: string) => encodeURIComponent(text);
  const credentials = 'clientSecret' in settings ? `${basic(settings.clientId)}:${basic(settings.clientSecret)}` : '';
  const { status, body } = await exchange(world.send, settings.tokenEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...('clientSecret' in settings && settings.sentIn !== 'body'
        ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
        : {}),
    },
    body: form.toString(),
  });
  const { access_token: value, expires_in: seconds } = body;
  if (status !== 200 || typeof value !== 'string' || typeof seconds !== 'number') {
    const said = [body['error'], body['error_description']].filter((it) => typeof it === 'string').join(': ');
    throw new TargetMisconfigured(`The token endpoint answered ${status} ${said}`.trim());
  }
  job.access = { of: settings, value, expiresAt: world.clock.now() + seconds * 1000 };
  return value;
}

/** What of the form says who asks (RFC 6749 §2.3.1; RFC 7523 §2.2). */
async function proof(world: World, job: Job, settings: OAuthSettings): Promise<Record<string, string>> {
  if ('clientSecret' in settings) {
    const { clientId, clientSecret, sentIn } = settings;
    return sentIn === 'header' ? {} : { client_id: clientId, client_secret: clientSecret };
  }
  const { clientId, subject, audience } = settings;
  const issuer = issuerOf(job.origin, tenantOf(world, job));
  const appId = audience.replace(/^api:\/\//, '').replace(/\/\.default$/, '');
  const claims = { aud: audience, iss: issuer, idp: issuer, appid: appId, appidacr: '2', oid: subject, sub: subject };
  return {
    client_id: clientId,
    client_assertion_type: jwtBearer,
    client_assertion: await signToken(world, { ...claims, tid: job.tenantId, ver: '2.0', uti: randomUUID() }),
    scope: 'scim',
  };
}
