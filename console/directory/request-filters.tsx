import { Button, Select } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import { Filters } from '../table/filters.tsx';
import { SearchField } from '../table/search-field.tsx';
import { At } from '../values/time.tsx';
import { askedMethods, askedOutcomes, askedStatuses } from './request-search.ts';

const route = getRouteApi('/directories/$directory/requests');

const outcomeWords: Readonly<Record<(typeof askedOutcomes)[number], string>> = {
  refused: 'That were refused',
  changed: 'That changed something',
  unchanged: 'That changed nothing',
  read: 'That only read',
};

/** What narrows the log: by whom it was about, what came of it, status, method, and a span of time from the address. */
export function RequestFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { about, resource, outcome, status, method, from, to } = search;
  type Search = typeof search;
  const set = <Name extends keyof Search>(name: Name, value: Search[Name] | undefined, replace = false) =>
    void navigate({
      search: ({ [name]: _before, ...rest }) => (value === undefined ? rest : { ...rest, [name]: value }) as Search,
      replace,
    });
  return (
    <Filters>
      <SearchField
        label="User name, group, externalId or id"
        value={about ?? resource}
        onSearch={(value) =>
          void navigate({
            search: ({ about: _about, resource: _resource, ...rest }) =>
              value === undefined ? rest : { ...rest, about: value },
            replace: true,
          })
        }
      />
      <Select
        aria-label="Outcome"
        value={outcome ?? ''}
        onChange={(_, { value }) =>
          set(
            'outcome',
            askedOutcomes.find((known) => known === value),
          )
        }
      >
        <option value="">All requests</option>
        {askedOutcomes.map((known) => (
          <option key={known} value={known}>
            {outcomeWords[known]}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Method"
        value={method ?? ''}
        onChange={(_, { value }) =>
          set(
            'method',
            askedMethods.find((known) => known === value),
          )
        }
      >
        <option value="">Any method</option>
        {askedMethods.map((known) => (
          <option key={known}>{known}</option>
        ))}
      </Select>
      <Select
        aria-label="Status"
        value={status ?? ''}
        onChange={(_, { value }) =>
          set(
            'status',
            askedStatuses.find((known) => known === value),
          )
        }
      >
        <option value="">Any status</option>
        {askedStatuses.map((known) => (
          <option key={known}>{known}</option>
        ))}
      </Select>
      {(from !== undefined || to !== undefined) && (
        <span>
          {from !== undefined && (
            <>
              From <At at={from} />{' '}
            </>
          )}
          {to !== undefined && (
            <>
              {from === undefined ? 'Until' : 'until'} <At at={to} />{' '}
            </>
          )}
          <Button size="small" onClick={() => void navigate({ search: ({ from: _from, to: _to, ...rest }) => rest })}>
            At any time
          </Button>
        </span>
      )}
    </Filters>
  );
}
