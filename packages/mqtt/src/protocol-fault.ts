/** The other side broke MQTT: the connection is closed, with this reason code at MQTT 5. */
export class ProtocolFault extends Error {
  override readonly name = "ProtocolFault"

  constructor(
    readonly reasonCode: number,
    message: string,
  ) {
    super(message)
  }
}
