import { makeStyles, tokens } from '@fluentui/react-components';
import type { Connection, Directory } from '#contract';
import { ConnectionStateMark } from '../connections/connection-state.tsx';
import { ToRow } from '../page/to.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Ago } from '../values/time.tsx';

const useStyles = makeStyles({
  on: { color: tokens.colorNeutralForeground1 },
  off: { color: tokens.colorNeutralForeground4 },
});

interface ConnectionMatrixProps {
  connections: Connection[];
  directories: Directory[];
  organizationName: (id: string) => string;
}

/** Every connection against what it does: one look shows what is on. */
export function ConnectionMatrix({ connections, directories, organizationName }: ConnectionMatrixProps) {
  const directoryOf = (id: string): Directory | undefined => directories.find((directory) => directory.id === id);
  return (
    <Table
      label="Connections and what they do"
      items={connections}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Connection',
          cell: ({ id, name, organization }) => (
            <TwoLines
              first={
                <ToRow to="/connections/$connection" params={{ connection: id }}>
                  {name}
                </ToRow>
              }
              second={organizationName(organization)}
            />
          ),
        },
        { title: 'State', width: '150px', cell: (connection) => <ConnectionStateMark connection={connection} /> },
        { title: 'Sign-in', width: '90px', from: 'narrow', cell: ({ live }) => <OnOff on={live?.signIn} /> },
        {
          title: 'Provisioning',
          from: 'narrow',
          width: '220px',
          cell: ({ id, live }) => <ProvisioningCell on={live?.provisioning} directory={directoryOf(id)} />,
        },
        {
          title: 'Mail',
          from: 'medium',
          width: '110px',
          cell: ({ live }) => <MailCell out={live?.mailOut} in={live?.mailIn} />,
        },
      ]}
    />
  );
}

function OnOff({ on }: { on: boolean | undefined }) {
  const styles = useStyles();
  return on ? <span className={styles.on}>on</span> : <span className={styles.off}>–</span>;
}

function ProvisioningCell({ on, directory }: { on: boolean | undefined; directory: Directory | undefined }) {
  if (!on || directory === undefined) return <OnOff on={on} />;
  return (
    <TwoLines
      first={`${directory.activeUsers.toLocaleString('en')} active users, ${directory.groups.toLocaleString('en')} groups`}
      second={
        directory.lastContactAt === null ? (
          'no contact yet'
        ) : (
          <>
            last contact <Ago at={directory.lastContactAt} />
          </>
        )
      }
    />
  );
}

function MailCell({ out, in: into }: { out: boolean | undefined; in: boolean | undefined }) {
  if (!out && !into) return <OnOff on={false} />;
  return <>{[out && 'out', into && 'in'].filter(Boolean).join(', ')}</>;
}
