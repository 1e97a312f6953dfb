/** Makes the opaque value of the `login_hint` claim, usable as `login_hint` and `logout_hint`; it holds no tenant. */
export function makeLoginHint(userPrincipalName: string): string {
  return `O.${Buffer.from(userPrincipalName).toString('base64url')}`;
}

/** The user name a hint stands for: an opaque hint is opened, anything else is a name already. */
export function readLoginHint(hint: string): string {
  return hint.startsWith('O.') && !hint.includes('@') ? Buffer.from(hint.slice(2), 'base64url').toString('utf8') : hint;
}
