import { Button, type ButtonProps, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

const useStyles = makeStyles({
  link: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    borderRadius: tokens.borderRadiusSmall,
    ':hover': { color: tokens.colorBrandForegroundLinkHover, textDecorationLine: 'underline' },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
  inText: { textDecorationLine: 'underline' },
  row: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    ':hover': { color: tokens.colorNeutralForeground1 },
    '::after': { content: '""', position: 'absolute', inset: '0', cursor: 'pointer' },
    ':focus-visible': { outline: 'none' },
    ':focus-visible::after': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
});

type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

function Anchor({ className, ...rest }: AnchorProps) {
  return <a className={mergeClasses(useStyles().link, className)} {...rest} />;
}

function AnchorInText({ className, ...rest }: AnchorProps) {
  const styles = useStyles();
  return <a className={mergeClasses(styles.link, styles.inText, className)} {...rest} />;
}

function RowAnchor({ className, ...rest }: AnchorProps) {
  const styles = useStyles();
  return <a className={mergeClasses(styles.link, styles.row, className)} {...rest} />;
}

type AnchorButtonProps = Pick<
  ButtonProps,
  'appearance' | 'size' | 'icon' | 'iconPosition' | 'children' | 'className'
> & {
  href?: string;
};

function AnchorButton(props: AnchorButtonProps) {
  return <Button as="a" {...props} />;
}

/** A link within the console. */
export const To = createLink(Anchor);
/** A link within a sentence: underlined, since colour alone does not tell it from the text. */
export const ToInText = createLink(AnchorInText);
/** The link of a table's row: the whole row opens it. */
export const ToRow = createLink(RowAnchor);
/** A link in the shape of a button. */
export const ToButton = createLink(AnchorButton);
