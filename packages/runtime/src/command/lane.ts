import { ClientCore, type CoreSpec } from "../client/client-core.js"
import type { CommandDescriptor } from "../descriptor.js"
import type { ConnectOptions } from "../surface.js"
import { CallCenter } from "./call-center.js"

/** A connection and the call centers on it, one for each command. */
class Lane {
  readonly core: ClientCore
  readonly #centers = new Map<string, CallCenter>()

  constructor(core: ClientCore) {
    this.core = core
  }

  // biome-ignore lint/suspicious/noExplicitAny: a command of any shape.
  calls(channel: CommandDescriptor<any, any>): CallCenter {
    let center = this.#centers.get(channel.name)
    if (center === undefined) {
      center = new CallCenter(this.core, channel)
      this.#centers.set(channel.name, center)
    }
    return center
  }
}

/**
 * Chooses the connection of a call: the client's own while nothing on it may be withheld, a second one as soon as streams,
 * commands, actions or configs are acknowledged when they are handled, because replies would wait behind them (M-5). The
 * second is opened when it is needed.
 */
export class CallLanes {
  readonly #main: Lane
  readonly #spec: CoreSpec
  readonly #options: ConnectOptions
  #second: Lane | undefined

  constructor(main: ClientCore, spec: CoreSpec, options: ConnectOptions) {
    this.#main = new Lane(main)
    this.#spec = spec
    this.#options = options
  }

  /** The second connection, where there is one. */
  get second(): ClientCore | undefined {
    return this.#second?.core
  }

  // biome-ignore lint/suspicious/noExplicitAny: a command of any shape.
  choose(channel: CommandDescriptor<any, any>): { readonly core: ClientCore; readonly calls: CallCenter } {
    const lane = this.#choose()
    return { core: lane.core, calls: lane.calls(channel) }
  }

  /** The connection for what must not wait: replies and presence. */
  get prompt(): ClientCore {
    return this.#choose().core
  }

  #choose(): Lane {
    const { core } = this.#main
    const open = core.state.kind !== "idle" && core.ended === undefined
    return open && core.withheldStreams > 0 ? this.#openSecond() : this.#main
  }

  #openSecond(): Lane {
    const { core } = this.#main
    if (this.#second === undefined) {
      const { observer, clientId: _, ...options } = this.#options
      // The state that users see is that of the first connection.
      const { onState: __, ...told } = observer ?? {}
      this.#second = new Lane(
        new ClientCore(
          {
            ...this.#spec,
            clientId: `${core.clientId}.calls`,
            session: { kind: "clean" },
            needsEverySubscription: false,
            consumersComeLate: false,
          },
          { ...options, session: { kind: "clean" }, observer: told },
        ),
      )
    }
    // Safe to call again; also brings back a connection that failed for good.
    this.#second.core.connect().catch(() => {})
    return this.#second
  }
}
