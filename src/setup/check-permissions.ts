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
export async function checkPermissions(
  world: EntraWorld,
  connection: LiveConnection,
): Promise<Check | readonly Check[]> {
  const { settings } = connection;
  const needed = permissionsOf(settings).filter(({ kind }) => kind === 'application');
  if (needed.length === 0) return [];
  const granted = await grantedTo(world, connection);
  if (granted === undefined) {
    const saw = 'Not seen: Microsoft Entra has to give a token first.';
    return { ...about, outcome: 'waiting', saw, next: null, link: null };
  }
  const missing = needed.filter(({ name }) => !granted.includes(name));
  if (missing.length === 0) {
    const saw = `Consented for every mailbox of the tenant: ${needed.map(({ name }) => name).join(', ')}.`;
    return { ...about, outcome: 'passed', saw, next: null, link: null };
  }
  const names = missing.map(({ name }) => name).join(', ');
  const cloud = cloudOf(world, settings.cloud);
  const roles = missing.flatMap(({ exchangeRole }) => exchangeRole ?? []).join(', ');
  return {
    ...about,
    outcome: 'warning',
    saw: `The token lacks ${names}${granted.length === 0 ? '' : `; it has ${granted.join(', ')}`}. Exchange roles do not show in a token.`,
    next: `Where access comes from the Exchange roles ${roles}, nothing is to do. Otherwise add ${names} under API permissions > Microsoft Graph > Application permissions, then Grant admin consent.`,
    link: registrationPage({ settings, cloud }, 'apiPermissions'),
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
