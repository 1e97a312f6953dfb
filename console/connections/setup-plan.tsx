import { makeStyles, tokens } from '@fluentui/react-components';
import { Open16Regular } from '@fluentui/react-icons/svg/open';
import { useQuery } from '@tanstack/react-query';
import type { PlanStep } from '#contract';
import { Asked } from '../page/asked.tsx';
import { Outward } from '../page/outward.tsx';
import { Section } from '../page/section.tsx';
import { narrow } from '../page/widths.ts';
import { ask } from '../server/ask.ts';
import { CodeBlock } from '../values/code-block.tsx';
import { Copyable } from '../values/copyable.tsx';
import { useConnection } from './use-connection.ts';

const useStyles = makeStyles({
  steps: { display: 'flex', flexDirection: 'column', counterReset: 'step' },
  step: {
    display: 'grid',
    gridTemplateColumns: '44px minmax(0, 1fr)',
    paddingBottom: tokens.spacingVerticalXXXL,
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  number: {
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorBrandForeground1,
    fontVariantNumeric: 'tabular-nums',
  },
  body: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, minWidth: 0 },
  title: {
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
  },
  where: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground3,
  },
  actions: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  action: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 3fr)',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    alignItems: 'center',
    lineHeight: tokens.lineHeightBase300,
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  why: { color: tokens.colorNeutralForeground3, maxWidth: '72ch', lineHeight: tokens.lineHeightBase300 },
  presupposes: {
    listStyle: 'disc',
    paddingLeft: '20px',
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    maxWidth: '76ch',
  },
  data: { '& summary': { cursor: 'pointer', paddingBlock: tokens.spacingVerticalS } },
});

/** D1 and D2: what Entra must look like for this connection, as the steps through its portal. */
export function SetupPlan() {
  const styles = useStyles();
  const { id } = useConnection();
  const query = useQuery(ask('connections.plan', { connection: id }));
  return (
    <Asked query={query} what="the setup plan" rows={8}>
      {({ setUp, presupposes, steps, plan }) => (
        <>
          <Section
            title={setUp}
            about="Go through Entra’s portal in this order. Every value is filled in for this connection."
          >
            {presupposes.length > 0 && (
              <details className={styles.data}>
                <summary>What it takes: roles, licences, addresses</summary>
                <ul className={styles.presupposes}>
                  {presupposes.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </details>
            )}
          </Section>
          <ol className={styles.steps}>
            {steps.map((step, index) => (
              <Step key={step.title} step={step} number={index + 1} />
            ))}
          </ol>
          <details className={styles.data}>
            <summary>The plan as data</summary>
            <CodeBlock label="Setup plan" text={JSON.stringify(plan)} />
          </details>
        </>
      )}
    </Asked>
  );
}

function Step({ step: { title, where, link, actions, why }, number }: { step: PlanStep; number: number }) {
  const styles = useStyles();
  return (
    <li className={styles.step}>
      <span className={styles.number} aria-hidden>
        {number}
      </span>
      <div className={styles.body}>
        <h3 className={styles.title}>{title}</h3>
        <p className={styles.where}>
          <span>{where.replaceAll(' > ', ' › ')}</span>
          {link !== null && (
            <Outward href={link} about={title}>
              Open in the portal <Open16Regular aria-hidden />
            </Outward>
          )}
        </p>
        <ul className={styles.actions}>
          {actions.map(({ do: what, value }) => (
            <li key={`${what} ${value}`} className={value === null ? '' : styles.action}>
              <span>{what}</span>
              {value !== null && <Copyable value={value} label={what} />}
            </li>
          ))}
        </ul>
        {why !== null && <p className={styles.why}>{why}</p>}
      </div>
    </li>
  );
}
