import type { Words } from './refusals.ts';

/** Refusals that Microsoft Entra gives, with the AADSTS codes by which it does (reference-error-codes.md). */
export const refusalsOfEntra = {
  cancelled: {
    codes: [65004],
    title: 'You cancelled the sign-in',
    what: 'You closed the sign-in at Microsoft, or declined what was asked for there.',
    next: 'Start again if that was not what you wanted.',
    admin: 'Nothing is wrong with the connection: the person chose Cancel, or declined the consent.',
  },
  consent_missing: {
    codes: [65001, 65005, 90008, 650057],
    title: 'Your organization has not allowed this application yet',
    what: 'Microsoft asks for a consent that nobody in your organization has given.',
    next: 'Ask the administrator of your organization to allow the application.',
    admin: 'Grant admin consent for the application in its API permissions.',
    opens: 'apiPermissions',
  },
  approval_pending: {
    codes: [90093, 90094, 90095],
    title: 'An administrator has to approve this first',
    what: 'Your organization lets only administrators allow an application, and none has done so yet.',
    next: 'Ask your administrator to approve the request, then sign in again.',
    admin: 'Approve the pending admin consent request, or grant admin consent in API permissions.',
    opens: 'apiPermissions',
  },
  unassigned: {
    codes: [50105],
    title: 'You are not assigned to this application',
    what: 'Your organization lets only assigned people use this application, and you are not among them.',
    next: 'Ask your administrator to assign you.',
    admin:
      'Assign the person or one of their groups in the enterprise application, under Users and groups. Nested groups do not count.',
    opens: 'usersAndGroups',
  },
  wrong_tenant: {
    codes: [50020, 50034, 90072, 51004, 500208],
    title: 'You signed in with another organization',
    what: 'The account you chose belongs to an organization that is not connected here.',
    next: 'Sign in again, and choose the account of your organization. A private window helps where the other account is chosen by itself.',
    admin: 'Only tenants on the list of the connection may sign in. Guests sign in by the tenant they were invited to.',
  },
  personal_account: {
    codes: [500200, 9002332],
    title: 'You signed in with a personal account',
    what: 'Only accounts of an organization are taken here, and the one you chose is a personal Microsoft account.',
    next: 'Sign in again, and choose “Use another account” for the one of your work or school.',
    admin:
      'The application takes accounts of organizations only. For personal ones choose such an account type here, and the same supported account types in the app registration.',
    opens: 'authentication',
  },
  guest_not_invited: {
    codes: [16003, 50014, 50177, 50178],
    title: 'You are not a guest there yet',
    what: 'Your account is of another organization, and its invitation to this one is missing or not accepted yet.',
    next: 'Open the invitation in your mail and accept it, then sign in again. If you have none, ask whoever invited you.',
    admin: 'Invite the person as a guest under Users, or send the invitation again; it has to be accepted once.',
  },
  tenant_restricted: {
    codes: [500021, 500022, 500211, 500212, 500213],
    title: 'Your organization does not let you sign in there',
    what: 'A rule about which organizations may work together, yours or theirs, stands against it.',
    next: 'Ask your administrator. On another network it may work, where yours restricts it.',
    admin:
      'Tenant restrictions or cross-tenant access settings refuse it: allow this tenant and application under External Identities, in both tenants where two take part.',
  },
  tenant_blocked: {
    codes: [5000224],
    title: 'Microsoft has blocked your organization',
    what: 'Microsoft lets nobody of your organization sign in at the moment.',
    next: 'Tell your administrator; there is nothing that you can do yourself.',
    admin: 'Microsoft blocked the tenant: its global administrator has to call Microsoft’s support.',
  },
  tenant_unknown: {
    codes: [90002, 50059, 50128],
    title: 'Your organization was not found at Microsoft',
    what: 'Microsoft does not know the organization that this sign-in names.',
    next: 'Ask whoever runs the product; there is nothing that you can do yourself.',
    admin: 'The tenant id of the connection is wrong, of another cloud, or of a tenant that was deleted.',
  },
  mfa_needed: {
    codes: [50072, 50074, 50076, 50078, 50079, 50158, 500121],
    title: 'A second proof is needed',
    what: 'Your organization asks for a second proof of who you are, and it was not given.',
    next: 'Start again, and finish the second step: the notice on your phone, the code, or the key. If you have a new phone, ask your administrator.',
    admin:
      'The second factor was refused, cancelled or not set up. The sign-in logs name the step; under Authentication methods of the person it can be set up anew.',
    opens: 'signInLogs',
  },
  mfa_set_up_blocked: {
    codes: [53004, 53010],
    title: 'You cannot set up a second proof here',
    what: 'Your organization lets people set up their second proof only at certain places or devices, and this is none.',
    next: 'Try from the network or a device of your organization, or ask your administrator for a temporary pass.',
    admin: 'A policy on “Register security information” stands against it: give the person a Temporary Access Pass.',
    opens: 'signInLogs',
  },
  blocked_by_policy: {
    codes: [53003, 50131, 530032, 530034, 530035, 53009, 53011],
    title: 'Your organization does not allow this sign-in',
    what: 'A rule of your organization blocks it: by the place you are at, the risk it sees, or the application.',
    next: 'Try from the network of your organization. If it is not that, give your administrator the number below.',
    admin:
      'A Conditional Access policy blocked it. Find the sign-in in the logs by the correlation id: its tab Conditional Access names the policy and the condition.',
    opens: 'signInLogs',
  },
  device_not_allowed: {
    codes: [53000, 53001, 53002, 530003, 50005, 50097, 50129],
    title: 'Your device does not meet the rules of your organization',
    what: 'Your organization allows this only on a device that it manages and that is up to date.',
    next: 'Use such a device, or bring this one into order with Company Portal, and start again.',
    admin:
      'A Conditional Access policy wants a compliant, joined or supported device. The sign-in logs show what the device said of itself.',
    opens: 'signInLogs',
  },
  password_expired: {
    codes: [50055, 50142, 50144],
    title: 'Your password has to be changed',
    what: 'Your password at your organization is past its end, or has to be changed before you go on.',
    next: 'Change it where you always do, then start again.',
    admin: 'The person’s password in Microsoft Entra ID has expired or was marked for change at the next sign-in.',
  },
  password_wrong: {
    codes: [50056, 50126, 50064],
    title: 'Microsoft did not take your password',
    what: 'The name or the password was not right.',
    next: 'Start again. If you forgot the password, choose “Forgot my password” at Microsoft.',
    admin: 'Wrong name or password; 50056 says that the cloud holds no password for this person.',
  },
  locked_at_entra: {
    codes: [50053],
    title: 'Your account is locked for a while',
    what: 'There were too many wrong passwords for your account at Microsoft, perhaps not by you.',
    next: 'Wait some minutes, then start again. If you did not do it, tell your administrator.',
    admin:
      'Smart lockout: it ends by itself, or when the password is reset. An address that is known for attacks is refused alike.',
    opens: 'signInLogs',
  },
  person_disabled_at_entra: {
    codes: [50057],
    title: 'Your account is switched off',
    what: 'Your organization has switched your account off.',
    next: 'Ask your administrator.',
    admin: 'The account is disabled in Microsoft Entra ID.',
  },
  session_revoked: {
    codes: [50133, 50173, 50089, 70008, 700082, 81010],
    title: 'Your sign-in at Microsoft is over',
    what: 'It took too long, or your sign-ins were ended, for instance by a change of your password.',
    next: 'Start again, and sign in anew.',
    admin: 'What the sign-in stood on was too old or revoked. Nothing is wrong with the connection.',
  },
  secret_expired: {
    codes: [7000222],
    title: 'The sign-in is not set up right at the moment',
    what: 'The application’s own password at Microsoft is past its end. It is not your password.',
    next: 'Ask the administrator of your organization; there is nothing that you can do yourself.',
    admin: 'Make a new client secret under Certificates & secrets, store its Value here, and switch to it.',
    opens: 'secrets',
  },
  secret_wrong: {
    codes: [7000215, 7000218, 7000216],
    title: 'The sign-in is not set up right at the moment',
    what: 'Microsoft does not accept the application’s own password. It is not your password.',
    next: 'Ask the administrator of your organization; there is nothing that you can do yourself.',
    admin:
      'The client secret is not one of the application’s: store the Value (not the Secret ID) of a secret that exists. A new one counts only after some seconds.',
    opens: 'secrets',
  },
  certificate_refused: {
    codes: [50012, 700027, 7000274, 700024, 50017],
    title: 'The sign-in is not set up right at the moment',
    what: 'Microsoft does not accept the certificate by which the application proves itself.',
    next: 'Ask the administrator of your organization; there is nothing that you can do yourself.',
    admin:
      'The certificate here is not one that was uploaded under Certificates & secrets, or it is outside its dates. Upload the one of this connection, and compare the thumbprint; 700024 means that this server’s clock is off.',
    opens: 'secrets',
  },
  federation_refused: {
    codes: [70021, 700211, 700212, 700213, 700214],
    title: 'The sign-in is not set up right at the moment',
    what: 'Microsoft does not trust the proof that the application brought.',
    next: 'Ask the administrator of your organization; there is nothing that you can do yourself.',
    admin:
      'No federated credential of the app registration fits: issuer, subject and audience have to be exactly those of this connection, case and all. A new one counts only after some minutes.',
    opens: 'secrets',
  },
  redirect_uri_mismatch: {
    codes: [50011, 500112, 500113, 900971, 700009],
    title: 'The sign-in is not set up right at the moment',
    what: 'Microsoft does not know the address to which it should send you back.',
    next: 'Ask the administrator of your organization; there is nothing that you can do yourself.',
    admin: 'Add the redirect URI below to the app registration under Authentication, platform Web, to the letter.',
    opens: 'authentication',
  },
  app_not_found: {
    codes: [700016, 700011, 70001],
    title: 'The sign-in is not set up right at the moment',
    what: 'Your organization does not know the application by which you sign in.',
    next: 'Ask the administrator of your organization; there is nothing that you can do yourself.',
    admin:
      'No application with this Application (client) ID is in the tenant: the id is of another tenant or mistyped, the app was deleted, or nobody has consented to it there yet.',
    opens: 'overview',
  },
  app_disabled: {
    codes: [7000112, 50001, 500014, 650052],
    title: 'Your organization has switched this application off',
    what: 'Nobody can sign in by it until it is switched on again.',
    next: 'Ask your administrator.',
    admin: 'Set “Enabled for users to sign-in?” to Yes in the properties of the enterprise application.',
    opens: 'properties',
  },
  account_type_mismatch: {
    codes: [50194, 650059],
    title: 'The sign-in is not set up right at the moment',
    what: 'The application is for one organization only, and is used for several.',
    next: 'Ask the administrator of your organization; there is nothing that you can do yourself.',
    admin:
      'The account type of the connection and “Supported account types” of the app registration differ: make both single-tenant, or both multi-tenant.',
    opens: 'authentication',
  },
  throttled: {
    codes: [50196, 90024, 90055],
    title: 'Microsoft is busy',
    what: 'Too many sign-ins were asked for in a short time.',
    next: 'Wait a minute, then start again.',
    admin:
      'Microsoft throttles requests, or a product sends people to sign in over and over: look at how it ends its own session.',
  },
} as const satisfies Record<string, Words & { codes: readonly number[] }>;

/** The reason that an AADSTS code stands for, where it has words of its own. */
export const reasonOfCode = (code: number): keyof typeof refusalsOfEntra | undefined =>
  Object.entries(refusalsOfEntra).find(([, { codes }]) => (codes as readonly number[]).includes(code))?.[0] as
    | keyof typeof refusalsOfEntra
    | undefined;
