import type { Domain, Plan, PlanStep } from '#contract';
import type { PlanBasis } from '../plan.ts';
import { assignmentStep } from './assignment.ts';
import { authenticationStep } from './authentication.ts';
import { certificateStep } from './certificate.ts';
import { claimsStep } from './claims.ts';
import { connectProvisioningSteps } from './connect-provisioning.ts';
import { consentStep } from './consent.ts';
import { domainsStep } from './domains.ts';
import { federatedCredentialStep } from './federated-credential.ts';
import { mailboxScopeStep } from './mailbox-scope.ts';
import { permissionsStep } from './permissions.ts';
import { providerStep } from './provider.ts';
import { mappingStep, startProvisioningStep } from './provisioning.ts';
import { registerStep } from './register.ts';
import { secretStep } from './secret.ts';
import { testStep } from './test.ts';

/** What a step is printed from: the plan, and the connection it was made for. */
export interface StepBasis extends PlanBasis {
  plan: Plan;
  /** The connection's e-mail domains that are not proven yet. */
  unproven: readonly Pick<Domain, 'domain' | 'recordName' | 'recordValue'>[];
}

/** One step, or undefined where the plan does not need it. */
export type PrintStep = (basis: StepBasis) => PlanStep | undefined;

/** The order in which an admin goes through the portal: each page once. */
const inOrder: readonly PrintStep[] = [
  registerStep,
  authenticationStep,
  secretStep,
  certificateStep,
  federatedCredentialStep,
  claimsStep,
  permissionsStep,
  mailboxScopeStep,
  assignmentStep,
  ...connectProvisioningSteps,
  mappingStep,
  startProvisioningStep,
  consentStep,
  domainsStep,
  testStep,
];

/** What is to do at another OpenID provider. */
const atAnother: readonly PrintStep[] = [providerStep, domainsStep, testStep];

/** D2: the setup plan as steps through the portal of Microsoft Entra, values filled in. */
export function portalSteps(basis: StepBasis): PlanStep[] {
  const order = basis.settings.provider === 'openid' ? atAnother : inOrder;
  return order.flatMap((print) => print(basis) ?? []);
}
