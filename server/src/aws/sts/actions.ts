import { need } from '../need.ts'

/** Needed by the base credentials that Rankan runs with, not by its role in the management account. */
export const baseNeeds = [
  need(
    'sts:AssumeRole',
    '管理アカウントの Rankan ロールを引き受ける',
    "Takes on Rankan's role in the management account",
  ),
]
