import type { Capabilities, Link, LinkEvents, LinkOptions, Transport } from "@fleetwire/runtime"
import { checkLinkOptions } from "./connect-options.js"
import { MqttLink } from "./link.js"

export interface MqttTransportOptions {
  /** Headers of the WebSocket handshake, such as a token of a gateway. Node only: browsers send none. */
  readonly webSocketHeaders?: Readonly<Record<string, string>>
  /**
   * In a browser, let a worker keep time for the keep-alive, so that a hidden tab does not miss it. The worker is made
   * from a `blob:` URL, which a Content-Security-Policy of `script-src 'self'` forbids. Default false.
   */
  readonly workerTimers?: boolean
  /**
   * MQTT 5: use topic aliases where the server takes them, and let it use up to 64 towards us. They save octets, not time.
   * Default true; false for a server that mishandles them.
   */
  readonly topicAliases?: boolean
}

const CAPABILITIES: Capabilities = {
  manualAck: true,
  publishDone: true,
  publishQos: 2,
  subscribeQos: 2,
  mqtt5: true,
}

/**
 * Connections over MQTT.js at MQTT 3.1.1 and 5, by TCP, TLS and WebSocket; in browsers by WebSocket. `open` throws
 * `invalid_argument` or `unsupported` for options that no attempt could use, never for a fault of the network.
 */
export function mqttTransport(options: MqttTransportOptions = {}): Transport {
  return {
    capabilities: CAPABILITIES,
    open(linkOptions: LinkOptions, events: LinkEvents): Link {
      checkLinkOptions(linkOptions)
      return new MqttLink(linkOptions, events, options)
    },
  }
}
