import type { Plan, PlanStep } from '#contract';
import { enterpriseAppPage } from './enterprise-app-page.ts';
import type { PrintStep, StepBasis } from './portal-steps.ts';

type Provisioning = NonNullable<Plan['provisioning']>;
type Way = Provisioning['authentication'][number];

/** One way to authenticate as the portal asks for it. */
interface Printed {
  /** As Select authentication method calls it. */
  method: string;
  actions: (provisioning: Provisioning, id: string) => PlanStep['actions'];
  why: string;
}

const atTokenEndpoint = ({ tenantUrl, tokenEndpoint, clientIdentifier }: Provisioning): PlanStep['actions'] => [
  { do: 'Tenant URL', value: tenantUrl },
  { do: 'Token endpoint', value: tokenEndpoint },
  { do: 'Client identifier', value: clientIdentifier },
];

/** use-scim-to-provision-users-and-groups; Workload-Identity-Federation-for-SCIM-Provisioning (SCIMReferenceCode). */
const ways: Readonly<Record<Way, Printed>> = {
  bearer: {
    method: 'Bearer authentication',
    actions: ({ tenantUrl }, id) => [
      { do: 'Tenant URL', value: tenantUrl },
      {
        do: 'Issue a Secret Token on the page Provisioning of this connection, where it is shown once; or type',
        value: `portico directories tokens create ${id}`,
      },
      { do: 'Paste it into Secret Token, then Test connection, then Create', value: null },
    ],
    why: 'By the token Portico knows who provisions. It opens this one directory and nothing else.',
  },
  clientCredentials: {
    method: 'OAuth2 client credentials grant',
    actions: (provisioning, id) => [
      ...atTokenEndpoint(provisioning),
      {
        do: 'Client secret: it was shown once. If it is not at hand, create another on the page Provisioning of this connection; or type',
        value: `portico directories client-secrets create ${id}`,
      },
      {
        do: 'How credentials are sent, where it is asked: any of Authorization header, body, or both; leave the scope empty',
        value: null,
      },
      { do: 'Test connection, then Create', value: null },
    ],
    why: 'For the secret Entra gets access tokens of an hour or some hours, which open this one directory and nothing else. The secret itself is sent to the token endpoint only.',
  },
  workloadIdentity: {
    method: 'Workload Identity Federation',
    actions: (provisioning) => [
      {
        do: 'Select Workload Identity: register a new one or take one that is there. What Entra then shows must be what is trusted here',
        value: null,
      },
      ...provisioning.workloadIdentities.flatMap(({ issuer, subject, audience }) => [
        { do: 'Issuer (iss)', value: issuer },
        { do: 'Subject (sub)', value: subject },
        { do: 'Audience (aud); with /.default behind it, it is the same', value: audience },
      ]),
      ...atTokenEndpoint(provisioning),
      { do: 'Test connection, then Create', value: null },
    ],
    why: 'Entra signs an assertion for the workload identity and gets access tokens for it. There is no secret, and nothing ends.',
  },
};

const others =
  'Instead, Entra can use OAuth 2.0 client credentials or workload identity federation: create a client secret or trust a workload identity on the page Provisioning of this connection, and its step stands here.';

/** P1, P2: Tenant URL and how Entra authenticates: a step for each way that is set up. */
export const connectProvisioningSteps: readonly PrintStep[] = (Object.keys(ways) as Way[]).map(
  (way) => (basis) => printWay(basis, way),
);

function printWay(basis: StepBasis, way: Way): PlanStep | undefined {
  const { provisioning } = basis.plan;
  if (provisioning === null || !provisioning.authentication.includes(way)) return undefined;
  const { method, actions, why } = ways[way];
  const isOnlyOne = provisioning.authentication.length === 1;
  const choice = isOnlyOne
    ? way === 'bearer' && others
    : 'An application authenticates in one way: of the steps called Connect provisioning one is enough.';
  return {
    title: isOnlyOne ? 'Connect provisioning' : `Connect provisioning: ${method}`,
    ...enterpriseAppPage(basis, 'Provisioning > Connect your application'),
    actions: [{ do: 'Select authentication method', value: method }, ...actions(provisioning, basis.id)],
    why: choice === false ? why : `${why} ${choice}`,
  };
}
