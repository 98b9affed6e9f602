import { type RefObject, useEffect, useState } from 'react'

/** Up to here the edge cuts off no more than the empty space at the end of a cell (`px-3`). */
const PADDING_PX = 12

/** Whether what is in the box goes on beyond its right edge, also after either of them has got another width. */
export function useIsWider(box: RefObject<HTMLElement | null>): boolean {
  const [isWider, setIsWider] = useState(false)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() =>
      setIsWider(element.scrollWidth > element.clientWidth + PADDING_PX),
    )
    for (const one of [element, ...element.children]) observer.observe(one)
    return () => observer.disconnect()
  }, [box])
  return isWider
}
