import data from './types.json' with { type: 'json' }

/** Policies of AWS Organizations that are merged down the tree instead of being evaluated. */
export type ManagementType = keyof typeof data.types

/** What is known of one setting. `*` in a path is a name that the author chooses. */
export interface SettingRule {
  readonly path: readonly string[]
  readonly takes: 'one' | 'many' | 'anything'
  /** The only values that AWS knows; AWS asks for exactly this spelling. */
  readonly values: readonly string[] | null
  /** `null`: AWS does not say, or any text will do. */
  readonly form: ValueForm | null
}

/** What a value looks like, and how that is said. */
export interface ValueForm {
  readonly pattern: RegExp
  readonly words: string
  /** Whether AWS's documentation proves that nothing else is taken; else another form is no more than suspicious. */
  readonly certain: boolean
}

export interface ManagementRules {
  readonly type: ManagementType
  /** `PolicySummary.Type` of Organizations. */
  readonly api: string
  /** The one key at the top of a document. */
  readonly root: string
  readonly maxCharacters: number
  /** Whether AWS states the size for this type; else it is that of declarative policies in general. */
  readonly sizeStated: boolean
  readonly perTarget: number
  readonly settings: readonly SettingRule[]
  /** Names that AWS knows where the author chooses one, by path; AWS adds more. */
  readonly names: readonly { readonly path: readonly string[]; readonly known: readonly string[] }[]
  readonly required: readonly { readonly of: readonly string[]; readonly names: readonly string[] }[]
  readonly effective: EffectiveRules
}

/** How `DescribeEffectivePolicy` shows policies of a type. */
export interface EffectiveRules {
  /** Keys in lower case, or as they are written at the highest level. */
  readonly keys: 'lower' | 'written'
  /** A list from which `@@remove` took the last value. */
  readonly emptied: 'dropped' | 'kept'
}

interface SettingData {
  readonly path: string
  readonly takes: string
  readonly values?: readonly string[]
  readonly form?: string
}

const FORMS = new Map(
  Object.entries(data.forms).map(([name, { pattern, words, certain }]): [string, ValueForm] => [
    name,
    { pattern: new RegExp(pattern), words, certain },
  ]),
)

const takesOf = (text: string): SettingRule['takes'] =>
  text === 'one' || text === 'many' ? text : 'anything'

const ruleOf = ({ path, takes, values, form }: SettingData): SettingRule => ({
  path: path.split('/'),
  takes: takesOf(takes),
  values: values ?? null,
  form: FORMS.get(form ?? '') ?? null,
})

const namesOf = (type: object): ManagementRules['names'] =>
  'names' in type
    ? Object.entries(type.names as Readonly<Record<string, readonly string[]>>).map(([path, known]) => ({
        path: path.split('/'),
        known,
      }))
    : []

const AS_WRITTEN: EffectiveRules = { keys: 'written', emptied: 'dropped' }

const effectiveOf = (type: object): EffectiveRules => {
  if (!('effective' in type)) return AS_WRITTEN
  const { keys, emptied } = type.effective as Readonly<Record<string, string>>
  return {
    keys: keys === 'lower' ? 'lower' : 'written',
    emptied: emptied === 'kept' ? 'kept' : 'dropped',
  }
}

export const MANAGEMENT_TYPES = Object.keys(data.types) as readonly ManagementType[]
export const MANAGEMENT_AS_OF: string = data.asOf
/** Types of Organizations' API of which the syntax is not known here, and why. */
export const UNDESCRIBED: Readonly<Record<string, string>> = data.undescribed

export const RULES: ReadonlyMap<ManagementType, ManagementRules> = new Map(
  MANAGEMENT_TYPES.map((type) => {
    const { api, root, maxCharacters, perTarget, settings, required } = data.types[type]
    const rules: ManagementRules = {
      type,
      api,
      root,
      maxCharacters,
      sizeStated: !('sizeStated' in data.types[type]),
      perTarget,
      settings: settings.map(ruleOf),
      names: namesOf(data.types[type]),
      required: required.map(({ of, names }: { of: string; names: string[] }) => ({
        of: of.split('/'),
        names,
      })),
      effective: effectiveOf(data.types[type]),
    }
    return [type, rules]
  }),
)

const BY_ROOT = new Map([...RULES.values()].map((rules) => [rules.root, rules]))
const BY_API = new Map([...RULES.values()].map((rules) => [rules.api, rules]))

export const rulesByRoot = (root: string): ManagementRules | undefined => BY_ROOT.get(root)
export const rulesByApi = (api: string): ManagementRules | undefined => BY_API.get(api)
export const MANAGEMENT_ROOTS: readonly string[] = [...BY_ROOT.keys()]
