import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { DECLARED_ACTIONS } from './actions.ts'
import { actionsOnPage, permissionsPage } from './permissions-page.ts'

const page = new URL('../../../docs/guide/aws-permissions.md', import.meta.url)

it('docs/guide/aws-permissions.md is in step with the adapters (write it with UPDATE_DOCS=1)', () => {
  if (process.env.UPDATE_DOCS === '1') writeFileSync(page, permissionsPage())
  expect(readFileSync(page, 'utf8')).toBe(permissionsPage())
})

it('the page names every declared action', () => {
  expect([...new Set(actionsOnPage(permissionsPage()))].sort()).toEqual(DECLARED_ACTIONS)
})
