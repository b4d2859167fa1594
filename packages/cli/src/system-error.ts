/** What the system said of a file, in words, and what helps. */
const WORDS: Readonly<Record<string, readonly [said: string, help: string]>> = {
  EACCES: ["you may not", "change who may, or name another place"],
  EDQUOT: ["your share of the disk is used up", "remove something, or name another place"],
  EEXIST: ["it is there already", "remove it, or name another place"],
  EFBIG: ["the file would be larger than this process may write", "raise the limit, such as `ulimit -f unlimited`"],
  EIO: ["the disk failed", "look at the disk"],
  EISDIR: ["it is a folder", "name a file, or move the folder away"],
  ELOOP: ["its links lead round in a circle", "correct the links"],
  EMFILE: ["too many files are open", "raise the limit, such as `ulimit -n 4096`"],
  ENAMETOOLONG: ["the name is too long", "choose a shorter one"],
  ENOENT: ["there is no such file or folder", "correct the path"],
  ENOSPC: ["no space is left there", "remove something, or name another place"],
  ENOTDIR: ["a part of the path is no folder", "correct the path"],
  EPERM: ["it is not permitted", "change who may, or name another place"],
  EROFS: ["the file system is read-only", "name another place"],
  ETXTBSY: ["it is being run", "end what runs it"],
}

/** Whether the system refused something about a file: a place to mend, not a mistake of ours. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false
  const { errno, code, path } = error as NodeJS.ErrnoException
  return typeof errno === "number" && code !== undefined && (path !== undefined || Object.hasOwn(WORDS, code))
}

/** One line: the file, what the system said, and what helps. */
export function formatSystemError(error: NodeJS.ErrnoException, place = error.path): string {
  const { code = "", message } = error
  const words = WORDS[code]
  const where = place === undefined ? "" : `${place}: `
  return words === undefined ? `${where}${message}` : `${where}${words[0]} (${code}): ${words[1]}`
}
