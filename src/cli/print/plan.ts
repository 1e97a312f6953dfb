import { styleText } from 'node:util';
import type { PlanStep, SetupPlan } from '#contract';

/** The setup plan as steps to go through. */
export function planView({ setUp, settings, presupposes, steps }: SetupPlan): string {
  return [
    `${styleText('bold', setUp)} (${settings} settings)`,
    '',
    'Before you start',
    ...presupposes.map((line) => `  - ${line}`),
    ...steps.flatMap(stepView),
  ].join('\n');
}

function stepView({ title, where, link, actions, why }: PlanStep, index: number): string[] {
  return [
    '',
    `${styleText('bold', `${index + 1}. ${title}`)}`,
    `   ${where}`,
    ...(link === null ? [] : [`   ${styleText('underline', link)}`]),
    ...actions.flatMap((action) => [
      `   - ${action.do}`,
      ...(action.value === null ? [] : [`       ${styleText('cyan', action.value)}`]),
    ]),
    ...(why === null ? [] : [`   ${styleText('dim', why)}`]),
  ];
}
