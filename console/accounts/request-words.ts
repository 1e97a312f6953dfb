import type { AccessRequest } from '#contract';

/** What a request can be, as one looks for it. */
export const requestStates = ['waiting', 'approved', 'declined'] as const satisfies readonly AccessRequest['state'][];

/** How a person who asks is called. */
export const calledIn = ({ name, preferredUsername, email, objectId }: AccessRequest): string =>
  name ?? preferredUsername ?? email ?? objectId;
