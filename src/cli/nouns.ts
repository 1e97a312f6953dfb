import { addFollow } from './follow-events.ts';
import type { Noun } from './program.ts';
import { addRotateToken } from './rotate-token.ts';
import { addRotate, addSet } from './secrets.ts';
import { addTestSignIn } from './test-sign-in.ts';

/** The commands: `portico <noun> <verb>`, each verb an entry of the contract or a function that adds one. */
export const nouns: Readonly<Record<string, Noun>> = {
  organizations: {
    about: 'Customers of ours',
    verbs: {
      list: { entry: 'organizations.list' },
      create: { entry: 'organizations.create', takes: ['name'] },
      get: { entry: 'organizations.get' },
      update: { entry: 'organizations.update' },
      delete: { entry: 'organizations.delete' },
    },
  },
  connections: {
    about: 'The trust between an organization and its tenant',
    verbs: {
      list: { entry: 'connections.list' },
      create: { entry: 'connections.create', takes: ['id'] },
      get: { entry: 'connections.get' },
      update: { entry: 'connections.update' },
      delete: { entry: 'connections.delete' },
      plan: { entry: 'connections.plan' },
      test: { entry: 'connections.test' },
      'test-sign-in': addTestSignIn,
      activate: { entry: 'connections.activate' },
      pause: { entry: 'connections.pause' },
      rollback: { entry: 'connections.rollback' },
      checks: { entry: 'connections.checks' },
      derive: { entry: 'connections.start', takes: ['startFrom'] },
    },
  },
  domains: {
    about: 'E-mail domains of an organization',
    verbs: {
      list: { entry: 'domains.list' },
      create: { entry: 'domains.create', takes: ['domain'] },
      verify: { entry: 'domains.verify' },
      trust: { entry: 'domains.trust' },
      delete: { entry: 'domains.delete' },
    },
  },
  secrets: {
    about: 'What a connection presents to its provider: client secrets and certificates',
    verbs: {
      list: { entry: 'secrets.list' },
      set: addSet,
      certify: { entry: 'secrets.certify' },
      rotate: addRotate,
      delete: { entry: 'secrets.delete' },
    },
  },
  directories: {
    about: 'Users and groups that a connection provisions',
    verbs: {
      get: { entry: 'directories.get' },
      update: { entry: 'directories.update' },
      tokens: {
        about: 'Secret Tokens of the provisioning service',
        verbs: {
          list: { entry: 'tokens.list' },
          create: { entry: 'tokens.create' },
          rotate: addRotateToken,
          revoke: { entry: 'tokens.revoke' },
        },
      },
      'client-secrets': {
        about: 'Client secrets by which the provisioning service gets access tokens',
        verbs: {
          list: { entry: 'clientSecrets.list' },
          create: { entry: 'clientSecrets.create' },
          revoke: { entry: 'clientSecrets.revoke' },
        },
      },
      assertions: {
        about: 'Assertions of Microsoft Entra by which the provisioning service gets access tokens',
        verbs: {
          list: { entry: 'assertions.list' },
          create: { entry: 'assertions.create' },
          delete: { entry: 'assertions.delete' },
        },
      },
      users: { entry: 'users.list', one: 'users.get' },
      groups: { entry: 'groups.list', one: 'groups.get' },
      members: { entry: 'groups.members' },
      cycles: { entry: 'cycles.list' },
      requests: { entry: 'requests.list', one: 'requests.get' },
      held: {
        about: 'Changes that the brake holds',
        verbs: {
          list: { entry: 'held.list' },
          release: { entry: 'held.release' },
          drop: { entry: 'held.drop' },
        },
      },
      replay: { entry: 'requests.replay' },
    },
  },
  accounts: {
    about: 'People who can sign in',
    verbs: {
      list: { entry: 'accounts.list' },
      get: { entry: 'accounts.get' },
      create: { entry: 'accounts.create', takes: ['email'] },
      update: { entry: 'accounts.update' },
      'local-sign-in': { entry: 'accounts.localSignIn' },
      reset: { entry: 'accounts.reset' },
      'remove-password': { entry: 'accounts.removePassword' },
      unlock: { entry: 'accounts.unlock' },
      passkeys: {
        about: 'Passkeys of an account',
        verbs: { list: { entry: 'passkeys.list' }, delete: { entry: 'passkeys.delete' } },
      },
      delete: { entry: 'accounts.delete' },
    },
  },
  'access-requests': {
    about: 'People who wait to be let in',
    verbs: {
      list: { entry: 'accessRequests.list' },
      get: { entry: 'accessRequests.get' },
      approve: { entry: 'accessRequests.approve' },
      decline: { entry: 'accessRequests.decline' },
      delete: { entry: 'accessRequests.delete' },
    },
  },
  invitations: {
    about: 'People invited to sign in who have no account yet',
    verbs: {
      list: { entry: 'invitations.list' },
      create: { entry: 'invitations.create', takes: ['name'] },
      delete: { entry: 'invitations.delete' },
    },
  },
  'user-names': {
    about: 'User names: what one would become, and those of deleted accounts',
    verbs: {
      preview: { entry: 'userNames.preview' },
      past: { entry: 'userNames.past' },
      purge: { entry: 'userNames.purge' },
    },
  },
  links: {
    about: 'What proves an account',
    verbs: {
      list: { entry: 'links.list' },
      create: { entry: 'links.create', takes: ['objectId'] },
      delete: { entry: 'links.delete' },
    },
  },
  sessions: {
    about: 'Sessions of an account',
    verbs: {
      list: { entry: 'sessions.list' },
      end: { entry: 'sessions.end' },
      'end-all': { entry: 'sessions.endAll' },
    },
  },
  mailboxes: {
    about: 'Mailboxes of a connection',
    verbs: {
      list: { entry: 'mailboxes.list' },
      create: { entry: 'mailboxes.create', takes: ['address'] },
      get: { entry: 'mailboxes.get' },
      update: { entry: 'mailboxes.update' },
      delete: { entry: 'mailboxes.delete' },
    },
  },
  messages: {
    about: 'Mail out and in',
    verbs: {
      list: { entry: 'messages.list' },
      get: { entry: 'messages.get' },
      send: { entry: 'messages.send' },
    },
  },
  clients: {
    about: 'Products that sign people in by Portico',
    verbs: {
      list: { entry: 'clients.list' },
      create: { entry: 'clients.create' },
      get: { entry: 'clients.get' },
      update: { entry: 'clients.update' },
      delete: { entry: 'clients.delete' },
      'add-secret': { entry: 'clients.addSecret' },
      'remove-secret': { entry: 'clients.removeSecret' },
    },
  },
  'provider-keys': {
    about: 'Keys that the provider for products signs with',
    verbs: { list: { entry: 'providerKeys.list' }, rotate: { entry: 'providerKeys.rotate' } },
  },
  operators: {
    about: 'People who run Portico',
    verbs: {
      list: { entry: 'operators.list' },
      create: { entry: 'operators.create' },
      update: { entry: 'operators.update' },
      delete: { entry: 'operators.delete' },
      link: { entry: 'operators.link' },
    },
  },
  'break-glass': {
    about: 'Operators for the day when nobody else gets in',
    verbs: {
      list: { entry: 'breakGlass.list' },
      create: { entry: 'breakGlass.create', takes: ['name'] },
      renew: { entry: 'breakGlass.renew' },
      uses: { entry: 'breakGlass.uses' },
      acknowledge: { entry: 'breakGlass.acknowledge' },
    },
  },
  keys: {
    about: 'API keys',
    verbs: {
      list: { entry: 'keys.list' },
      create: { entry: 'keys.create' },
      revoke: { entry: 'keys.revoke' },
    },
  },
  events: {
    about: 'What happened',
    verbs: { list: { entry: 'events.list' }, deployment: { entry: 'events.deployment' }, follow: addFollow },
  },
  webhooks: {
    about: 'Where events are sent',
    verbs: {
      list: { entry: 'webhooks.list' },
      create: { entry: 'webhooks.create', takes: ['url'] },
      get: { entry: 'webhooks.get' },
      update: { entry: 'webhooks.update' },
      delete: { entry: 'webhooks.delete' },
      deliveries: { entry: 'webhooks.deliveries' },
    },
  },
};
