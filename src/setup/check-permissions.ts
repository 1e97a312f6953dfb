import { askForAppToken, clientProofsOf, cloudOf, type EntraWorld, type LiveConnection } from '#connections';
import type { Check } from '#contract';
import { EntraError, readAppRoles } from '#entra';
import { Problem } from '#http';
import { permissionsOf } from './permissions-of.ts';
import { registrationPage } from './portal/registration-page.ts';

const about = {
  name: 'entra.permissions',
  title: 'API permissions',
  matters: 'Mail moves only with these rights, by the consent of an admin or by Exchange roles.',
};

/** Compares the application permissions that the plan names with those in an app-only token. */
export async function checkPermissions(world: EntraWorld, connection: LiveConnection): Promise<readonly Check[]> {
  const { settings } = connection;
  const application = permissionsOf(settings).filter(({ kind }) => kind === 'application');
  if (application.length === 0 || settings.provider !== 'entra') return [];
  const granted = await grantedTo(world, connection);
  const forGroups = application.filter(({ exchangeRole }) => exchangeRole === null).map(({ name }) => name);
  const needed = application.filter(({ exchangeRole }) => exchangeRole !== null);
  const groups = forGroups.length === 0 ? [] : [checkGroups(world, connection, forGroups, granted)];
  if (needed.length === 0) return groups;
  if (granted === undefined) {
    const saw = 'Not seen: Microsoft Entra has to give a token first.';
    return [...groups, { ...about, outcome: 'waiting', saw, next: null, link: null }];
  }
  const missing = needed.filter(({ name }) => !granted.includes(name));
  if (missing.length === 0) {
    const saw = `Consented for every mailbox of the tenant: ${needed.map(({ name }) => name).join(', ')}.`;
    return [...groups, { ...about, outcome: 'passed', saw, next: null, link: null }];
  }
  const names = missing.map(({ name }) => name).join(', ');
  const cloud = cloudOf(world, settings.cloud);
  const roles = missing.flatMap(({ exchangeRole }) => exchangeRole ?? []).join(', ');
  const lacking: Check = {
    ...about,
    outcome: 'warning',
    saw: `The token lacks ${names}${granted.length === 0 ? '' : `; it has ${granted.join(', ')}`}. Exchange roles do not show in a token.`,
    next: `Where access comes from the Exchange roles ${roles}, nothing is to do. Otherwise add ${names} under API permissions > Microsoft Graph > Application permissions, then Grant admin consent.`,
    link: registrationPage({ settings, cloud }, 'apiPermissions'),
  };
  return [...groups, lacking];
}

/** S10: whether Graph may be asked for the groups of people who are in too many for a token. */
function checkGroups(
  world: EntraWorld,
  { settings }: LiveConnection,
  needed: readonly string[],
  granted: readonly string[] | undefined,
): Check {
  const about = {
    name: 'entra.groupPermissions',
    title: 'Groups of people who are in many',
    matters: 'Entra leaves the groups out of a token where a person is in more than 200; then Graph is asked for them.',
  };
  if (granted === undefined) {
    const saw = 'Not seen: Microsoft Entra has to give a token first.';
    return { ...about, outcome: 'waiting', saw, next: null, link: null };
  }
  const missing = needed.filter((name) => !granted.includes(name)).join(', ');
  if (missing === '')
    return { ...about, outcome: 'passed', saw: `Granted: ${needed.join(', ')}.`, next: null, link: null };
  return {
    ...about,
    outcome: 'warning',
    saw: `The token lacks ${missing}: people in more than 200 groups sign in without the roles of groups.`,
    next: `Add ${missing} under API permissions > Microsoft Graph > Application permissions, then Grant admin consent; or set the groups claim to "Groups assigned to the application"; or turn on provisioning.`,
    link: registrationPage({ settings, cloud: cloudOf(world, settings.cloud) }, 'apiPermissions'),
  };
}

/** The roles in a token asked for now, past any cache; undefined where none was given, or it is not readable. */
async function grantedTo(world: EntraWorld, connection: LiveConnection): Promise<readonly string[] | undefined> {
  const [usable] = await clientProofsOf(world, connection);
  if (usable === undefined) return undefined;
  try {
    const { accessToken } = await askForAppToken(world, connection.settings, usable.proof);
    return readAppRoles(accessToken);
  } catch (error) {
    if (error instanceof EntraError || error instanceof Problem) return undefined;
    throw error;
  }
}
