/**
 * What tests of devices and controllers need: an MQTT broker in memory, a clock that stands still, and randomness that
 * repeats.
 */
export { type ManualClock, manualClock } from "./testing/manual-clock.js"
export {
  type Access,
  MEMORY_PROTOCOLS,
  MemoryBroker,
  type MemoryBrokerOptions,
  memoryBroker,
  type PacketRecord,
  type RoutedMessage,
} from "./testing/memory-broker.js"
export type { ConnectPacket, Packet, PublishPacket } from "./testing/packet.js"
export { seededRandom } from "./testing/seeded-random.js"
