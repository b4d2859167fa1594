import { action, defineContract, message, state, t } from "@fleetwire/contract"

const PinCommand = message("PinCommand", t.enum(["on", "off", "toggle"]), { doc: "What the pin is to do." })
const PinState = message("PinState", t.enum(["1", "0"]), { doc: "`1` while the pin is high." })

/** Pins of a board that speak plain words. */
export default defineContract({
  name: "gpio",
  version: "1.0.0",
  doc: "Pins of a board: each is switched by a word and says a digit.",
  params: { pin: t.param({ doc: "Number of the pin.", pattern: "[0-9]{1,2}", maxLength: 2, examples: ["17"] }) },
  device: "pin",
  channels: {
    command: action("gpio/{pin}/command", PinCommand, {
      formats: ["text"],
      doc: "Switches the pin. `on` and `off` may come twice without harm.",
      accept: { "contract/action-not-idempotent": "A toggle that comes twice is a toggle too much, as it always was." },
    }),
    state: state("gpio/{pin}/state", PinState, { formats: ["text"], doc: "Level of the pin." }),
  },
  roles: { operator: { doc: "Switches pins and watches them.", publish: ["command"], read: ["state"] } },
})
