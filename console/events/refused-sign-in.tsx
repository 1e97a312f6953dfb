import { useQuery } from '@tanstack/react-query';
import { Loading } from '../page/loading.tsx';
import { Outward } from '../page/outward.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { ask } from '../server/ask.ts';
import { Fact, Facts } from '../values/facts.tsx';

/** Why a sign-in was refused and what to do about it, by the id that the person quotes. */
export function RefusedSignIn({ request }: { request: string }) {
  const { data, error, refetch } = useQuery({ ...ask('refusedSignIns.explain', { request }), retry: false });
  if (error !== null) return <ProblemNotice problem={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="the refused sign-in" />;
  const { title, what, facts, link } = data;
  return (
    <Section
      title={title}
      about={what}
      actions={
        link !== null && (
          <Outward href={link} about="Microsoft Entra admin center">
            Open where it is put right
          </Outward>
        )
      }
    >
      <Facts>
        {facts.map(({ name, value }) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}
