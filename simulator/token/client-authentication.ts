import type { Application, PasswordCredential } from '../applications/application.ts';
import { mayBeUsedIn } from '../applications/register.ts';
import { judgeSecret } from '../applications/secrets.ts';
import { numberOf } from '../faults/faults.ts';
import { header } from '../http/exchange.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import type { Authority } from '../sign-in/authority.ts';
import type { World } from '../world.ts';
import { checkAssertion } from './client-assertion.ts';
import { needed, type TokenRequest } from './token-request.ts';

/** A client at the token endpoint, and by what it proved to be who it says. */
export type Client = { readonly application: Application; readonly proof: 'none' | 'secret' | 'assertion' };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads who the client is from the form or the Basic header, and proves it by its secret or its assertion. */
export async function authenticateClient({ world, authority, exchange, form, trail }: TokenRequest): Promise<Client> {
  const basic = readBasic(header(exchange, 'authorization'));
  const clientId = basic?.clientId ?? needed(form, 'client_id');
  if (basic !== undefined && form.has('client_id') && basic.clientId !== form.get('client_id')) {
    throw new AadstsError(7000110, 'The request names two different application identifiers');
  }
  const application = findApplication(world, authority, clientId);
  trail.appId = application.appId;
  // A parameter without a value counts as one that is not there (RFC 6749 §3.2).
  const secret = form.get('client_secret') || basic?.secret || null;
  if (form.has('client_assertion')) {
    await checkAssertion({ world, authority, exchange }, application, form);
    return { application, proof: 'assertion' };
  }
  if (secret === null) return { application, proof: 'none' };
  const own = authority.tenant?.servicePrincipals.get(application.appId)?.passwordCredentials ?? [];
  checkSecret(world, application, own, secret);
  return { application, proof: 'secret' };
}

/** Throws AADSTS700038 for an id no application has, 700016 for one that is not to be used in this tenant. */
function findApplication(world: World, authority: Authority, clientId: string): Application {
  if (world.applications.has(clientId.toLowerCase())) return applicationAt(world, authority, clientId);
  throw new AadstsError(
    700038,
    uuid.test(clientId)
      ? `Application with identifier '${clientId}' was not found; check the client id`
      : `'${clientId}' is not a valid application identifier; it must be the application (client) id, a GUID`,
  );
}

/** The application of a client id that may be used at an authority. Throws AADSTS700016. */
export function applicationAt(world: World, { tenant, path }: Authority, clientId: string): Application {
  const application = world.applications.get(clientId.toLowerCase());
  if (application !== undefined && (tenant === undefined || mayBeUsedIn(world, application, tenant)))
    return application;
  throw new AadstsError(
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant?.name ?? path}'`,
  );
}

/** A secret of the application, or one that its enterprise app in the tenant has of its own. */
function checkSecret(world: World, application: Application, own: readonly PasswordCredential[], secret: string): void {
  const delay = world.faults.list().find(({ name }) => name === 'secret-delay');
  const judgement = judgeSecret(
    { passwordCredentials: [...application.passwordCredentials, ...own] },
    secret,
    world.clock.now(),
    (delay && numberOf(delay, 'seconds')) ?? 0,
  );
  if (judgement === 'valid') return;
  if (judgement === 'expired') {
    throw new AadstsError(7000222, `The provided client secret keys for app '${application.appId}' are expired`);
  }
  throw new AadstsError(
    7000215,
    judgement === 'keyId'
      ? `Invalid client secret provided. What was sent is the client secret ID of app '${application.appId}'; send the client secret value instead`
      : `Invalid client secret provided. Ensure the secret being sent is the client secret value, not the client secret ID, for a secret added to app '${application.appId}'`,
  );
}

/** RFC 6749 §2.3.1: id and secret are form-encoded inside the Basic header. */
function readBasic(value: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(value ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [clientId = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { clientId: formDecode(clientId), secret: formDecode(secret.join(':')) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text}`).get('v') ?? text;
}
