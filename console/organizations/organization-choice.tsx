import { makeStyles, Select } from '@fluentui/react-components';
import type { Organization } from '#contract';
import { type Listing, useListing } from '../server/ask.ts';

const useStyles = makeStyles({ select: { minWidth: '200px', maxWidth: '320px' } });
const more = ' load more';

/** The organizations that a page can be about, and the one it is about: the asked one, or the first. */
export interface OrganizationChoice {
  listing: Listing<Organization>;
  chosen: string | undefined;
  nameOf: (id: string) => string;
}

/** Finds the organization that a page is about. */
export function useOrganizationChoice(asked: string | undefined): OrganizationChoice {
  const listing = useListing('organizations.list', { query: { limit: 200 } });
  const nameOf = (id: string): string => listing.items?.find((organization) => organization.id === id)?.name ?? id;
  return { listing, chosen: asked ?? listing.items?.[0]?.id, nameOf };
}

interface OrganizationSelectProps {
  choice: OrganizationChoice;
  value: string | undefined;
  onChoose: (organization: string | undefined) => void;
  /** What stands for no organization, where that means something. */
  none?: string;
}

/** Chooses among the organizations. */
export function OrganizationSelect({ choice: { listing }, value, onChoose, none }: OrganizationSelectProps) {
  const styles = useStyles();
  const items = listing.items ?? [];
  const choose = (chosen: string): void => {
    if (chosen === more) listing.loadMore();
    else onChoose(chosen === '' ? undefined : chosen);
  };
  return (
    <Select
      aria-label="Organization"
      className={styles.select}
      value={value ?? ''}
      onChange={(_, data) => choose(data.value)}
    >
      {none !== undefined && <option value="">{none}</option>}
      {items.map((organization) => (
        <option key={organization.id} value={organization.id}>
          {organization.name}
        </option>
      ))}
      {listing.hasMore && <option value={more}>Load more organizations …</option>}
    </Select>
  );
}
