import type { Sights } from './filled-stage.ts';

/** A page of the console: its address, and words that stand on it when it works on the journey's data. */
export interface ConsolePage {
  name: string;
  path: (sights: Sights) => string;
  shows: readonly string[];
}

/** A page whose address names nothing of the journey. */
export interface PlainPage {
  name: string;
  path: string;
  shows: readonly string[];
}

const at =
  (path: string): ConsolePage['path'] =>
  () =>
    path;

/** Every page that the navigation, a tab or a row leads to. */
export const pages: readonly ConsolePage[] = [
  { name: 'overview', path: at('/'), shows: ['need your attention', 'What ends next', 'Newest events'] },
  { name: 'connections', path: at('/connections'), shows: ['Contoso', 'Fabrikam', 'active'] },
  { name: 'add-connection', path: at('/add-connection'), shows: ['Name it', 'Who may sign in'] },
  {
    name: 'connection',
    path: at('/connections/contoso'),
    shows: ['Live and draft settings', '/oauth/login/contoso/callback'],
  },
  { name: 'connection-draft', path: at('/connections/fabrikam'), shows: ['Draft settings', 'Set up Entra'] },
  { name: 'connection-settings', path: at('/connections/contoso/settings'), shows: ['Save as draft'] },
  {
    name: 'connection-setup',
    path: at('/connections/contoso/setup'),
    shows: ['Application (client) ID', 'The plan as data'],
  },
  { name: 'connection-secrets', path: at('/connections/contoso/secrets'), shows: ['in use', 'days left'] },
  { name: 'connection-checks', path: at('/connections/contoso/checks'), shows: ['Discovery', 'passed'] },
  {
    name: 'connection-sign-in-test',
    path: ({ signInTest }) => `/connections/contoso/sign-in-test?test=${signInTest}`,
    shows: ['What Portico would do', 'preferred_username'],
  },
  { name: 'connection-user-names', path: at('/connections/contoso/user-names'), shows: ['Made of', 'No claims yet'] },
  {
    name: 'connection-provisioning',
    path: at('/connections/contoso/provisioning'),
    shows: ['/scim/v2/contoso', 'Secret Token'],
  },
  { name: 'connection-mailboxes', path: at('/connections/contoso/mailboxes'), shows: ['support@'] },
  { name: 'directories', path: at('/directories'), shows: ['of 250', '12'] },
  { name: 'users', path: at('/directories/contoso/users'), shows: ['of 250 users', 'active', 'Load more'] },
  { name: 'user', path: ({ user }) => `/directories/contoso/users/${user}`, shows: ['External id', 'The resource'] },
  { name: 'groups', path: at('/directories/contoso/groups'), shows: ['Members'] },
  { name: 'group', path: ({ group }) => `/directories/contoso/groups/${group}`, shows: ['member'] },
  { name: 'cycles', path: at('/directories/contoso/cycles'), shows: ['created', 'Looked up'] },
  { name: 'requests', path: at('/directories/contoso/requests'), shows: ['PATCH', '/Users'] },
  {
    name: 'request',
    path: ({ request }) => `/directories/contoso/requests/${request}`,
    shows: ['What it changed', 'Before'],
  },
  { name: 'held', path: at('/directories/contoso/held'), shows: ['would lose access', 'Apply all', 'switched off'] },
  {
    name: 'directory-settings',
    path: at('/directories/contoso/settings'),
    shows: ['The brake', 'Who may sign in', 'How it answers'],
  },
  {
    name: 'accounts',
    path: ({ organization }) => `/accounts?organization=${organization}`,
    shows: ['enabled', 'Add account'],
  },
  {
    name: 'account',
    path: ({ organization, account }) => `/accounts/${organization}/${account}`,
    shows: ['Sessions', 'Links', 'Change role', 'are told by'],
  },
  {
    name: 'access-requests',
    path: ({ organization }) => `/access-requests?organization=${organization}`,
    shows: ['Nobody waits'],
  },
  {
    name: 'past-user-names',
    path: ({ organization }) => `/past-user-names?organization=${organization}`,
    shows: ['Kept until', 'of account'],
  },
  { name: 'messages', path: at('/messages'), shows: ['Where is my order?', 'sent', 'received'] },
  {
    name: 'message',
    path: ({ message }) => `/messages/contoso/${message}`,
    shows: ['Attempts', 'Message-ID'],
  },
  { name: 'send-message', path: at('/messages/send?connection=contoso'), shows: ['From', 'Subject'] },
  { name: 'events', path: ({ organization }) => `/events?organization=${organization}`, shows: ['a person signed in'] },
  { name: 'events-deployment', path: at('/events?organization=deployment'), shows: ['an operator was added'] },
  { name: 'webhooks', path: ({ organization }) => `/webhooks?organization=${organization}`, shows: ['/webhook', 'on'] },
  {
    name: 'webhook',
    path: ({ organization, webhook }) => `/webhooks/${organization}/${webhook}`,
    shows: ['Deliveries', 'delivered'],
  },
  { name: 'organizations', path: at('/organizations'), shows: ['Contoso', 'Fabrikam Robotics'] },
  {
    name: 'domains',
    path: ({ organization }) => `/domains?organization=${organization}`,
    shows: ['_portico.', 'taken on trust', 'waits for its record'],
  },
  { name: 'clients', path: at('/clients'), shows: ['Fabulous Products', '/callback'] },
  { name: 'operators', path: at('/operators'), shows: ['owner', '(you)'] },
  { name: 'keys', path: at('/keys'), shows: ['demo operator'] },
];

/** Pages that show what happens when something is not there. The answers of 404 are meant. */
export const faultyPages: readonly PlainPage[] = [
  { name: 'problem', path: '/connections/nothing-here', shows: ['Not found', 'Request id'] },
  { name: 'no-such-page', path: '/nothing/of/the/kind', shows: ['There is no such page'] },
];

/** Pages of a Portico in which nothing is yet. */
export const emptyPages: readonly PlainPage[] = [
  { name: 'empty-overview', path: '/', shows: ['Welcome to Portico', 'Add an organization'] },
  { name: 'empty-connections', path: '/connections', shows: ['No connection yet'] },
  { name: 'empty-events', path: '/events', shows: ['Events'] },
];
