import { connectionOfDomain } from '#connections';
import { type ConnectionSettings, type SignInTest, userNameRules } from '#contract';
import type { PersonClaims } from '#openid';
import { findSubject, type World } from '#store';
import { previewUserName } from './accounts/preview-user-name.ts';
import { decide, type PersonAtConnection } from './accounts/sign-in-person.ts';
import { withTrustedEmail } from './accounts/trust-email.ts';
import { type RefusalReason, wordsOf } from './refusals.ts';

type Answer = SignInTest['wouldDo'][number];

/** D5: what a sign-in of this person would do, question by question, and what is missing. Changes nothing. */
export async function previewSignIn(
  world: World,
  it: PersonAtConnection,
): Promise<{ wouldDo: Answer[]; refused: RefusalReason | null }> {
  const { organizationId, connectionId, settings } = it;
  const person = await withTrustedEmail({ run: world.store.read }, it);
  const { linked, verdict } = await decide({ run: world.store.read }, it);
  const subjects = await world.store.read(findSubject, {
    organizationId,
    directoryId: connectionId,
    externalId: person.objectId,
  });
  const account: Answer =
    verdict.refused !== null
      ? { question: 'Account', answer: `refused: ${wordsOf(verdict.refused).admin}`, good: false }
      : linked !== undefined
        ? { question: 'Account', answer: `signs in to the account ${linked.userName}`, good: true }
        : { question: 'Account', answer: 'gets a new account', good: true };
  return {
    refused: verdict.refused,
    wouldDo: [
      account,
      {
        question: 'User name',
        answer: linked?.userName ?? (await nameAnswer(world, it)),
        good: true,
      },
      ...emailAnswers(person, settings, await findRoutes(world, it)),
      directoryAnswer(subjects, settings, verdict.refused),
      ...groupAnswers(person, settings),
      {
        question: 'Assignment',
        answer: 'Microsoft let this person in: assigned to the application, or assignment is not required',
        good: true,
      },
      signOutAnswer(person),
    ],
  };
}

async function nameAnswer(world: World, it: PersonAtConnection): Promise<string> {
  const { organizationId, connectionId, settings, person } = it;
  const naming = { connectionId, userNameFrom: settings.userNameFrom };
  const { userName, rule, state } = await previewUserName({ run: world.store.read }, organizationId, person, naming);
  const made = rule === 'objectId' ? 'the object id, as no claim gives a name' : userNameRules[rule];
  const name = `${userName}, made of ${made}`;
  if (state === 'free') return name;
  const why = state === 'taken' ? 'another account has that name' : 'a deleted account had that name';
  return `${name}, and some random characters, as ${why}`;
}

/** The domains of the connection by which people are sent to it. */
async function findRoutes(world: World, { connectionId, settings }: PersonAtConnection): Promise<string[]> {
  const routed = await Promise.all(settings.domains.map((domain) => connectionOfDomain(world, domain)));
  return settings.domains.filter((_, index) => routed[index]?.id === connectionId);
}

function emailAnswers(person: PersonClaims, { domains }: ConnectionSettings, routed: readonly string[]): Answer[] {
  if (person.email === undefined) {
    return [
      {
        question: 'E-mail',
        answer:
          'missing: add the optional claim email to the app registration, and see that the user has a mail address',
        good: false,
      },
    ];
  }
  const domain = person.email.slice(person.email.lastIndexOf('@') + 1).toLowerCase();
  return [
    {
      question: 'E-mail',
      answer: `${person.email}, ${person.emailVerified ? 'verified' : 'not verified'}: ${person.emailReason}`,
      good: person.emailVerified,
    },
    {
      question: 'Domain',
      answer: routed.includes(domain)
        ? `people of ${domain} are sent to this connection`
        : domains.includes(domain)
          ? `people of ${domain} will be sent to this connection once the settings are live and the domain is proven`
          : `people of ${domain} are not sent to this connection: add the domain to it`,
      good: domains.includes(domain),
    },
  ];
}

function directoryAnswer(
  subjects: readonly { user_name: string; active: number }[],
  { provisioning }: ConnectionSettings,
  refused: RefusalReason | null,
): Answer {
  const question = 'Directory user';
  if (refused === 'nickname_mapped') return { question, answer: wordsOf(refused).admin, good: false };
  const [subject, another] = subjects;
  if (another !== undefined) return { question, answer: wordsOf('ambiguous_user').admin, good: false };
  if (subject !== undefined) {
    const state = subject.active === 1 ? 'active' : 'switched off';
    return { question, answer: `${subject.user_name}, ${state}`, good: subject.active === 1 };
  }
  return provisioning
    ? { question, answer: wordsOf('not_provisioned').admin, good: false }
    : { question, answer: 'none: this connection does not provision users', good: true };
}

function groupAnswers(person: PersonClaims, { provisioning }: ConnectionSettings): Answer[] {
  const { roles, groups, groupsOverage } = person;
  const groupAnswer = groupsOverage
    ? 'left out by Microsoft, as there are too many: set the groups claim to "Groups assigned to the application"'
    : groups === undefined
      ? provisioning
        ? 'none in the token; groups come by provisioning'
        : 'none in the token: add the groups claim, or turn on provisioning, where the product needs groups'
      : `${groups.length} in the token`;
  return [
    {
      question: 'Roles',
      answer: roles.length === 0 ? 'none: no app role is assigned to this person' : roles.join(', '),
      good: true,
    },
    { question: 'Groups', answer: groupAnswer, good: !groupsOverage && (groups !== undefined || provisioning) },
  ];
}

function signOutAnswer({ sid, loginHint }: PersonClaims): Answer {
  const missing = [sid === undefined ? 'sid' : '', loginHint === undefined ? 'login_hint' : ''].filter(Boolean);
  return {
    question: 'Sign-out',
    answer:
      missing.length === 0
        ? 'a sign-out at Microsoft ends the session here too'
        : `add the optional claim ${missing.join(' and ')} to the app registration, so that a sign-out reaches both sides`,
    good: missing.length === 0,
  };
}
