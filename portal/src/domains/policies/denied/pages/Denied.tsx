export function Denied() {
  return null
}
