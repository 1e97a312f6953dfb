import {
  federatedAudience,
  federatedSubjectOf,
  redirectUrisOf,
  tenantUrlOf,
  tokenEndpointOf,
  type WaysIn,
} from '#connections';
import type { ConnectionSettings, Plan } from '#contract';
import { accountTypes, type Cloud, defaultAccessRoleId } from '#entra';
import { permissionsOf } from './permissions-of.ts';

/** Half a year: what the portal recommends, and soon enough that a rotation stays practised. */
const secretDays = 180;

/**
 * Optional claims of id tokens beyond those that always come (Microsoft identity platform, optional claims reference):
 * `sid` for front-channel logout, `login_hint` for sign-out, `xms_edov` and `verified_primary_email` for proof of an
 * e-mail address, `acct` for telling guests, `auth_time` for products that ask for a new sign-in.
 */
const claims = ['email', 'xms_edov', 'verified_primary_email', 'login_hint', 'sid', 'acct', 'auth_time'] as const;

/** What the plan of a connection is made from. */
export interface PlanBasis {
  id: string;
  settings: ConnectionSettings;
  cloud: Cloud;
  publicUrl: string;
  /** How provisioning may authenticate, as far as that is set up. */
  waysIn: Pick<WaysIn, 'credentials' | 'assertions'>;
}

/** D1: what Microsoft Entra must look like for these settings. */
export function planOf(basis: PlanBasis): Plan {
  const { id, settings, cloud, publicUrl, waysIn } = basis;
  const { signIn, provisioning, mailOut, mailIn, accountType, tenantId } = settings;
  const mail = mailOut || mailIn;
  const web = redirectUrisOf(publicUrl, id);
  const isEntra = settings.provider === 'entra';
  const permissions = isEntra ? permissionsOf(settings) : [];
  const roles = permissions.flatMap((it) => it.exchangeRole ?? []);
  return {
    cloud: cloud.name,
    tenantId,
    appRegistration: {
      displayName: `Portico (${settings.name})`,
      madeFrom: provisioning ? 'non-gallery application' : 'app registration',
      templateId: provisioning ? cloud.nonGalleryTemplateId : null,
      signInAudience: audienceOf(settings),
      redirectUris: signIn
        ? web.flatMap(({ platform, uri }) => (platform === 'web' ? [{ platform: 'web' as const, uri }] : []))
        : [],
      frontChannelLogoutUrl: signIn ? (web.find((it) => it.platform === 'front-channel logout')?.uri ?? null) : null,
      optionalClaims: isEntra && signIn && accountType !== 'personalOnly' ? [...claims] : [],
      groupMembershipClaims: isEntra && signIn && !hasPersonal(settings) ? 'ApplicationGroup' : null,
      publicClientFlows: false,
      implicitGrant: false,
      idTokenIssuance: signIn && settings.responseType === 'code id_token',
    },
    ...clientProofsOf(basis),
    permissions,
    consentIn: accountType === 'selectedTenants' ? settings.tenantIds : [],
    assignment:
      provisioning || isRestricted(settings)
        ? { required: isRestricted(settings), appRoleId: defaultAccessRoleId }
        : null,
    provisioning: provisioning
      ? {
          template: 'scim',
          tenantUrl: tenantUrlOf(publicUrl, id),
          authentication: authenticationOf(waysIn),
          tokenEndpoint: tokenEndpointOf(publicUrl, id),
          clientIdentifier: id,
          workloadIdentities: waysIn.assertions.map((it) => ({
            issuer: cloud.issuerTemplate.replace('{tenantid}', it.tenantId),
            subject: it.subject,
            audience: it.audience,
          })),
          objects: ['users', 'groups'],
          scope: 'assigned',
          matching: { users: 'userName', groups: 'displayName' },
          mappings: [{ object: 'user', entra: 'objectId', scim: 'externalId' }],
        }
      : null,
    mailboxScope: mail ? { managementScope: `Portico ${id}`, roles } : null,
  };
}

/** By what the application proves itself, as the settings say. */
function clientProofsOf({
  id,
  settings,
  publicUrl,
}: PlanBasis): Pick<Plan, 'clientSecret' | 'clientCertificate' | 'federatedCredential'> {
  const { signIn, mailOut, mailIn, clientAuthentication } = settings;
  const none = { clientSecret: null, clientCertificate: null, federatedCredential: null };
  if (!signIn && !mailOut && !mailIn) return none;
  const issuer = `${publicUrl}/oidc`;
  const subject = federatedSubjectOf(id);
  switch (clientAuthentication) {
    case 'certificate':
      return { ...none, clientCertificate: `CN=Portico ${id}` };
    case 'federatedCredential':
      return { ...none, federatedCredential: { name: `portico-${id}`, issuer, subject, audience: federatedAudience } };
    default:
      return { ...none, clientSecret: { description: `Portico ${id}`, lifetimeDays: secretDays } };
  }
}

type Authentication = NonNullable<Plan['provisioning']>['authentication'];

/** The ways in that are set up; a Secret Token where there is none yet, for it asks the least. */
function authenticationOf({ credentials, assertions }: PlanBasis['waysIn']): Authentication {
  const has = (kind: 'token' | 'clientSecret') => credentials.some((it) => it.kind === kind);
  const ways: Authentication = [];
  if (has('token')) ways.push('bearer');
  if (has('clientSecret')) ways.push('clientCredentials');
  if (assertions.length > 0) ways.push('workloadIdentity');
  return ways.length === 0 ? ['bearer'] : ways;
}

/**
 * Whether only people who were assigned may sign in: where an account comes into being at the first sign-in, or by
 * provisioning, an open door would let in the whole tenant.
 */
const isRestricted = ({ signIn, provisioning, registration, accountType }: ConnectionSettings): boolean =>
  signIn && accountType === 'oneTenant' && (provisioning || registration !== 'off');

const hasPersonal = ({ accountType }: ConnectionSettings): boolean =>
  accountType === 'personalOnly' || accountType === 'anyOrganizationAndPersonal';

function audienceOf({ accountType }: ConnectionSettings): Plan['appRegistration']['signInAudience'] {
  return accountTypes.find(({ type }) => type === accountType)?.signInAudience ?? 'AzureADMyOrg';
}
