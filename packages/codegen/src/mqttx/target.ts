import { type ContractIr, contractLegs, type JsonValue, type LegPlace, type RoleIr, topicParams } from "@fleetwire/ir"
import { sampleOf } from "../docs/sample-value.js"
import { type Target, textSetting } from "../target.js"

type Part = { readonly [name: string]: JsonValue }

/** MQTTX shows when something was made; the output has no time of its own. */
const NO_TIME = "2000-01-01 00:00:00:000"

/** Connection profiles for MQTTX, one for each role: what it reads is subscribed, what it may send stands ready. */
export const mqttxTarget: Target = {
  name: "mqttx",
  settings: ["host"],
  out: "mqttx",
  emit(ir, settings) {
    const profiles = ir.roles.map((role) => profile(ir, role, textSetting(settings, "host") ?? "localhost"))
    return [{ path: `${ir.name}.mqttx.json`, text: `${JSON.stringify(profiles, null, 2)}\n` }]
  },
}

function profile(ir: ContractIr, role: RoleIr, host: string): Part {
  const legs = contractLegs(ir)
  const reads = legs.filter(({ id }) => role.read.includes(id))
  const sends = legs.filter(({ id, leg }) => role.publish.includes(id) && leg.accepts.includes("json"))
  return {
    id: `${ir.name}-${role.name}`,
    name: `${ir.name} as ${role.name}`,
    clientId: `${ir.name}.${role.name}.mqttx`,
    clientIdWithTime: true,
    clean: role.session.kind === "clean",
    protocol: "mqtt",
    host,
    port: 1883,
    path: "/mqtt",
    keepalive: role.keepAliveSeconds,
    connectTimeout: 10,
    reconnect: false,
    reconnectPeriod: 4000,
    username: "",
    password: "",
    ssl: false,
    certType: "",
    rejectUnauthorized: true,
    ca: "",
    cert: "",
    key: "",
    mqttVersion: "5.0",
    properties: role.session.kind === "clean" ? {} : { sessionExpiryInterval: role.session.expirySeconds },
    unreadMessageCount: 0,
    createAt: NO_TIME,
    updateAt: NO_TIME,
    subscriptions: reads.map(({ id, leg }) => ({
      id: `${ir.name}-${role.name}-${id}`,
      topic: leg.topic.replace(/\{[^}]*\}/g, "+"),
      qos: leg.qos,
      alias: id,
      disabled: false,
      nl: false,
      rap: true,
      rh: 0,
      createAt: NO_TIME,
    })),
    messages: sends.map((place) => ready(ir, place)),
  }
}

function ready(ir: ContractIr, { id, leg }: LegPlace): Part {
  const topic = topicParams(ir, leg.topic).reduce(
    (text, param) => text.replace(`{${param.name}}`, param.examples?.[0] ?? param.name),
    leg.topic,
  )
  return {
    id: `${ir.name}-${id}`,
    out: true,
    topic,
    qos: leg.qos,
    retain: leg.retain,
    payload: JSON.stringify(sampleOf(ir, leg.message), null, 2),
    createAt: NO_TIME,
  }
}
