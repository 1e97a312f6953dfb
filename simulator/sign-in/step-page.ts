import { html } from 'hono/html';
import { microsoftTenantId } from '../applications/first-party.ts';
import { approvalPage, needsAdminPage } from '../consent/approval-page.ts';
import { consentPage } from '../consent/consent-page.ts';
import {
  newPasswordPage,
  passwordPage,
  registerFactorPage,
  secondFactorPage,
  staySignedInPage,
  termsPage,
} from '../credentials/credential-pages.ts';
import type { Answer } from '../http/exchange.ts';
import type { Markup } from '../pages/page.ts';
import type { World } from '../world.ts';
import type { Account } from './accounts.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { type Flow, keepFlow } from './flows.ts';
import type { Step } from './steps.ts';

/** What the pages add to the authorization request; it goes out again with the next page, without these. */
const ownFields: readonly string[] = [
  'login',
  'cancel',
  'flow',
  'passwd',
  'oldpasswd',
  'newpasswd',
  'confirmpasswd',
  'factor',
  'otc',
  'number',
  'terms',
  'stay',
  'consent',
  'forall',
  'justification',
  'otheraccount',
  'forget',
];

/** The authorization request as hidden fields, with the sign-in under way where there is one. */
export function hiddenFields(parameters: URLSearchParams, flow?: Flow): Markup {
  const carried = [...parameters].filter(([name]) => !ownFields.includes(name));
  const all = flow === undefined ? carried : [...carried, ['flow', flow.id] as const];
  return html`${all.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;
}

/** The page of a step. */
export function stepPage(
  world: World,
  request: AuthorizeRequest,
  account: Account,
  flow: Flow,
  { step, parameters, fault }: { step: Step; parameters: URLSearchParams; fault?: string | undefined },
): Promise<Answer> {
  keepFlow(world, flow);
  const { application } = request;
  const { tenant, user } = account;
  const shown = { user: account.home.user, hidden: hiddenFields(parameters, flow), fault };
  switch (step.kind) {
    case 'password':
      return passwordPage(shown);
    case 'newPassword':
      return newPasswordPage(shown);
    case 'registerFactor':
      return registerFactorPage(shown, application.displayName);
    case 'secondFactor':
      return secondFactorPage(shown, flow.number);
    case 'terms':
      return termsPage(shown, step.name, tenant.name);
    case 'stay':
      return staySignedInPage(shown);
    case 'ask':
      return consentPage(world, {
        application,
        user,
        scopes: step.scopes,
        forAll: step.mayForAll ? 'may' : 'no',
        organization: tenant.name,
        ofOrganization: application.homeTenantId === tenant.id || application.homeTenantId === microsoftTenantId,
        hidden: shown.hidden,
      });
    case 'adminConsent':
      return consentPage(world, {
        application,
        user,
        scopes: step.consent.scopes,
        roles: Object.values(step.consent.roles).flat(),
        forAll: 'only',
        organization: tenant.name,
        ofOrganization: application.homeTenantId === tenant.id,
        hidden: shown.hidden,
      });
    case 'needsAdmin': {
      const asked = { application, user, scopes: step.scopes, hidden: shown.hidden };
      const asks = tenant.signIn.settings.consentRequests && request.adminConsent === undefined;
      return asks ? approvalPage(world, asked) : needsAdminPage(asked);
    }
  }
}
