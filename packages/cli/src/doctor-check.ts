/** One thing that the doctor looked at. `unknown`: it could not be seen, which is not the same as good. */
export interface DoctorCheck {
  readonly name: string
  readonly status: "ok" | "warning" | "error" | "unknown"
  /** What was found, in a few words. */
  readonly found: string
  /** What to do; absent where there is nothing to do. */
  readonly help?: string
}

/** A check that went well. */
export function good(name: string, found: string): DoctorCheck {
  return { name, status: "ok", found }
}

/** A check that did not, with what helps. */
export function bad(name: string, status: "warning" | "error" | "unknown", found: string, help: string): DoctorCheck {
  return { name, status, found, help }
}
