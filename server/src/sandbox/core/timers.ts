/** Due times in order. A timer that was cancelled stays here and is skipped when it comes up. */
export interface Timer {
  readonly id: string
  /** Virtual milliseconds since 1970. */
  readonly due: number
  readonly seq: number
  readonly service: string
  readonly kind: string
  readonly payload: unknown
}

export interface TimerQueue {
  add(timer: Timer): void
  peek(): Timer | undefined
  pop(): Timer | undefined
}

const before = (a: Timer, b: Timer) => a.due < b.due || (a.due === b.due && a.seq < b.seq)

/** Binary heap: earliest first, equal times in the order they were set. */
export function timerQueue(): TimerQueue {
  const heap: Timer[] = []
  const at = (i: number) => heap[i] as Timer
  const swap = (i: number, j: number) => {
    const held = at(i)
    heap[i] = at(j)
    heap[j] = held
  }
  const up = (start: number) => {
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!before(at(i), at(parent))) return
      swap(i, parent)
      i = parent
    }
  }
  const down = () => {
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2]
      let least = i
      if (left < heap.length && before(at(left), at(least))) least = left
      if (right < heap.length && before(at(right), at(least))) least = right
      if (least === i) return
      swap(i, least)
      i = least
    }
  }
  return {
    add(timer) {
      heap.push(timer)
      up(heap.length - 1)
    },
    peek: () => heap[0],
    pop() {
      const first = heap[0]
      const last = heap.pop()
      if (last && heap.length > 0) {
        heap[0] = last
        down()
      }
      return first
    },
  }
}
