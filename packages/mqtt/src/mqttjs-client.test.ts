import mqtt from "mqtt"
import { expect, it } from "vitest"
import { missingPrivateMembers, PRIVATE_MEMBERS } from "./mqttjs-client.js"

it("finds every private member of MQTT.js that the transport relies upon", () => {
  const client = mqtt.connect({ protocol: "mqtt", host: "127.0.0.1", port: 1, manualConnect: true })
  expect(missingPrivateMembers(client)).toEqual([])
})

it("names what another version lacks", () => {
  expect(missingPrivateMembers({ streamBuilder: () => undefined })).toEqual(PRIVATE_MEMBERS.slice(1))
})
