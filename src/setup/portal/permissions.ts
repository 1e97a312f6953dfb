import type { PlanStep } from '#contract';
import type { PrintStep } from './portal-steps.ts';
import { registrationPage } from './registration-page.ts';

/** API permissions and the consent of the application's own tenant. */
export const permissionsStep: PrintStep = (basis) => {
  const { plan } = basis;
  if (plan.permissions.length === 0) return undefined;
  const add = (kind: 'delegated' | 'application'): PlanStep['actions'] => {
    const names = plan.permissions.filter((it) => it.kind === kind).map(({ name }) => name);
    if (names.length === 0) return [];
    const title = kind === 'delegated' ? 'Delegated permissions' : 'Application permissions';
    return [{ do: `Add a permission > Microsoft Graph > ${title}`, value: names.join(', ') }];
  };
  const scoped = plan.mailboxScope !== null;
  return {
    title: scoped ? 'Grant API permissions: mail in every mailbox' : 'Grant API permissions',
    where: `App registrations > ${plan.appRegistration.displayName} > API permissions`,
    link: registrationPage(basis, 'apiPermissions'),
    actions: [
      ...add('delegated'),
      ...(scoped
        ? add('application').map((it) => ({
            ...it,
            do: `${it.do}. Leave these out where only some mailboxes are meant: the next step gives the same for those`,
          }))
        : add('application')),
      { do: 'Grant admin consent for this tenant, and see Granted in the column Status', value: null },
    ],
    why: scoped
      ? 'A consented application permission opens every mailbox of the tenant. People are not asked for consent once an admin gave it.'
      : 'With the consent of an admin nobody is asked at the first sign-in; in many tenants people may not consent at all.',
  };
};
