import { defineMessages } from '../../../../i18n/messages.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'

export const texts = defineMessages(ja, en)
