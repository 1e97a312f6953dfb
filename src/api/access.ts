import {
  changeOperator,
  createOperator,
  deleteOperator,
  issueKey,
  linkForOperator,
  pageOfKeys,
  pageOfOperators,
  revokeKey,
  signOut,
} from '#access';
import { Problem } from '#http';
import type { Asked, Handlers } from './handler.ts';

type Names =
  | 'session.get'
  | 'session.end'
  | 'operators.list'
  | 'operators.create'
  | 'operators.update'
  | 'operators.delete'
  | 'operators.link'
  | 'keys.list'
  | 'keys.create'
  | 'keys.revoke';

/** Operators, API keys, and who one is. */
export const accessHandlers: Handlers<Names> = {
  'session.get': async (_, { caller }) => ({
    actor: { type: caller.type, id: caller.id, name: caller.name },
    rights: [...caller.rights],
    organization: caller.organization,
    expiresAt: new Date(caller.expiresAt).toISOString(),
  }),
  'session.end': async (world, { caller }) => void (await signOut(world, caller)),
  'operators.list': async (world, asked) => pageOfOperators(world, ofDeployment(asked).query),
  'operators.create': async (world, asked) => createOperator(world, ofDeployment(asked).caller, asked.body),
  'operators.update': async (world, asked) =>
    changeOperator(world, ofDeployment(asked).caller, asked.params.operator, asked.body, asked.version),
  'operators.delete': async (world, asked) =>
    void (await deleteOperator(world, ofDeployment(asked).caller, asked.params.operator)),
  'operators.link': async (world, asked) => linkForOperator(world, ofDeployment(asked).caller, asked.params.operator),
  'keys.list': async (world, asked) => pageOfKeys(world, ofDeployment(asked).query),
  'keys.create': async (world, { caller, body }) => issueKey(world, caller, body),
  'keys.revoke': async (world, asked) => void (await revokeKey(world, ofDeployment(asked).caller, asked.params.key)),
};

/** Lets through only who may see the whole deployment: operators and keys belong to no organization. */
export function ofDeployment<Given extends Pick<Asked<Names>, 'caller'>>(asked: Given): Given {
  if (asked.caller.organization === null) return asked;
  throw new Problem('missing-right', {
    detail: `${asked.caller.name} sees one organization only`,
    remedy: 'use a key for all organizations',
    more: { right: 'organization: all' },
  });
}
