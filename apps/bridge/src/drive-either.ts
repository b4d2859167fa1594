import type { AppFleet } from "@fleetwire/iot-car/controller"
import type { Command, CommandInput, Response } from "@fleetwire/iot-car/messages"
import type { AppFleet as FirstAppFleet } from "@fleetwire/iot-car-v1/controller"
import type { MixedFleet, RemoteCommand } from "@fleetwire/runtime"
import { downCommand, upResponse } from "./casters/casters.js"

/** Clients of both generations, and the time in milliseconds since 1970. */
export interface Generations {
  readonly v1: FirstAppFleet
  readonly v2: AppFleet
  readonly now: () => number
}

/** Drives a car of either generation, in the words of the second: requests go down and replies come up by the generated casters. */
export function driveEither(
  fleet: MixedFleet<"v1" | "v2">,
  { v1, v2, now }: Generations,
): (carId: string) => RemoteCommand<CommandInput, Response> {
  return fleet.command<CommandInput, Response>({
    v1: (carId) => async (asked, options) => {
      const started = now()
      // Id and time are the first generation's own: its client writes them.
      const { action, speed } = downCommand(whole(asked, started), {
        timestamp: () => 0,
        // A car of the first generation has no duration: it drives until it is stopped.
        speed: ({ parameters }) => parameters?.speed,
      })
      const reply = await v1.car(carId).drive({ action, ...(speed !== undefined && { speed }) }, options)
      return upResponse(reply, {
        timestamp: () => seconds(now()),
        "timestamp?": () => seconds(now()),
        "message?": () => "",
        execution_time_ms: () => Math.round(now() - started),
      })
    },
    v2: (carId) => (asked, options) => v2.car(carId).drive(asked, options),
  })
}

/** A request with what its sender may leave out. */
function whole({ parameters, ...asked }: CommandInput, now: number): Command {
  return {
    id: "",
    timestamp: seconds(now),
    priority: "normal",
    ...asked,
    ...(parameters !== undefined && { parameters: { speed: 80, ...parameters } }),
  }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
