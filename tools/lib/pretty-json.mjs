/** JSON as Biome formats it, for generated files of ASCII lists: a list that fits stays on its line. */
const WIDTH = 110

export const prettyJson = (value) => `${shown(value, '', 0)}\n`

function shown(value, indent, before) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    const flat = value.every((one) => one === null || typeof one !== 'object')
      ? `[${value.map((one) => JSON.stringify(one)).join(', ')}]`
      : null
    if (value.length === 0) return '[]'
    // One more for the comma that may follow.
    if (flat !== null && before + flat.length + 1 <= WIDTH) return flat
    return `[\n${value.map((one) => `${inner}${shown(one, inner, inner.length)}`).join(',\n')}\n${indent}]`
  }
  const members = Object.entries(value).map(([key, one]) => {
    const name = `${inner}${JSON.stringify(key)}: `
    return `${name}${shown(one, inner, name.length)}`
  })
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`
}
