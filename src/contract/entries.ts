import { accessEntries } from './access.ts';
import { accessRequestEntries } from './access-requests.ts';
import { accountEntries } from './accounts.ts';
import { breakGlassEntries } from './break-glass.ts';
import { checkEntries } from './checks.ts';
import { clientEntries } from './clients.ts';
import { connectionEntries } from './connections.ts';
import { directoryEntries } from './directories.ts';
import { domainEntries } from './domains.ts';
import { eventEntries } from './events.ts';
import { explainEntries } from './explain.ts';
import { invitationEntries } from './invitations.ts';
import { localSignInEntries } from './local-sign-in.ts';
import { mailEntries } from './mail.ts';
import { organizationEntries } from './organizations.ts';
import { providerKeyEntries } from './provider-keys.ts';
import { provisioningEntries } from './provisioning.ts';
import { secretEntries } from './secrets.ts';
import { wayInEntries } from './ways-in.ts';

/** The whole REST API: every entry by its name, `<noun>.<verb>`. */
export const entries = {
  ...accessEntries,
  ...breakGlassEntries,
  ...organizationEntries,
  ...connectionEntries,
  ...domainEntries,
  ...checkEntries,
  ...secretEntries,
  ...directoryEntries,
  ...wayInEntries,
  ...provisioningEntries,
  ...accountEntries,
  ...accessRequestEntries,
  ...invitationEntries,
  ...localSignInEntries,
  ...mailEntries,
  ...eventEntries,
  ...clientEntries,
  ...providerKeyEntries,
  ...explainEntries,
} as const;

/** The name of an entry. */
export type EntryName = keyof typeof entries;
