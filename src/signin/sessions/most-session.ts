/** No session of any connection lasts longer: so long the cookie is kept, and what products were given. */
export const mostSessionMs = 720 * 3_600_000;
