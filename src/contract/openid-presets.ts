/** What an admin has to know to connect one of the well-known OpenID providers. */
interface OpenidPreset {
  title: string;
  /** The form of its issuer, with what stands for the customer in braces. */
  issuer: string;
  /** Where the application is registered, and as what. */
  register: string;
  /** What to choose there beyond client id, client secret and redirect URI. */
  choose: readonly string[];
  /** What its e-mail addresses are worth. */
  email: string;
  /** Whether a sign-out here can reach it. */
  signOut: boolean;
}

/** S2: presets of other OpenID providers; any other one is `generic`. */
export const openidPresets = {
  google: {
    title: 'Google Workspace',
    issuer: 'https://accounts.google.com',
    register: 'Google Cloud console > Google Auth Platform > Clients > Create client > Web application',
    choose: ['Audience: Internal, so that only people of the organization sign in'],
    email: 'email_verified is true for the addresses of the organization’s own domains.',
    signOut: false,
  },
  okta: {
    title: 'Okta',
    issuer: 'https://{organization}.okta.com',
    register: 'Okta admin console > Applications > Create App Integration > OIDC, Web Application',
    choose: [
      'Assignments: the groups whose people may sign in',
      'Groups claim (Sign On > OpenID Connect ID Token): name groups, with a filter, where groups give roles',
    ],
    email: 'email_verified says whether the person confirmed the address.',
    signOut: true,
  },
  auth0: {
    title: 'Auth0',
    issuer: 'https://{tenant}.auth0.com/',
    register: 'Auth0 dashboard > Applications > Create Application > Regular Web Application',
    choose: ['The redirect URI belongs under Allowed Callback URLs, and under Allowed Logout URLs too'],
    email: 'email_verified says whether the person confirmed the address.',
    signOut: true,
  },
  keycloak: {
    title: 'Keycloak',
    issuer: 'https://{host}/realms/{realm}',
    register: 'Keycloak admin console > realm > Clients > Create client > OpenID Connect',
    choose: [
      'Client authentication: on; Authentication flow: Standard flow only',
      'Valid post logout redirect URIs: the redirect URI',
      'A mapper of type Group Membership, claim groups, where groups give roles',
    ],
    email: 'email_verified is what an administrator or the person’s confirmation set.',
    signOut: true,
  },
  authentik: {
    title: 'authentik',
    issuer: 'https://{host}/application/o/{application}/',
    register: 'authentik admin interface > Applications > Create with provider > OAuth2/OpenID Provider',
    choose: ['Client type: Confidential', 'Signing Key: a certificate, so that tokens are signed with RS256'],
    email: 'email_verified is what the scope mapping for e-mail says, false unless that was changed.',
    signOut: true,
  },
  gitlab: {
    title: 'GitLab',
    issuer: 'https://gitlab.com',
    register: 'GitLab > group or Admin area > Applications > Add new application',
    choose: ['Confidential: yes', 'Scopes: openid, profile, email'],
    email: 'email_verified is true for confirmed addresses.',
    signOut: false,
  },
  ping: {
    title: 'PingOne',
    issuer: 'https://auth.pingone.{region}/{environment}/as',
    register: 'PingOne > Applications > Add > OIDC Web App',
    choose: ['Token Auth Method: Client Secret Post or Basic, the same as here', 'Resources: openid, profile, email'],
    email: 'email_verified comes only where an attribute is mapped to it.',
    signOut: true,
  },
  adfs: {
    title: 'AD FS',
    issuer: 'https://{host}/adfs',
    register: 'AD FS Management > Application Groups > Add > Server application accessing a web API',
    choose: [
      'A rule of the web API that sends the LDAP attribute E-Mail-Addresses as email, and allatclaims, openid, profile and email as permitted scopes',
    ],
    email: 'No claim proves an address; the directory’s own are the administrator’s.',
    signOut: true,
  },
  cognito: {
    title: 'Amazon Cognito',
    issuer: 'https://cognito-idp.{region}.amazonaws.com/{user pool}',
    register: 'Amazon Cognito > user pool > App clients > Create app client > Traditional web application',
    choose: ['OpenID Connect scopes: openid, profile, email'],
    email: 'email_verified says whether the person confirmed the address, as text.',
    signOut: false,
  },
  generic: {
    title: 'Another OpenID provider',
    issuer: 'https://{host}',
    register: 'At the provider: a confidential web application for the authorization code flow',
    choose: ['Proof Key for Code Exchange (PKCE) with S256, where it has to be allowed'],
    email: 'An address counts as verified where email_verified says so.',
    signOut: true,
  },
} as const satisfies Record<string, OpenidPreset>;
export type OpenidPresetName = keyof typeof openidPresets;
