// Asks Cedar until V8 has optimised the asking function, then lets V8 take the optimised code back in the middle of a call, as
// happens in a server that has run for some minutes. Needs --allow-natives-syntax.
const dist = process.env.RANKAN_TEST_DIST ?? '../../dist'
const { cedarAuthoriser } = await import(`${dist}/identity/authorise.js`)

const decide = cedarAuthoriser()
const [isOptimised, deoptimise] = [
  new Function('f', 'return (%GetOptimizationStatus(f) & 16) !== 0'),
  new Function('f', '%DeoptimizeFunction(f)'),
]
let armed = false
let during = 0
// Read by Cedar while it runs. The shape is the same before and after, or V8 would take the code back before the call.
const organisationId = {
  get x() {
    if (armed) {
      during += 1
      deoptimise(decide)
    }
    return 'a'
  },
}
const actor = { kind: 'person', id: 'per_1', role: 'central_operator', organisationIds: ['org_1'] }
const resource = { organisationId }
for (let i = 0; i < 100_000 && !isOptimised(decide); i++) decide(actor, 'application.read', resource)
const optimised = isOptimised(decide)
armed = true
const { allowed } = decide(actor, 'application.read', resource)
console.log(JSON.stringify({ optimised, during, allowed }))
