import { describe, expect, test } from 'vitest'
import { checkManagementDraft } from './check.ts'
import { managementWords } from './management-words.ts'
import { problemText } from './problem-words.ts'

const check = (document: object | string) =>
  checkManagementDraft(typeof document === 'string' ? document : JSON.stringify(document), 'tag', 'x')
const project = (more: object) => ({ tags: { project: more } })

describe('management policies in words', () => {
  test('each setting says what it does to what is inherited, in both languages', () => {
    const { policy } = check(
      project({
        tag_key: { '@@assign': 'PROJECT', '@@operators_allowed_for_child_policies': ['@@none'] },
        tag_value: { '@@append': ['a', 'b'], '@@remove': ['c'] },
      }),
    )
    if (policy === null) throw new Error('refused')
    const words = managementWords(policy)
    expect(words.map(({ path }) => path)).toEqual(['tags/project/tag_key', 'tags/project/tag_value'])
    expect(words[0]?.sentences.map(({ ja }) => ja)).toEqual([
      '値を `PROJECT` にします(上位の値を置き換えます)。',
      '下位のポリシーは、ここから下を変えられません。',
    ])
    expect(words[1]?.sentences.map(({ en }) => en)).toEqual([
      'Adds `a`, `b` to what is inherited.',
      'Takes `c` out of what is inherited.',
    ])
  })

  test.each([
    ['no_operator', project({ tag_key: 'PROJECT' }), '`tag_key` の値に継承演算子がありません。'],
    [
      'unknown_operator',
      project({ tag_key: { '@@asign': 'PROJECT' } }),
      '`@@asign` という継承演算子はありません。',
    ],
    [
      'unknown_setting',
      project({ tag_kay: { '@@assign': 'PROJECT' } }),
      '`tags/project` の下に `tag_kay` という設定は知られていません。',
    ],
    [
      'tag_key_differs',
      project({ tag_key: { '@@assign': 'cost' } }),
      'タグキー `cost` が `project` と一致しません。',
    ],
    ['not_a_list', project({ tag_value: { '@@append': 'a' } }), '`@@append` の値がリストではありません。'],
    [
      'bad_value',
      { services: { default: { opt_out_policy: { '@@assign': 'maybe' } } } },
      '`opt_out_policy` に `maybe` という値はありません。',
    ],
    ['unknown_type', { Version: '2012-10-17' }, '`Version` で始まる管理ポリシーはありません。'],
  ] as const)('%s is said in Japanese with the words of the author', (code, document, words) => {
    const found = check(document).problems.filter((problem) => problem.code === code)
    expect(found.map((problem) => problemText(problem, 'ja').message)).toEqual([words])
    expect(found.map((problem) => problemText(problem, 'ja').hint ?? '').join()).not.toMatch(
      /[A-Z][a-z]+ [a-z]+ /,
    )
  })

  test('the limit is that of the type, and broken JSON is refused', () => {
    expect(check(project({ tag_key: { '@@assign': 'project' } })).size.limit).toBe(10_000)
    expect(check('{"tags": {').policy).toBeNull()
    const long = check(
      project({ tag_key: { '@@assign': 'project' }, tag_value: { '@@assign': ['x'.repeat(10_000)] } }),
    )
    expect(long.problems.map(({ code }) => code)).toEqual(['too_long'])
    expect(long.policy).toBeNull()
  })
})
