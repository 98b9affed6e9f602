import { FileTrigger } from 'react-aria-components'
import { Button } from '../../../../components/Button.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import type { ImportChoice } from '../request.ts'

const ENDINGS: Readonly<Record<Exclude<ImportChoice, 'in-place'>, readonly string[]>> = {
  spreadsheet: ['.xlsx', '.csv'],
  'security-hub': ['.json'],
  'control-tower': ['.guard'],
  'conformance-pack': ['.yaml', '.yml', '.json', '.template'],
  'oscal-catalog': ['.json'],
  'oscal-profile': ['.json'],
}

interface Props {
  readonly kind: Exclude<ImportChoice, 'in-place'>
  readonly files: readonly { readonly name: string }[]
  readonly onChoose: (files: readonly File[]) => void
  readonly isPending: boolean
}

/** The package of Control Tower is a folder of rule files; a profile comes with its catalogs. */
export function Files({ kind, files, onChoose, isPending }: Props) {
  const t = useTexts(texts)
  const endings = ENDINGS[kind]
  const many = kind === 'control-tower' || kind === 'oscal-profile'
  const choose = (found: FileList | null) => {
    const chosen = [...(found ?? [])].filter(({ name }) => endings.some((ending) => name.endsWith(ending)))
    if (chosen.length > 0) onChoose(chosen)
  }
  const [first] = files
  return (
    <div className="flex flex-wrap items-center gap-3">
      <FileTrigger acceptedFileTypes={endings} allowsMultiple={many} onSelect={choose}>
        <Button look="secondary" isPending={isPending}>
          {many ? t.chooseFiles : t.chooseFile}
        </Button>
      </FileTrigger>
      {kind === 'control-tower' ? (
        <FileTrigger acceptDirectory onSelect={choose}>
          <Button look="secondary" isPending={isPending}>
            {t.chooseFolder}
          </Button>
        </FileTrigger>
      ) : null}
      <span role="status">{first === undefined ? t.noFile : t.fileCount(first.name, files.length)}</span>
    </div>
  )
}
