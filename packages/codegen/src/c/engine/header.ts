import { type Code, code, doc, nothing } from "../../core/code.js"
import { laneFacts } from "./lane-facts.js"
import { type EnginePlan, topicOctets } from "./plan.js"
import { lower, type, upper } from "./source.js"

/** What an application calls and what it must define. */
export function deviceHeader(plan: EnginePlan): readonly Code[] {
  const { lanes, config, said, heard } = plan
  const macro = upper(plan, "DEVICE_MEMORY")
  return [
    code`

      ${doc("Most octets of a command's id. A smaller one saves memory; longer ids are then refused as invalid.")}
      #ifndef ${upper(plan, "DEVICE_ID_MAX")}
      #define ${upper(plan, "DEVICE_ID_MAX")} ${plan.idMax}
      #endif

      ${doc("Octets that a device of this contract needs at most for reading, for writing, for the longest reply, for a topic without a deployment's prefix, and for one configuration.")}
      #define ${upper(plan, "DEVICE_READ_MAX")} ${plan.readMax}
      #define ${upper(plan, "DEVICE_WRITE_MAX")} ${plan.writeMax}
      #define ${upper(plan, "DEVICE_REPLY_MAX")} ${plan.replyMax}
      #define ${upper(plan, "DEVICE_TOPIC_MAX")} ${topicOctets(plan)}
      #define ${upper(plan, "DEVICE_CONFIG_MAX")} ${plan.configMax}

      ${doc(
        [
          "Declares all memory of a device as static arrays, and `name`, which fw_device_t.memory is set to.",
          "",
          "inbox: octets for messages that wait, each with its topic and 12 octets (16 with FW_MANUAL_ACK). read, write, topic:",
          "the sizes above, or less where messages are known to be shorter. remembered: how many commands are remembered, so that",
          "none of them runs twice. reply: most octets of a remembered reply. config: octets of one configuration.",
        ].join("\n"),
      )}
      #define ${macro}(name, inbox_octets, read_octets, write_octets, topic_octets, remembered_commands, reply_octets, \
                                    config_octets) \
        static uint8_t name##_inbox[inbox_octets]; \
        static uint8_t name##_read[read_octets]; \
        static uint8_t name##_write[write_octets]; \
        static char name##_topic[topic_octets]; \
        static fw_remembered_t name##_remembered[remembered_commands]; \
        static uint8_t name##_texts[(size_t)(remembered_commands) * (${upper(plan, "DEVICE_ID_MAX")} + (reply_octets))]; \
        static uint8_t name##_config[2 * (config_octets) + 1]; \
        static const fw_memory_t name = {name##_inbox, sizeof name##_inbox, name##_read, sizeof name##_read, name##_write, \
                                         sizeof name##_write, name##_topic, sizeof name##_topic, name##_remembered, \
                                         name##_texts, remembered_commands, reply_octets, name##_config, config_octets}

      ${doc(
        [
          "Begins. Set to zero before, then given: transport, ctx, memory, and where wanted store, user, spread_ms (over which a fleet",
          "comes back after a loss), random (any number, different on each device), unix_seconds (the time, 0 where unknown).",
          "`identity` and `prefix` (NULL or empty: none) must stay where they are.",
          "",
          "FW_OK. FW_TOPIC: the contract does not allow this identity. FW_SPACE: a buffer is too small.",
        ].join("\n"),
      )}
      fw_status_t ${lower(plan, "device_start")}(fw_device_t *device, const char *identity, const char *prefix);

      ${doc("Does what is due: connects, handles what arrived, answers. To be called all the time, at least every 100 ms, and never from a callback of the client library or from a handler.")}
      void ${lower(plan, "device_tick")}(fw_device_t *device);

      ${doc("Says goodbye. Tick on until fw_device_t.phase is FW_STOPPED, 10 s at most.")}
      void ${lower(plan, "device_stop")}(fw_device_t *device);
    `,
    ...said.map(
      ({ name, leg, object }) => code`

        ${doc(
          [
            `Publishes on ${leg.leg.topic} at QoS ${leg.leg.qos}${leg.leg.retain ? ", retained" : ""}. What the contract leaves to the device is filled in where it is zero or empty.`,
            "",
            "FW_OK: it is with the client library. FW_OFFLINE: nothing was sent. FW_SPACE: the write buffer is too small.",
            "FW_RANGE, FW_LENGTH, FW_ENUM, FW_ENCODING, FW_PATTERN: a member is not what the contract allows; nothing was sent.",
          ].join("\n"),
        )}
        fw_status_t ${lower(plan, `publish_${name}`)}(fw_device_t *device, const ${type(plan, object)} *value);
      `,
    ),
    code`

      /* The application defines what follows. It is called from the tick, and from nowhere else. */
    `,
    ...lanes.map((lane) => {
      const { name, request, response, channel } = lane
      return code`

        ${doc(
          [
            `A ${channel.name} begins. \`request\` and its texts are gone when this returns.${response === undefined ? "" : " `response` is empty; id, times and outcome are filled in."}`,
            "",
            ...laneFacts(lane).map(([fact, sentence]) => `${fact}: ${sentence}`),
            "",
            "`call` names it until it has ended; 0 where nobody is answered, as in the safe action.",
            `FW_RUN_DONE, FW_RUN_FAILED: it has ended. FW_RUN_GOES_ON: ${plan.model.names.prefix}_finish_${name} will be called.`,
          ].join("\n"),
        )}
        fw_run_t ${lower(plan, `on_${name}`)}(fw_device_t *device, uint16_t call, const ${type(plan, request)} *request${response === undefined ? nothing : code`, ${type(plan, response)} *response`});

        ${doc(`The ${channel.name} that goes on as \`call\` must end now: another took over, or its time is up. Its caller has been answered.`)}
        void ${lower(plan, `abort_${name}`)}(fw_device_t *device, uint16_t call);

        ${doc(
          [
            `Called by the application: the ${channel.name} that went on has ended.`,
            "",
            "FW_OK. FW_UNKNOWN: it had ended before. FW_SPACE: the response is not what the contract allows or does not fit, and the",
            "caller was told that the command failed.",
          ].join("\n"),
        )}
        fw_status_t ${lower(plan, `finish_${name}`)}(fw_device_t *device, uint16_t call, fw_run_t how${response === undefined ? nothing : code`, ${type(plan, response)} *response`});
      `
    }),
    ...heard.map(
      ({ name, leg, object }) => code`

        ${doc(`A message on ${leg.leg.topic}. \`value\` and its texts are gone when this returns.`)}
        void ${lower(plan, `on_${name}`)}(fw_device_t *device, const ${type(plan, object)} *value, bool retained);
      `,
    ),
    config === undefined
      ? nothing
      : code`

          ${doc(
            [
              "What is in effect from now on: the fleet's configuration overlaid by the device's own. It and its texts are gone when this",
              "returns. `restored`: it is the last good one, at a start. Called again with what was in effect where the store cannot keep",
              "the one before, which is then reported as rejected; where nothing was in effect, what was taken stays until the next start.",
              "",
              "FW_CONFIG_REJECTED: the former one stays; `*reason` may be set to words that last.",
            ].join("\n"),
          )}
          fw_config_t ${lower(plan, `on_${config.name}`)}(fw_device_t *device, const ${type(plan, config.object)} *config, bool restored,
                                       const char **reason);
        `,
  ]
}
