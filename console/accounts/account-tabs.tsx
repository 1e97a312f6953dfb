import { Tabs, ToTab } from '../page/tabs.tsx';

const ofPath = { exact: true, includeSearch: false } as const;

/** The pages about the accounts of one organization. */
export function AccountTabs({ organization }: { organization: string | undefined }) {
  const search = organization === undefined ? {} : { organization };
  return (
    <Tabs label="About accounts">
      <ToTab to="/accounts" search={search} activeOptions={ofPath}>
        Accounts
      </ToTab>
      <ToTab to="/access-requests" search={search} activeOptions={ofPath}>
        Requests
      </ToTab>
      <ToTab to="/past-user-names" search={search} activeOptions={ofPath}>
        Past user names
      </ToTab>
    </Tabs>
  );
}
