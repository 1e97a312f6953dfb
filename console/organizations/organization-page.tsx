import type { ReactNode } from 'react';
import { Loading } from '../page/loading.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { ToButton } from '../page/to.tsx';
import { type OrganizationChoice, OrganizationSelect } from './organization-choice.tsx';

interface OrganizationPageProps {
  title: string;
  lead: string;
  /** The things, in the plural: `accounts`. */
  what: string;
  choice: OrganizationChoice;
  onChoose: (organization: string | undefined) => void;
  actions?: ReactNode;
  tabs?: ReactNode;
  children: (organization: string) => ReactNode;
}

/** A page about what belongs to one organization, which is chosen at its top. */
export function OrganizationPage(props: OrganizationPageProps) {
  const { title, lead, what, choice, onChoose, actions, tabs, children } = props;
  const { chosen, listing } = choice;
  return (
    <Page
      title={title}
      lead={lead}
      tabs={tabs}
      actions={
        <>
          <OrganizationSelect choice={choice} value={chosen} onChoose={onChoose} />
          {actions}
        </>
      }
    >
      {listing.problem !== null ? (
        <ProblemNotice problem={listing.problem} onRetry={listing.retry} />
      ) : listing.items === undefined ? (
        <Loading what={what} rows={6} />
      ) : chosen === undefined ? (
        <NothingHere title="No organization yet" action={<ToButton to="/organizations">Organizations</ToButton>}>
          {what.charAt(0).toUpperCase() + what.slice(1)} belong to an organization. Add that first.
        </NothingHere>
      ) : (
        children(chosen)
      )}
    </Page>
  );
}
