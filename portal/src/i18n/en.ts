import { counted } from '@rankan/server/kernel/text.ts'
import type { ja } from './ja.ts'
import type { SameKeys } from './messages.ts'
import { rolesIn } from './roles.ts'

export const en: SameKeys<typeof ja> = {
  product: '欄干 Rankan',
  tagline: 'Cloud governance portal',
  skip: 'Skip to content',
  menu: 'Menu',
  closeMenu: 'Close menu',
  mainNavigation: 'Main menu',
  language: 'Language',
  signOut: 'Sign out',
  sandboxBanner: 'This is the sandbox estate. Nothing is created in the real AWS.',
  breadcrumbs: 'You are here',
  home: 'Home',
  loading: 'Loading',
  retry: 'Try again',
  notFoundTitle: 'Page not found',
  notFoundText: 'Check the address. The page may have moved, or it never existed.',
  toHome: 'Back to home',
  errorTitle: 'That did not work',
  errorOffline: 'The server does not answer. Try again in a moment.',
  errorDenied: 'You are not allowed to do this.',
  errorFields: 'Please check these fields',
  cancel: 'Cancel',
  close: 'Close',
  undo: 'Undo',
  required: 'Required',
  optional: 'Optional',
  choose: 'Choose one',
  noMatch: 'Nothing matches',
  searching: 'Searching',
  filter: 'Filter',
  exportCsv: 'Export CSV',
  rows: (shown, all) => {
    const count = counted(all, 'row')
    return shown === all ? count : `${shown.toLocaleString('en-GB')} of ${count}`
  },
  more: 'Load more',
  emptyTable: 'Nothing to show',
  sortBy: (column) => `Sort by ${column}`,
  step: (now, all) => `Step ${now} of ${all}`,
  stepDone: 'Done',
  stepCurrent: 'Current',
  stepWaiting: 'Not started',
  notices: 'Notices',
  japanTime: 'Japan time',
  role: {
    ...rolesIn('en'),
    system: 'System',
  },
}
