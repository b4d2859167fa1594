import type { ConnectedInfo, MessageProperties, ProtocolVersion, SubscribeRequest, Will } from "../transport.js"

/** What travels between a memory link and the memory broker: MQTT control packets as objects. */
export type Packet =
  | ConnectPacket
  | { readonly type: "connack"; readonly code: number; readonly info: ConnectedInfo }
  | PublishPacket
  | { readonly type: "puback" | "pubrec" | "pubrel" | "pubcomp"; readonly id: number; readonly code: number }
  | { readonly type: "subscribe"; readonly id: number; readonly requests: readonly SubscribeRequest[] }
  | { readonly type: "suback"; readonly id: number; readonly codes: readonly number[] }
  | { readonly type: "unsubscribe"; readonly id: number; readonly filters: readonly string[] }
  | { readonly type: "unsuback"; readonly id: number }
  | { readonly type: "disconnect"; readonly code: number }

export interface ConnectPacket {
  readonly type: "connect"
  readonly protocol: ProtocolVersion
  readonly clientId: string
  /** Clean Start, or Clean Session at 3.1.1. */
  readonly clean: boolean
  readonly expirySeconds: number
  readonly receiveMaximum: number
  readonly username?: string
  readonly password?: string | Uint8Array
  readonly will?: Will
}

export interface PublishPacket {
  readonly type: "publish"
  /** 0 at QoS 0. */
  readonly id: number
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly dup: boolean
  readonly properties?: MessageProperties
  readonly subscriptionIds?: readonly number[]
}
