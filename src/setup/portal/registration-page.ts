import { type AppRegistrationPage, appRegistrationLink, appRegistrationsLink } from '#entra';
import type { PlanBasis } from '../plan.ts';

/** Address of a page of the app registration; of the list, while its id is not known. Null where the cloud has no portal. */
export function registrationPage(
  { settings, cloud }: Pick<PlanBasis, 'settings' | 'cloud'>,
  page: AppRegistrationPage,
): string | null {
  const { clientId } = settings;
  return (clientId === null ? appRegistrationsLink(cloud) : appRegistrationLink(cloud, clientId, page)) ?? null;
}
