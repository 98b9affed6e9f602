import { type RefObject, useEffect, useState } from 'react'

/** Whether what is in the box goes on beyond its right edge, also after either of them has got another width. */
export function useIsWider(box: RefObject<HTMLElement | null>): boolean {
  const [isWider, setIsWider] = useState(false)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    // A pixel of rounding is none that anybody misses.
    const observer = new ResizeObserver(() => setIsWider(element.scrollWidth > element.clientWidth + 1))
    for (const one of [element, ...element.children]) observer.observe(one)
    return () => observer.disconnect()
  }, [box])
  return isWider
}
