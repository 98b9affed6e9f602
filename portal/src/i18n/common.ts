import { en } from './en.ts'
import { ja } from './ja.ts'
import { defineMessages } from './messages.ts'

export const common = defineMessages(ja, en)
