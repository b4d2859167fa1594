export {
  connectRaw,
  type MqttVersion,
  type RawClient,
  type RawConnectOptions,
  type RawMessage,
  type RawPublishOptions,
} from "./raw-client.js"
