import { z } from 'zod';
import { type Application, type ServicePrincipal, withDates } from '../applications/application.ts';
import { addSecret, removeSecret } from '../applications/secrets.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { checkAppPolicy } from './app-management-policy.ts';
import { keyShape, passwordShape } from './application-shape.ts';
import { keyView } from './application-view.ts';
import { managed } from './applications.ts';
import type { GraphCall } from './caller.ts';
import { applicationOf, principalOf } from './find-application.ts';
import { badRequest, requestIds } from './graph-error.ts';
import { makeKeyCredential } from './key-credentials.ts';
import { checkProof } from './key-proof.ts';
import { readGraphBody } from './read-graph-body.ts';
import { managedPrincipal } from './service-principals.ts';

const newPassword = z.object({ passwordCredential: passwordShape.nullish() });
const oldCredential = z.object({ keyId: z.uuid(), proof: z.string().nullish() });
const newKey = z.object({ keyCredential: keyShape, passwordCredential: z.unknown().optional(), proof: z.string() });

/** What has secrets and certificates. */
type Holder = Application | ServicePrincipal;

/** addPassword, removePassword, addKey, removeKey of applications and service principals. */
export function credentialRoutes(): Routes<GraphCall> {
  return {
    'POST /applications/:app/addPassword': (call, key) => addPassword(call, managed(call, key)),
    'POST /applications/:app/removePassword': (call, key) => removePassword(call, managed(call, key)),
    'POST /applications/:app/addKey': (call, key) => addKey(call, applicationOf(call, key)),
    'POST /applications/:app/removeKey': (call, key) => removeKey(call, applicationOf(call, key)),
    'POST /servicePrincipals/:principal/addPassword': (call, key) => addPassword(call, managedPrincipal(call, key)),
    'POST /servicePrincipals/:principal/removePassword': (call, key) =>
      removePassword(call, managedPrincipal(call, key)),
    'POST /servicePrincipals/:principal/addKey': (call, key) => addKey(call, principalOf(call, key)),
    'POST /servicePrincipals/:principal/removeKey': (call, key) => removeKey(call, principalOf(call, key)),
  };
}

/** The text of a secret is Entra's own, and shown here only. */
function addPassword(call: GraphCall, holder: Holder) {
  const { passwordCredential } = readGraphBody(call.exchange, newPassword);
  const { displayName, startDateTime, endDateTime } = passwordCredential ?? {};
  if (startDateTime && endDateTime && endDateTime <= startDateTime)
    throw badRequest('The end date of the credential must be later than its start date.');
  const made = { passwordCredentials: [] };
  const times = { startDateTime: startDateTime ?? undefined, endDateTime: endDateTime ?? undefined };
  const secret = addSecret(made, { displayName, ...times }, call.world.clock.now());
  checkAppPolicy(call, holder, 'passwordCredentials', [secret]);
  holder.passwordCredentials.push(secret);
  const body = { customKeyIdentifier: null, ...withDates(secret) };
  return answer(call, 'microsoft.graph.passwordCredential', body);
}

function removePassword(call: GraphCall, holder: Holder) {
  const { keyId } = readGraphBody(call.exchange, oldCredential);
  if (!removeSecret(holder, keyId)) throw badRequest(`No password credential found with keyId ${keyId}.`);
  return { status: 204, headers: requestIds(call.exchange) };
}

/** Rolls a certificate: nobody needs a permission for it, but a proof signed by one that is valid now. */
async function addKey(call: GraphCall, holder: Holder) {
  const { keyCredential, proof } = readGraphBody(call.exchange, newKey);
  await checkProof(call, holder, proof);
  const credential = makeKeyCredential(keyCredential);
  checkAppPolicy(call, holder, 'keyCredentials', [credential]);
  holder.keyCredentials = [...holder.keyCredentials, credential];
  return answer(call, 'microsoft.graph.keyCredential', keyView(call.exchange)(credential));
}

async function removeKey(call: GraphCall, holder: Holder) {
  const { keyId, proof } = readGraphBody(call.exchange, oldCredential);
  await checkProof(call, holder, proof ?? '');
  const left = holder.keyCredentials.filter((credential) => credential.keyId !== keyId);
  if (left.length === holder.keyCredentials.length) throw badRequest(`No credentials found with keyId ${keyId}.`);
  holder.keyCredentials = left;
  return { status: 204, headers: requestIds(call.exchange) };
}

const answer = ({ exchange }: GraphCall, type: string, value: Record<string, unknown>) =>
  json(200, { '@odata.context': `${exchange.origin}/v1.0/$metadata#${type}`, ...value }, requestIds(exchange));
