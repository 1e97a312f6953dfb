import { refusalsOfEntra } from './refusals-of-entra.ts';

/** What a refused sign-in tells: the person in three sentences, the admin in one more. */
export interface Words {
  title: string;
  /** What happened. */
  what: string;
  /** What the person can try. */
  next: string;
  /** What the admin of the tenant, or the operator, has to look at. */
  admin: string;
  /**
   * Whether it is a failure to authenticate that counts towards the limit of the address. What any page can have a browser do
   * is none: a state has 256 bits, so nobody guesses one.
   */
  failure?: true;
  /** The page of the portal where the remedy is. */
  opens?: PortalPage;
}

/** Pages of an app registration, of its enterprise application, and of the tenant. */
export type PortalPage =
  | 'overview'
  | 'secrets'
  | 'apiPermissions'
  | 'authentication'
  | 'usersAndGroups'
  | 'provisioning'
  | 'properties'
  | 'signInLogs';

/** Every reason for which a sign-in is refused, by its stable name. */
export const refusals = {
  ...refusalsOfEntra,
  not_configured: {
    title: 'The sign-in is not set up yet',
    what: 'Something that a sign-in needs has not been filled in: tenant, application id or client secret.',
    next: 'Ask the administrator of your organization.',
    admin: 'Complete the connection, then test it: every missing field is named there.',
  },
  unreachable: {
    title: 'Microsoft could not be reached',
    what: 'The sign-in service of Microsoft did not answer, or answered that it is busy.',
    next: 'Wait a moment, then start again.',
    admin: 'Check that this machine reaches the login host; see also the health page of Microsoft.',
  },
  entra: {
    title: 'Microsoft refused the sign-in',
    what: 'Microsoft answered that this sign-in is not possible.',
    next: 'Start again. If it happens a second time, give your administrator the number below.',
    admin: 'The code below says why.',
    opens: 'signInLogs',
  },
  clock: {
    title: 'The clocks do not agree',
    what: 'The proof of your sign-in is too old or from the future, as far as this server can tell.',
    next: 'Start again. If it happens a second time, tell your administrator.',
    admin: 'The clock of this server is off by more than a minute; let it follow a time server.',
  },
  nonce: {
    title: 'This answer belongs to another sign-in',
    what: 'What came back from the sign-in service of your organization answers another request than yours.',
    next: 'Close this page and start again.',
    admin: 'The nonce in the id token is not the one that was sent: an answer was replayed or mixed up.',
    failure: true,
  },
  token: {
    title: 'The proof of your sign-in is not valid',
    what: 'What came back from the sign-in service of your organization could not be trusted.',
    next: 'Start again. If it happens a second time, give your administrator the number below.',
    admin: 'The id token was refused; the reason is below.',
    failure: true,
  },
  state_missing: {
    title: 'This is not the answer to a sign-in',
    what: 'The address was opened without what belongs to it.',
    next: 'Start at the product that you want to use.',
    admin: 'The callback was opened without a state.',
  },
  state_unknown: {
    title: 'This sign-in is not known here',
    what: 'It was not started here, or it was started so long ago that it has been forgotten.',
    next: 'Start again at the product that you want to use.',
    admin: 'The state is of no sign-in of this connection.',
  },
  state_expired: {
    title: 'This sign-in took too long',
    what: 'More than ten minutes passed since it was started.',
    next: 'Start again.',
    admin: 'The sign-in was finished after its ten minutes.',
  },
  state_used: {
    title: 'This sign-in was finished already',
    what: 'Its answer arrived a second time, for instance by the Back button or by reloading the page.',
    next: 'Start again at the product that you want to use.',
    admin: 'The same answer arrived twice. Each is taken once.',
    failure: true,
  },
  cookies_blocked: {
    title: 'Your browser kept no cookie',
    what: 'The cookie that ties the sign-in to this browser did not come back.',
    next: 'Allow cookies for this site, and start again in the same browser.',
    admin: 'The browser blocks cookies, or the answer was opened in another browser than the one that started.',
  },
  other_browser: {
    title: 'This sign-in was started in another browser',
    what: 'For your safety a sign-in ends in the browser in which it was started.',
    next: 'If you got this address from somebody else, do not use it. Otherwise start again here.',
    admin:
      'State and browser do not belong together: a link was passed on, or somebody tries to sign another person in.',
  },
  unknown_connection: {
    title: 'There is no such sign-in',
    what: 'The address names a connection that does not exist, or is not in use.',
    next: 'Start at the product that you want to use.',
    admin: 'The connection is unknown, a draft, paused, or has sign-in switched off.',
  },
  registration_off: {
    title: 'You have no account here',
    what: 'Your organization has told us who you are, but nobody has set up an account for you.',
    next: 'Ask the administrator of your organization.',
    admin:
      'Registration is off for this connection: set it to "on" or "provisioned" to let people in at their first sign-in.',
  },
  not_invited: {
    title: 'You have not been invited',
    what: 'Accounts here are for people who were invited, and no invitation was used for you.',
    next: 'Open the link of your invitation, or ask the administrator of your organization for one.',
    admin: 'Registration of this connection is by invitation only: invite the person by `portico invitations create`.',
  },
  access_asked: {
    title: 'Your request waits for an answer',
    what: 'We know who you are, and have asked whoever runs this to let you in.',
    next: 'Nothing more is to be done. Sign in again once you have been told that you may; until then it changes nothing.',
    admin: 'An operator decides on the request under Accounts, or by `portico access-requests`.',
  },
  access_declined: {
    title: 'Your request was declined',
    what: 'Whoever runs this has decided not to let you in.',
    next: 'Ask the administrator of your organization if you think that is a mistake.',
    admin: 'An operator declined the request. Deleted, it can be made again.',
  },
  access_full: {
    title: 'Too many requests are waiting',
    what: 'So many people wait to be let in that yours could not be noted.',
    next: 'Try again in some days, or ask the administrator of your organization.',
    admin: 'As many requests wait as an organization can have: decide on those first.',
  },
  not_provisioned: {
    title: 'Your account has not arrived yet',
    what: 'Accounts come from your organization’s directory, and yours is not among them.',
    next: 'If you are new, wait an hour and try again. Otherwise ask your administrator.',
    admin:
      'No provisioned user has this person’s object id as externalId. Assign the person to the application, and map objectId to externalId under Provisioning > Attribute mapping (the default is mailNickname).',
    opens: 'provisioning',
  },
  nickname_mapped: {
    title: 'Your account has not arrived yet',
    what: 'Accounts come from your organization’s directory, and yours cannot be told from others there.',
    next: 'Ask your administrator; there is nothing that you can do yourself.',
    admin:
      'A user of the directory has this person’s mail nickname as externalId, which is the default mapping. Under Provisioning > Attribute mapping set the source attribute of externalId to objectId, then restart provisioning.',
    opens: 'provisioning',
  },
  user_disabled: {
    title: 'Your access was switched off',
    what: 'Your organization has switched your user off.',
    next: 'Ask your administrator.',
    admin:
      'The provisioned user is not active: it is disabled, deleted or no longer assigned in the directory, at Microsoft in Entra ID.',
  },
  user_deleted: {
    title: 'Your access was removed',
    what: 'Your organization has removed your user.',
    next: 'Ask your administrator.',
    admin:
      'The user that this account came from was deleted by provisioning. Assign the person again; the account comes back with the next cycle.',
    opens: 'provisioning',
  },
  ambiguous_user: {
    title: 'You exist twice in your organization’s directory',
    what: 'Two users of the directory are said to be you, so neither can be used.',
    next: 'Ask your administrator.',
    admin: 'Two provisioned users have the same externalId. Map a unique attribute, objectId, to externalId.',
    opens: 'provisioning',
  },
  not_member: {
    title: 'You are not in a group that may sign in',
    what: 'Only members of certain groups of your organization may sign in here, and you are in none of them.',
    next: 'Ask your administrator to add you to such a group.',
    admin:
      'The directory of this connection lets only members of the groups in onlyMembersOf sign in. Add the person to one of them in Entra and assign that group to the application; nested groups are not provisioned.',
  },
  account_disabled: {
    title: 'Your account is disabled',
    what: 'Your account was disabled here.',
    next: 'Ask whoever runs the product.',
    admin: 'An operator disabled the account; it can be enabled again under Accounts.',
  },
  link_session_over: {
    title: 'You are no longer signed in as before',
    what: 'You began to add a way to sign in to your account, and the session in which you began has ended, or another person signed in.',
    next: 'If somebody else sent you here, close this page. Otherwise sign in and start again on the page of your account.',
    admin: 'A link is added in the session alone that asked for it. Nothing was linked.',
  },
  link_closed: {
    title: 'This cannot be added any more',
    what: 'Whoever runs this no longer lets people add this way to sign in to their accounts.',
    next: 'Ask the administrator of your organization.',
    admin:
      'The setting linkable of this connection is off, or its sign-in is. Operators add links by `portico links create`.',
  },
  linked_already: {
    title: 'You have this already',
    what: 'The account there that you signed in with opens your account here already.',
    next: 'Go back to your account, or start again and choose another account there.',
    admin: 'The link exists, and is of the same account.',
  },
  linked_elsewhere: {
    title: 'This is in use already',
    what: 'The account there that you signed in with belongs to an account here, and not to the one in which you are signed in.',
    next: 'Sign out and sign in with it, or start again and choose another account there.',
    admin: 'The link exists, and is of another account; remove it there first if that is wrong.',
  },
  links_full: {
    title: 'There are too many ways to sign in',
    what: 'Your account has as many ways to sign in as it can have.',
    next: 'Remove one on the page of your account first.',
    admin: 'An account has twenty links at most.',
  },
  step_up: {
    title: 'Your organization asks for one more step',
    what: 'The sign-in did not fulfil what your organization demands for this application.',
    next: 'Start again, and do what you are asked for. If you are asked for nothing, tell your administrator.',
    admin:
      'Conditional Access did not satisfy the authentication context of this connection: publish the context to apps, and have a policy require it.',
  },
  too_old: {
    title: 'You have to sign in anew',
    what: 'The product wants a new sign-in, and the provider answered with an old one.',
    next: 'Start again, and enter your password where you are asked for it.',
    admin:
      'auth_time in the id token is older than prompt or max_age allow, the clock of the provider is behind, or the session is over. Where it is missing: add the optional claim auth_time to the app registration, or have the provider send it.',
  },
  provider: {
    title: 'Your organization’s sign-in service refused',
    what: 'It answered that this sign-in is not possible.',
    next: 'Start again. If it happens a second time, give your administrator the number below.',
    admin: 'The provider’s own words are below: compare client id, redirect URI and scopes with what it has.',
  },
  provider_unreachable: {
    title: 'Your organization’s sign-in service could not be reached',
    what: 'It did not answer, or not as it should.',
    next: 'Wait a moment, then start again.',
    admin:
      'Check that this machine reaches the provider and that its metadata document names the same issuer as before.',
  },
  test_over: {
    title: 'This test is over',
    what: 'The test sign-in was done already, or is older than ten minutes.',
    next: 'Start a new test in the console.',
    admin: 'Each test sign-in works once.',
    failure: true,
  },
  interaction_over: {
    title: 'This sign-in is over',
    what: 'It took too long, was finished already, or was started in another browser.',
    next: 'Go back to the product and sign in again.',
    admin: 'The product’s authorization request is not under way in this browser.',
  },
} as const satisfies Record<string, Words>;

/** Why a sign-in was refused. */
export type RefusalReason = keyof typeof refusals;

/** Whether a text, of an event say, is the name of a reason. */
export const isRefusalReason = (it: unknown): it is RefusalReason =>
  typeof it === 'string' && Object.hasOwn(refusals, it);

/** The words of a reason. */
export const wordsOf = (reason: RefusalReason): Words => refusals[reason];
