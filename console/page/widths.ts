/** Media queries for makeStyles: at or below these widths. */
export const narrow = '@media (max-width: 640px)';
/** Where the navigation folds into a drawer. */
export const medium = '@media (max-width: 960px)';
