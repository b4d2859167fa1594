import { type ChildProcess, spawn } from "node:child_process"

/** Kept by a shell of its own: when this process dies, however it does, what it listed is killed and removed. */
const SCRIPT = `
list=""
while read -r op item; do
  case $op in
    +) list="$list $item" ;;
    -) rest=""; for each in $list; do [ "$each" = "$item" ] || rest="$rest $each"; done; list=$rest ;;
  esac
done
for each in $list; do
  case $each in
    pid:*) kill -9 "\${each#pid:}" 2>/dev/null ;;
    docker:*) docker rm -f "\${each#docker:}" >/dev/null 2>&1 ;;
  esac
done
for each in $list; do
  case $each in dir:*) rm -rf "\${each#dir:}" ;; esac
done
`

let shell: ChildProcess | undefined

/** Lists a process (`pid:4711`), container (`docker:name`) or temporary directory (`dir:/…`) to go with this process. */
export function watch(item: `pid:${number}` | `docker:${string}` | `dir:${string}`): void {
  if (process.platform === "win32") return
  if (shell === undefined) {
    shell = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true })
    shell.on("error", () => undefined)
    shell.stdin?.on("error", () => undefined)
    shell.unref()
    const pipe = shell.stdin as unknown as { unref?: () => void } | null
    pipe?.unref?.()
  }
  shell.stdin?.write(`+ ${item}\n`)
}

/** Takes an item off the list again, when it has ended in an orderly way. */
export function unwatch(item: `pid:${number}` | `docker:${string}` | `dir:${string}`): void {
  shell?.stdin?.write(`- ${item}\n`)
}
