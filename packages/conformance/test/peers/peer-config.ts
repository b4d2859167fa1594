import type { PeerStore } from "./peer-store.js"

type Side = "own" | "fleet"

/** A speed that only a boot brings about. */
const REBOOTS = 77

export interface PeerConfigOptions {
  readonly store: PeerStore
  readonly versionField: string
  is(defect: string): boolean
  report(report: Record<string, unknown>): void
  /** In effect from now on. */
  applied(value: Record<string, unknown>, words: { readonly version: number; readonly restored: boolean }): void
}

/** Configuration as F-1 to F-3 have it. */
export class PeerConfig {
  /** F-2: until both are here, or it has been quiet, nothing is applied. */
  #barrier = true
  #waiting = false
  #rebooted = false

  constructor(private readonly options: PeerConfigOptions) {
    if (options.is("forgets-config")) options.store.config.clear()
    if (options.store.config.size > 0)
      options.applied(this.effective(), { version: this.#version("own"), restored: true })
    for (const [side, kept] of options.store.config) {
      if (!kept.rebooting) continue
      // The boot that it waited for.
      if (!options.is("reboots-for-ever")) options.store.config.set(side, { ...kept, rebooting: false })
      this.#rebooted = true
    }
  }

  /** Applies once what came before. */
  lift(): void {
    if (!this.#barrier) return
    this.#barrier = false
    if (this.#rebooted) this.#report(this.options.is("reboots-for-ever") ? "reboot_required" : "applied")
    if (this.#waiting) this.#applied()
  }

  #applied(): void {
    this.#waiting = true
    if (this.#barrier && !this.options.is("applies-twice")) return
    this.options.applied(this.effective(), { version: this.#version("own"), restored: false })
    this.#report("applied")
  }

  #version(side: Side): number {
    return this.options.store.config.get(side)?.version ?? 0
  }

  /** The fleet's, overlaid by the device's own. */
  effective(): Record<string, unknown> {
    const { store, is } = this.options
    const own = store.config.get("own")?.value ?? {}
    const fleet = store.config.get("fleet")?.value ?? {}
    return is("fleet-wins") ? { ...own, ...fleet } : { ...fleet, ...own }
  }

  take(
    side: Side,
    value: Record<string, unknown> | undefined,
    invalid: { readonly why: string; readonly version: number } | undefined,
  ): void {
    const { store, is, versionField } = this.options
    if (invalid !== undefined) {
      if (is("applies-invalid-config")) this.#report("applied", undefined, { side, version: invalid.version })
      else if (!is("silent-on-bad-config")) this.#report("rejected", invalid.why, { side, version: invalid.version })
      return
    }
    if (value === undefined) {
      if (is("keeps-withdrawn-config")) return
      store.config.delete(side)
      this.#applied()
      return
    }
    const version = Number(value[versionField])
    const floor = this.#version(side)
    if (version < floor && !is("applies-stale-config")) {
      if (is("repeats-lower-as-applied")) this.#report("applied", undefined, { side, version })
      else this.#report("rejected", `version ${version} is below ${floor}`, { side, version })
      return
    }
    if (version === floor && !is("applies-same-version")) {
      if (store.config.get(side)?.rebooting === true) {
        if (is("repeats-reboot") || is("reboots-for-ever")) this.#report("reboot_required")
      } else if (!is("does-not-repeat-report")) this.#report("applied")
      return
    }
    const rebooting = value.max_speed === REBOOTS && !is("never-reboots")
    store.config.set(side, { version, value, rebooting })
    if (rebooting) this.#report("reboot_required")
    else this.#applied()
  }

  #report(outcome: string, reason?: string, about?: { readonly side: Side; readonly version: number }): void {
    if (this.options.is("never-reports")) return
    this.options.report({
      version: about?.side === "own" ? about.version : this.#version("own"),
      fleet_version: about?.side === "fleet" ? about.version : this.#version("fleet"),
      outcome,
      ...(reason === undefined ? {} : { reason: reason.slice(0, 100) }),
    })
  }
}
