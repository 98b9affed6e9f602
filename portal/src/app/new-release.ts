const RELOADED_AT = 'rankan.reloaded-at'
/** A second failure this soon is not a new release but a real fault: the error page then says so. */
const AGAIN_MS = 10_000

/**
 * After a new release the parts of the old one are gone from the server, and a page that is still open cannot load its
 * next part. Loading it again is all that is needed.
 */
export function reloadAfterNewRelease(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const before = Number(sessionStorage.getItem(RELOADED_AT) ?? 0)
    if (Date.now() - before < AGAIN_MS) return
    sessionStorage.setItem(RELOADED_AT, String(Date.now()))
    event.preventDefault()
    location.reload()
  })
}
