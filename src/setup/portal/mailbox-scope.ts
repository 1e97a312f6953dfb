import type { PrintStep } from './portal-steps.ts';

/**
 * RBAC for Applications: the same rights for some mailboxes only (Exchange PowerShell, New-ManagementRoleAssignment).
 * Microsoft Entra's consent and Exchange's roles add up, so the roles restrict nothing while the consent is there.
 */
export const mailboxScopeStep: PrintStep = ({ plan, settings }) => {
  const { mailboxScope, appRegistration } = plan;
  if (mailboxScope === null) return undefined;
  const app = settings.clientId ?? '<Application (client) ID>';
  const scope = mailboxScope.managementScope;
  return {
    title: 'Or open some mailboxes only',
    where: 'Exchange Online PowerShell (Connect-ExchangeOnline)',
    link: null,
    actions: [
      {
        do: 'Make the application known; the object id is the one of the enterprise application, not of the app registration',
        value: `New-ServicePrincipal -AppId ${app} -ObjectId <Object ID of the enterprise application> -DisplayName "${appRegistration.displayName}"`,
      },
      {
        do: 'Name the mailboxes: the members of a mail-enabled security group, by its distinguished name (Get-Group)',
        value: `New-ManagementScope -Name "${scope}" -RecipientRestrictionFilter "MemberOfGroup -eq '<distinguished name of the group>'"`,
      },
      ...mailboxScope.roles.map((role) => ({
        do: `Give the role ${role} within it`,
        value: `New-ManagementRoleAssignment -App ${app} -Role "${role}" -CustomResourceScope "${scope}"`,
      })),
      {
        do: 'See that InScope is True for a mailbox of the group and False for another',
        value: `Test-ServicePrincipalAuthorization -Identity ${app} -Resource <address of a mailbox>`,
      },
      { do: 'Remove the mail permissions from API permissions, where they were consented', value: null },
    ],
    why: "The trap: Microsoft Entra's consent and Exchange's roles add up. While Mail.* is consented, the scope restricts nothing. After a change Exchange may go on with the old answer for up to 2 hours.",
  };
};
