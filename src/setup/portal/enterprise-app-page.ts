import type { PlanStep } from '#contract';
import { enterpriseAppsLink } from '#entra';
import type { StepBasis } from './portal-steps.ts';

/** The way through the portal to a page of the enterprise application. */
export const enterpriseAppPage = ({ plan, cloud }: StepBasis, below: string): Pick<PlanStep, 'where' | 'link'> => ({
  where: `Enterprise applications > ${plan.appRegistration.displayName} > ${below}`,
  link: enterpriseAppsLink(cloud) ?? null,
});
