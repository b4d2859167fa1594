export { type MqttTransportOptions, mqttTransport } from "./mqtt-transport.js"
