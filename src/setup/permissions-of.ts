import type { ConnectionSettings, Plan } from '#contract';
import { findPermission, type Permission, resources } from '#entra';

type Needed = Plan['permissions'][number];

/** The API permissions that the features of a connection need, and why each. */
export function permissionsOf(settings: ConnectionSettings): Needed[] {
  const { signIn, mailOut, mailIn } = settings;
  const needed: Needed[] = [];
  if (signIn) {
    needed.push(
      needs('delegated', 'openid', 'people sign in'),
      needs('delegated', 'profile', 'the id token names the person: object id, tenant, name'),
      needs('delegated', 'email', 'the id token holds the e-mail address'),
    );
  }
  if (needsGroups(settings)) {
    const why = 'groups give roles, and Entra leaves more than 200 of them out of a token';
    needed.push(needs('application', 'GroupMember.Read.All', why), needs('application', 'User.Read.All', why));
  }
  if (mailOut) {
    needed.push(
      needs('application', 'Mail.Send', 'messages are sent from the mailboxes'),
      needs(
        'application',
        'Mail.ReadWrite',
        'a message is a draft first, so that a repeated attempt never sends twice',
      ),
    );
  } else if (mailIn) {
    needed.push(needs('application', 'Mail.Read', 'arriving messages are read'));
  }
  return needed;
}

/** Whether groups give roles to people whom no provisioning brings. */
const needsGroups = ({ signIn, provisioning, roleMappings }: ConnectionSettings): boolean =>
  signIn && !provisioning && roleMappings.some(({ from }) => from === 'group');

function needs(kind: Permission['kind'], name: string, why: string): Needed {
  const { title, appId } = resources.graph;
  return {
    resource: title,
    resourceAppId: appId,
    kind,
    name,
    id: findPermission('graph', kind, name)?.id ?? null,
    exchangeRole: kind === 'application' && name.startsWith('Mail.') ? `Application ${name}` : null,
    why,
  };
}
