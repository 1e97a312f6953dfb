import { cloudOf, type EntraWorld } from '#connections';
import type { ConnectionSettings } from '#contract';
import { appRegistrationLink, enterpriseAppLink, explainAadsts, signInLogsLink } from '#entra';
import { type Html, html, pageResponse } from '#http';
import { type RefusalReason, wordsOf } from '../refusals.ts';
import { callbackOf } from '../relying-party/sign-in-request.ts';
import type { SignInRefused } from '../sign-in-refused.ts';

/** Where and when a sign-in was refused. */
export interface RefusalPlace {
  /** The id to quote: that of the request, which the event carries too. */
  requestId: string;
  /** Where "start again" leads; null where there is nothing to start again. */
  again: string | null;
  connection: { id: string; settings: ConnectionSettings } | undefined;
}

/** The meaning and the remedy of a refusal, for events, tests and the page. */
export interface ExplainedRefusal {
  code: string | null;
  meaning: string;
  remedy: string;
}

/** S14, D9: what a refusal means and what to do about it: Microsoft's code where there is one, else our own words. */
export async function explainRefusal({ reason, entra, detail }: SignInRefused): Promise<ExplainedRefusal> {
  const code = entra?.codes[0];
  const found = code === undefined ? undefined : await explainAadsts(code);
  if (found?.known === true) return { code: found.code, meaning: found.cause, remedy: found.action };
  return {
    code: code === undefined ? null : `AADSTS${code}`,
    meaning: detail ?? (entra?.description || wordsOf(reason).what),
    remedy: wordsOf(reason).admin,
  };
}

/** The page after a refused sign-in: for the person what happened and what to try, behind it the admin's part. */
export async function refusalPage(
  world: EntraWorld,
  refused: SignInRefused,
  { requestId, again, connection }: RefusalPlace,
): Promise<Response> {
  const { entra, reason } = refused;
  const words = wordsOf(reason);
  const { code, meaning, remedy } = await explainRefusal(refused);
  const link = connection === undefined ? undefined : portalLink(world, reason, connection.settings);
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ['Code', code],
    ['Meaning', meaning],
    ['What to do', remedy === words.admin ? remedy : `${remedy}. ${words.admin}`],
    ['Connection', connection === undefined ? null : `${connection.settings.name} (${connection.id})`],
    ['Tenant', connection?.settings.tenantId],
    ['Application (client) ID', connection?.settings.clientId],
    ...(reason === 'redirect_uri_mismatch' && connection !== undefined ? redirectUriRows(world, connection.id) : []),
    ['Correlation id', entra?.correlationId],
    ['Trace id', entra?.traceId],
    ['Time', entra?.timestamp ?? new Date(world.now()).toISOString()],
  ];
  return pageResponse({
    title: words.title,
    status: 400,
    body: html`<h1>${words.title}</h1>
<p>${words.what}</p>
${refused.toPerson === undefined ? '' : html`<p><strong>${refused.toPerson}</strong></p>`}
<p>${words.next}</p>
${again === null ? '' : html`<a class="button" href="${again}">Start again</a>`}
<p class="soft">If you ask for help, quote <code id="reference">${requestId}</code>.</p>
<details><summary>For administrators</summary>
<table>${rows.map(([name, value]) => (value ? row(name, value) : ''))}</table>
${link === undefined ? '' : html`<p><a href="${link}" rel="noreferrer">Open this in the Microsoft Entra admin center</a></p>`}
</details>`,
  });
}

const row = (name: string, value: string): Html => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`;

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
