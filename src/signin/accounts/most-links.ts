/** So many links an account has at most: each is looked at where a session is. */
export const mostLinks = 20;
