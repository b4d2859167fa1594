const LONGEST_INTERVAL = 2 ** 31 - 1

let holders = 0
let timer: ReturnType<typeof setInterval> | undefined

/**
 * Keeps the process alive until the returned function is called: a device that waits for its next attempt may have
 * nothing else that does. One timer serves all links.
 */
export function holdProcess(): () => void {
  holders += 1
  timer ??= setInterval(() => undefined, LONGEST_INTERVAL)
  let held = true
  return () => {
    if (!held) return
    held = false
    holders -= 1
    if (holders > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
