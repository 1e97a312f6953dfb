import type { Plan, PlanStep } from '#contract';
import { enterpriseAppsLink, newAppRegistrationLink } from '#entra';
import type { PrintStep } from './portal-steps.ts';

/** The choice under "Supported account types", in the portal's words. */
export const accountTypeWords: Readonly<Record<Plan['appRegistration']['signInAudience'], string>> = {
  AzureADMyOrg: 'Accounts in this organizational directory only (Single tenant)',
  AzureADMultipleOrgs: 'Accounts in any organizational directory (Any Microsoft Entra ID tenant - Multitenant)',
  AzureADandPersonalMicrosoftAccount:
    'Accounts in any organizational directory (Any Microsoft Entra ID tenant - Multitenant) and personal Microsoft accounts',
  PersonalMicrosoftAccount: 'Personal Microsoft accounts only',
};

/** Makes the application: by App registrations, or by Enterprise applications where it provisions too. */
export const registerStep: PrintStep = (basis) => {
  const { plan, settings, cloud } = basis;
  const app = plan.appRegistration;
  const ids: PlanStep['actions'] = [
    { do: 'Copy Application (client) ID from the Overview page into this connection', value: settings.clientId },
    ...(settings.accountType === 'oneTenant'
      ? [{ do: 'Compare Directory (tenant) ID with the tenant of this connection', value: settings.tenantId }]
      : []),
  ];
  if (app.madeFrom === 'non-gallery application') {
    return {
      title: 'Create the enterprise application',
      where: 'Microsoft Entra admin center > Enterprise applications > New application > Create your own application',
      link: enterpriseAppsLink(cloud) ?? null,
      actions: [
        { do: "What's the name of your app?", value: app.displayName },
        {
          do: "Choose Integrate any other application you don't find in the gallery (Non-gallery), then Create",
          value: null,
        },
        {
          do: 'Then open App registrations > All applications and the application of the same name',
          value: app.displayName,
        },
        ...ids,
      ],
      why: 'Only an application made here can provision users and groups; its app registration is made along with it and carries the sign-in.',
    };
  }
  const [web] = app.redirectUris;
  return {
    title: 'Register the application',
    where: 'Microsoft Entra admin center > App registrations > New registration',
    link: newAppRegistrationLink(cloud) ?? null,
    actions: [
      { do: 'Name', value: app.displayName },
      { do: 'Supported account types', value: accountTypeWords[app.signInAudience] },
      ...(web === undefined ? [] : [{ do: 'Redirect URI: platform Web', value: web.uri }]),
      { do: 'Register', value: null },
      ...ids,
    ],
    why: whyAccountType[app.signInAudience],
  };
};

const whyAccountType: Readonly<Record<Plan['appRegistration']['signInAudience'], string>> = {
  AzureADMyOrg: 'With a single tenant nobody from outside gets as far as a consent page.',
  AzureADMultipleOrgs: 'Portico takes people only of the tenants that this connection names or allows.',
  AzureADandPersonalMicrosoftAccount:
    'People of any organization and personal accounts sign in by the same application.',
  PersonalMicrosoftAccount: 'Only personal accounts sign in; Microsoft lists them as one tenant of their own.',
};
