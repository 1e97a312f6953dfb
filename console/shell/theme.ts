import { type BrandVariants, createDarkTheme, createLightTheme, type Theme } from '@fluentui/react-components';

/** Petrol: clearly not one of the status colours, and readable on both grounds. */
const petrol: BrandVariants = {
  10: '#000c0f',
  20: '#001a21',
  30: '#002730',
  40: '#003540',
  50: '#004250',
  60: '#004f60',
  70: '#005d6f',
  80: '#006a7e',
  90: '#007d93',
  100: '#1b8fa5',
  110: '#3d9fb5',
  120: '#5dafc3',
  130: '#79bfd1',
  140: '#97cfdd',
  150: '#b4dce7',
  160: '#cfeaf1',
};

const fonts = {
  fontFamilyBase:
    '"Segoe UI Variable Text", "Segoe UI", -apple-system, BlinkMacSystemFont, "Open Sans", "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace:
    '"Cascadia Mono", "Cascadia Code", Consolas, "SF Mono", Menlo, "Liberation Mono", "DejaVu Sans Mono", monospace',
};

/** Fluent's light theme in Portico's colour. */
export const light: Theme = { ...createLightTheme(petrol), ...fonts };

/** Fluent's dark theme in Portico's colour; links and marks are lifted to stay readable. */
export const dark: Theme = {
  ...createDarkTheme(petrol),
  ...fonts,
  colorNeutralBackground1: '#1b1d1f',
  colorNeutralBackground2: '#15171a',
  colorNeutralBackground3: '#111315',
  colorNeutralStroke2: '#3b3f43',
  colorNeutralStroke3: '#2e3236',
  colorBrandForeground1: '#5dafc3',
  colorBrandForeground2: '#79bfd1',
  colorBrandForegroundLink: '#79bfd1',
  colorBrandForegroundLinkHover: '#97cfdd',
  colorBrandForegroundLinkPressed: '#b4dce7',
  colorCompoundBrandForeground1: '#79bfd1',
  colorCompoundBrandForeground1Hover: '#97cfdd',
  colorCompoundBrandStroke: '#5dafc3',
  colorCompoundBrandStrokeHover: '#79bfd1',
  colorBrandStroke1: '#5dafc3',
};
