/** MQTT version that clients of a fleet may speak; `any`: nobody knows, so the worse of both counts. */
export type MqttVersion = "5" | "3.1.1" | "any"

/** What a comparison knows beside the two contracts. */
export interface CompareOptions {
  /** MQTT version of the fleet; a pair says that it changes. Default `any`. */
  readonly mqtt?: MqttVersion | { readonly old: MqttVersion; readonly new: MqttVersion }
}
