import { createHash } from 'node:crypto';

/** The authority of links by which Portico itself vouches for a person. */
export const localAuthority = 'local';

/** How a sign-in name is compared: without regard to case, spaces around it, and how its letters are composed. */
export const foldSignInName = (name: string): string => name.trim().normalize('NFKC').toLowerCase();

/** By what attempts are counted: what people type as their name is sometimes their password. */
export const hashOfName = (name: string): string =>
  createHash('sha256').update(foldSignInName(name)).digest('base64url');
