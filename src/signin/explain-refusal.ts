import { cloudOf, type EntraWorld } from '#connections';
import type { ConnectionSettings } from '#contract';
import { appRegistrationLink, enterpriseAppLink, explainAadsts, signInLogsLink } from '#entra';
import { type RefusalReason, wordsOf } from './refusals.ts';
import { callbackOf } from './relying-party/sign-in-request.ts';
import type { SignInRefused } from './sign-in-refused.ts';

/** What is known of a refusal, be it at the moment or from its event. */
export interface Refusal {
  reason: RefusalReason;
  /** A sentence that tells more than the reason: ours, or Microsoft's. */
  detail: string | null;
  /** The AADSTS code, where Microsoft refused. */
  code: number | null;
  correlationId: string | null;
  traceId: string | null;
  /** Epoch milliseconds or ISO 8601. */
  time: number | string;
}

/** The meaning and the remedy of a refusal, for events, tests and the page. */
export interface ExplainedRefusal {
  code: string | null;
  meaning: string;
  remedy: string;
}

/** A refusal as it is thrown. */
export const refusalAt = ({ reason, entra, detail }: SignInRefused, time: number): Refusal => ({
  reason,
  detail: detail ?? entra?.description ?? null,
  code: entra?.codes[0] ?? null,
  correlationId: entra?.correlationId ?? null,
  traceId: entra?.traceId ?? null,
  time: entra?.timestamp ?? time,
});

/** S14, D9: what a refusal means and what to do about it: Microsoft's code where there is one, else our own words. */
export async function explainRefusal({
  reason,
  detail,
  code,
}: Pick<Refusal, 'reason' | 'detail' | 'code'>): Promise<ExplainedRefusal> {
  const found = code === null ? undefined : await explainAadsts(code);
  if (found?.known === true) return { code: found.code, meaning: found.cause, remedy: found.action };
  const { what, admin } = wordsOf(reason);
  return { code: code === null ? null : `AADSTS${code}`, meaning: detail || what, remedy: admin };
}

/** What the administrator behind a refused sign-in has to know: facts by their names, and the page where the remedy is. */
export async function factsOfRefusal(
  world: EntraWorld,
  refusal: Refusal,
  connection: { id: string; settings: ConnectionSettings } | undefined,
): Promise<{ facts: { name: string; value: string }[]; link: string | null }> {
  const { reason, correlationId, traceId, time } = refusal;
  const { admin } = wordsOf(reason);
  const { code, meaning, remedy } = await explainRefusal(refusal);
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ['Code', code],
    ['Meaning', meaning],
    ['What to do', remedy === admin ? remedy : `${remedy}. ${admin}`],
    ['Connection', connection === undefined ? null : `${connection.settings.name} (${connection.id})`],
    ['Tenant', connection?.settings.tenantId],
    ['Application (client) ID', connection?.settings.clientId],
    ...(reason === 'redirect_uri_mismatch' && connection !== undefined ? redirectUriRows(world, connection.id) : []),
    ['Correlation id', correlationId],
    ['Trace id', traceId],
    ['Time', typeof time === 'number' ? new Date(time).toISOString() : time],
  ];
  return {
    facts: rows.flatMap(([name, value]) => (value ? [{ name, value }] : [])),
    link: (connection === undefined ? undefined : portalLink(world, reason, connection.settings)) ?? null,
  };
}

/** The page of the portal where the remedy is, with the connection's values filled in. */
function portalLink(world: EntraWorld, reason: RefusalReason, settings: ConnectionSettings): string | undefined {
  const { clientId } = settings;
  const { opens } = wordsOf(reason);
  if (clientId === null || opens === undefined) return undefined;
  const cloud = cloudOf(world, settings.cloud);
  switch (opens) {
    case 'signInLogs':
      return signInLogsLink(cloud);
    case 'usersAndGroups':
    case 'provisioning':
    case 'properties':
      return enterpriseAppLink(cloud, { appId: clientId }, opens);
    default:
      return appRegistrationLink(cloud, clientId, opens);
  }
}

/** The redirect URI to register, and addresses that look like it and do not count. */
function redirectUriRows(world: EntraWorld, connectionId: string): [string, string][] {
  const uri = callbackOf(world.config.url, connectionId);
  const otherScheme = uri.startsWith('https:') ? uri.replace('https:', 'http:') : uri.replace('http:', 'https:');
  return [
    ['Redirect URI', uri],
    [
      'Does not count',
      `${uri}/ with a slash at the end, ${otherScheme} with another scheme, capitals, or platform SPA`,
    ],
  ];
}
