import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePerson, type KnownPerson } from './judge-person.ts';

type Linked = NonNullable<KnownPerson['linked']>;
type Rule = Parameters<typeof judgePerson>[0]['registration'];

const linked = (change: Partial<Linked> = {}): Linked => ({
  linkConnectionId: 'con',
  directory: 'con',
  userId: null,
  userActive: null,
  disabled: 0,
  ...change,
});
const active = { id: 'u1', active: 1 };
const off = { id: 'u1', active: 0 };

const cases: readonly (readonly [what: string, rule: Rule, known: KnownPerson, verdict: string])[] = [
  ['nobody knows the person, registration off', 'off', { linked: undefined, subjects: [] }, 'registration_off'],
  [
    'registration off, though the directory has the user',
    'off',
    { linked: undefined, subjects: [active] },
    'registration_off',
  ],
  ['registration on', 'on', { linked: undefined, subjects: [] }, 'new without user'],
  [
    'registration on, but the user was deleted',
    'on',
    { linked: undefined, subjects: [], wasDeleted: true },
    'user_deleted',
  ],
  ['registration on, the directory has the user', 'on', { linked: undefined, subjects: [active] }, 'new u1 of con'],
  ['with approval, nobody asked', 'approval', { linked: undefined, subjects: [] }, 'access_asked'],
  ['with approval, it waits', 'approval', { linked: undefined, subjects: [], asked: 'waiting' }, 'access_asked'],
  ['with approval, declined', 'approval', { linked: undefined, subjects: [], asked: 'declined' }, 'access_declined'],
  ['with approval, approved', 'approval', { linked: undefined, subjects: [], asked: 'approved' }, 'new without user'],
  [
    'approved, but switched off',
    'approval',
    { linked: undefined, subjects: [off], asked: 'approved' },
    'user_disabled',
  ],
  ['by invitation, without one', 'invitation', { linked: undefined, subjects: [] }, 'not_invited'],
  ['provisioned only, no such user', 'provisioned', { linked: undefined, subjects: [] }, 'not_provisioned'],
  ['provisioned only, an active user', 'provisioned', { linked: undefined, subjects: [active] }, 'new u1 of con'],
  ['a switched-off user', 'on', { linked: undefined, subjects: [off] }, 'user_disabled'],
  [
    'two users of the same externalId',
    'on',
    { linked: undefined, subjects: [active, { id: 'u2', active: 1 }] },
    'ambiguous_user',
  ],
  ['known, never provisioned', 'off', { linked: linked(), subjects: [] }, 'known without user'],
  ['known, provisioned meanwhile', 'off', { linked: linked(), subjects: [active] }, 'known u1 of con'],
  [
    'known and switched off',
    'on',
    { linked: linked({ userId: 'u1', userActive: 0 }), subjects: [off] },
    'user_disabled',
  ],
  ['the account is disabled', 'on', { linked: linked({ disabled: 1 }), subjects: [active] }, 'account_disabled'],
  ['the user was deleted', 'on', { linked: linked({ userId: 'u0' }), subjects: [] }, 'user_deleted'],
  [
    'the user was deleted and made anew',
    'off',
    { linked: linked({ userId: 'u0' }), subjects: [active] },
    'known u1 of con',
  ],
  [
    'the user is in the directory of another connection',
    'off',
    { linked: linked({ linkConnectionId: 'other', directory: 'other', userId: 'u9', userActive: 1 }), subjects: [] },
    'known u9 of other',
  ],
  [
    'the user is switched off in the directory of another connection',
    'off',
    { linked: linked({ linkConnectionId: 'other', directory: 'other', userId: 'u9', userActive: 0 }), subjects: [] },
    'user_disabled',
  ],
  [
    'the connection of the user was deleted with its directory',
    'off',
    { linked: linked({ linkConnectionId: 'gone', directory: null, userId: 'u9' }), subjects: [] },
    'known without user',
  ],
];

for (const [what, registration, known, expected] of cases) {
  test(`${what}: ${expected}`, () => {
    const verdict = judgePerson({ connectionId: 'con', registration }, known);
    const said =
      verdict.refused ??
      `${verdict.account} ${verdict.userId === null ? 'without user' : `${verdict.userId} of ${verdict.directoryId}`}`;
    assert.equal(said, expected);
  });
}
