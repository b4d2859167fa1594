import { block, type Code, code, ident, join, nothing, string } from "../../core/code.js"
import type { CObject } from "../model.js"
import { lowerName, memberName } from "../names.js"
import { assignMembers, fillMembers, leastMembers, literalOf, overlayMembers, testMembers } from "./members.js"
import type { EnginePlan, Lane, PlannedLeg } from "./plan.js"

const NEVER = 4294967295

/**
 * The engine of a contract's device: what only this contract has, before and behind the parts that all share. Longer than 400
 * lines: it is the text of one C file, in the order in which that is read.
 */
export function deviceSource(plan: EnginePlan): readonly Code[] {
  return [...declarations(plan), ...parts(plan), ...definitions(plan)]
}

function declarations(plan: EnginePlan): readonly Code[] {
  const { legs, lanes, config, presence } = plan
  const filters = [...legs.filter((each) => each.leg.from === "controller"), presence.leg]
  return [
    code`

      typedef struct {
        uint16_t max;
        uint8_t qos;
        uint8_t retain;
        uint8_t format;
      } leg_t;

      typedef struct {
        uint32_t expiry_ms;
        uint32_t run_ms;
        uint32_t retention_ms;
        uint32_t link_lost_ms;
        uint16_t concurrency;
        uint16_t queue;
        bool on_invalid;
        bool on_link_lost;
      } lane_t;

      /* What the engine must know of a request before it begins. */
      typedef struct {
        fw_text_t id;
        uint16_t field;
        bool preempts;
      } fw_facts_t;

      #define DEVICE_ID_MAX ${upper(plan, "DEVICE_ID_MAX")}
      #define DEVICE_PRESENCE ${presence.leg.number}u
      #define DEVICE_DESIRED ${config?.desired.number ?? 0}
      #define DEVICE_FLEET ${config?.fleet?.number ?? 0}
      #define DEVICE_REPORTED ${config?.reported.number ?? 0}u
      #define DEVICE_LANES ${lanes.length}u
      #define DEVICE_NO_LANE 255u
      #define DEVICE_FILTERS ${filters.length}u

      /* By number of the leg; the first is none. */
      static const leg_t legs[] = {
        {0, 0, 0, 0},
        ${legs.map(({ leg }, index) => code`{${leg.maxBytes}, ${leg.qos}, ${leg.retain ? 1 : 0}, ${leg.sends === "bytes" ? code`0` : format(leg.sends)}}${index + 1 < legs.length ? code`,` : nothing}`)}
      };

      static const uint8_t filters[] = {${join(
        filters.map(({ number }) => code`${number}`),
        code`, `,
      )}};

      static const lane_t lanes[] = {
        ${lanes.map((lane, index) => code`${laneRow(lane)}${index + 1 < lanes.length ? code`,` : nothing}`)}
      };

      static uint8_t device_lane(uint8_t leg);
      static uint8_t device_reply_leg(uint8_t leg);
      static bool device_journals(uint8_t leg);
      static uint8_t device_route(fw_device_t *device, const char *topic, size_t length);
      static fw_status_t device_topic(fw_device_t *device, uint8_t leg, const fw_text_t *id);
      static size_t device_presence(fw_device_t *device, bool online, uint8_t *buffer, size_t size);
      static bool device_says_offline(fw_device_t *device, uint8_t *payload, size_t length);
      static fw_status_t device_read(fw_device_t *device, uint8_t leg, uint8_t *payload, size_t length, fw_facts_t *facts);
      static bool device_id_within(uint8_t leg, const uint8_t *payload, size_t length, fw_text_t *id);
      static size_t device_path(uint8_t leg, uint16_t field, char *buffer, size_t size);
      static void device_begin(fw_device_t *device, uint8_t leg, uint8_t *payload, size_t length, uint16_t call);
      static void device_begin_unremembered(fw_device_t *device, uint8_t leg, const uint8_t *payload, size_t length);
      static void device_abort(fw_device_t *device, uint8_t lane, uint16_t call);
      static void device_safe(fw_device_t *device, uint8_t lane, bool link_lost);
      static size_t device_fail(fw_device_t *device, uint8_t leg, const fw_text_t *id, const char *code, const char *words,
                                uint32_t ran, uint8_t *buffer, size_t size);
      static bool device_message(fw_device_t *device, uint8_t leg, uint8_t *payload, size_t length, bool retained);
    `,
    config === undefined
      ? nothing
      : code`
          static fw_status_t device_config_version(fw_device_t *device, uint8_t *payload, size_t length, uint32_t *version);
          static fw_config_t device_configure(fw_device_t *device, const uint8_t *fleet, size_t fleet_length, const uint8_t *own,
                                              size_t own_length, bool restored, const char **reason);
          static size_t device_report(fw_device_t *device, uint32_t own, uint32_t fleet, fw_config_t outcome, const char *reason,
                                      uint8_t *buffer, size_t size);
        `,
  ]
}

function parts(plan: EnginePlan): readonly Code[] {
  const names = ["ack", "memory", "link", "command", ...(plan.config === undefined ? [] : ["configure"]), "engine"]
  return [code``, ...names.map((name) => code`#include "fw_${ident(name)}.inc"`)]
}

function laneRow({ channel, requests }: Lane): Code {
  const { command } = channel
  const ms = (value: number | undefined): Code => code`${Math.min(value ?? NEVER, NEVER)}u`
  return code`
    {${ms(requests[0]!.leg.expiryMs)}, ${ms(command.executionTimeoutMs)}, ${ms(command.remember.retentionMs)}, ${ms(command.onLinkLost?.afterMs ?? 0)},
     ${command.concurrency}, ${command.queueBound}, ${bool(command.onInvalid !== undefined)}, ${bool(command.onLinkLost !== undefined)}}
  `
}

function definitions(plan: EnginePlan): readonly Code[] {
  const { legs, lanes } = plan
  const laneLegs = lanes.flatMap((lane) => lane.requests.map((leg) => ({ lane, leg })))
  return [
    code`

      static uint8_t device_lane(uint8_t leg)
      {
        switch (leg) {
          ${laneLegs.map(({ lane, leg }) => code`case ${leg.number}: return ${lane.number};`)}
          default: return DEVICE_NO_LANE;
        }
      }

      static uint8_t device_reply_leg(uint8_t leg)
      {
        switch (leg) {
          ${laneLegs.flatMap(({ lane, leg }) => (lane.reply === undefined || !lane.answered.has(leg.number) ? [] : [code`case ${leg.number}: return ${lane.reply.number};`]))}
          default: return 0;
        }
      }

      static bool device_journals(uint8_t leg)
      {
        switch (leg) {
          ${laneLegs.filter(({ lane }) => lane.channel.command.journal !== "none").map(({ leg }) => code`case ${leg.number}: return true;`)}
          default: return false;
        }
      }
    `,
    routing(plan, legs),
    presence(plan),
    ...lanes.map((lane) => laneFunctions(plan, lane)),
    dispatch(plan),
    messages(plan),
    plan.config === undefined ? nothing : configuration(plan),
    publishing(plan),
    code`

      fw_status_t ${lower(plan, "device_start")}(fw_device_t *device, const char *identity, const char *prefix)
      {
        return start_device(device, identity, prefix);
      }

      void ${lower(plan, "device_tick")}(fw_device_t *device)
      {
        tick_device(device);
      }

      void ${lower(plan, "device_stop")}(fw_device_t *device)
      {
        stop_device(device);
      }
    `,
  ]
}

function routing(plan: EnginePlan, legs: readonly PlannedLeg[]): Code {
  const { ir } = plan.model
  const member = paramMember(plan, ir.device.param)
  const withId = [
    ...new Set(
      plan.lanes.flatMap(({ channel }) =>
        "param" in channel.command.correlate.reply ? [channel.command.correlate.reply.param] : [],
      ),
    ),
  ]
  const own = legs.filter(({ leg }) => leg.topic.includes(`{${ir.device.param}}`))
  return code`

    static uint8_t device_route(fw_device_t *device, const char *topic, size_t length)
    {
      ${lower(plan, "params_t")} params;
      const uint8_t leg = (uint8_t)${lower(plan, "route")}(device->prefix, topic, length, &params);
      switch (leg) {
        ${own.map(({ number }) => code`case ${number}:`)}
          return params.${member}.length == device->identity.length &&
                         fw_equal(params.${member}.data, device->identity.data, device->identity.length)
                     ? leg
                     : 0;
        default:
          return leg;
      }
    }

    static fw_status_t device_topic(fw_device_t *device, uint8_t leg, const fw_text_t *id)
    {
      ${lower(plan, "params_t")} params;
      fw_blank(&params, sizeof params);
      params.${member} = device->identity;
      ${withId.length === 0 ? code`(void)id;` : withId.map((name) => code`if (id != NULL) params.${paramMember(plan, name)} = *id;`)}
      return ${lower(plan, "topic")}((${lower(plan, "leg_t")})leg, device->prefix, &params, device->memory.topic,
                           device->memory.topic_size);
    }
  `
}

function presence(plan: EnginePlan): Code {
  const { channel, object, leg } = plan.presence
  const { model } = plan
  const session = object.fields.find(({ field }) => field.auto === "session")
  const identity = object.fields.find(({ field, type: kind }) => field.auto === "identity" && kind.kind === "string")
  const offline = testMembers(model, object, code`value.`, channel.offline)
  const tests = [
    ...offline,
    ...(session === undefined ? [] : [code`value.${ident(session.member)} == device->session`]),
  ]
  return code`

    static size_t device_presence(fw_device_t *device, bool online, uint8_t *buffer, size_t size)
    {
      ${type(plan, object)} value;
      fw_writer_t out = fw_writer(${format(leg.leg.sends)}, buffer, size);
      fw_blank(&value, sizeof value);
      if (online) {
        ${assignMembers(model, object, code`value.`, channel.online)}
      } else {
        ${assignMembers(model, object, code`value.`, channel.offline)}
      }
      ${fillMembers(object, code`value.`, {})}
      (void)device;
      return ${encode(plan, object)}(&out, &value) == FW_OK ? fw_written(&out) : 0;
    }

    static bool device_says_offline(fw_device_t *device, uint8_t *payload, size_t length)
    {
      ${type(plan, object)} value;
      fw_reader_t in = fw_reader(${format(leg.leg.sends)}, payload, length);
      if (${decode(plan, object)}(&in, &value) != FW_OK) {
        device->counters.invalid++;
        return false;
      }
      ${
        identity === undefined
          ? nothing
          : code`
              /* W-6: it speaks of another device. */
              if (value.${ident(identity.member)}.length != device->identity.length ||
                  !fw_equal(value.${ident(identity.member)}.data, device->identity.data, device->identity.length)) {
                device->counters.invalid++;
                return false;
              }
            `
      }
      return ${join(tests.length === 0 ? [code`false`] : tests, code` && `)};
    }
  `
}

function laneFunctions(plan: EnginePlan, lane: Lane): Code {
  const { model } = plan
  const { channel, request, response, name } = lane
  const { command } = channel
  const id = request.fields.find(({ field }) => field.name === command.correlate.request)!
  const hook = lower(plan, `on_${name}`)
  const argument = response === undefined ? nothing : code`, &response`
  const declared = response === undefined ? nothing : code`${type(plan, response)} response;`
  const cleared = response === undefined ? nothing : code`fw_blank(&response, sizeof response);`
  const safe = (action: Readonly<Record<string, unknown>> | undefined): readonly Code[] =>
    action === undefined ? [] : assignMembers(model, request, code`request.`, action as never)
  return code`

    static fw_status_t read_${ident(name)}(uint8_t leg, uint8_t *payload, size_t length, fw_facts_t *facts)
    {
      ${type(plan, request)} request;
      fw_reader_t in = fw_reader((fw_format_t)legs[leg].format, payload, length);
      const fw_status_t status = ${decode(plan, request)}(&in, &request);
      facts->field = in.field;
      if (status != FW_OK) return status;
      facts->id = request.${ident(id.member)};
      if (facts->id.length == 0 || facts->id.length > DEVICE_ID_MAX) return FW_LENGTH;
      facts->preempts = ${command.preempt === undefined ? code`false` : join(testMembers(model, request, code`request.`, command.preempt as never), code` && `)};
      return FW_OK;
    }

    ${response === undefined ? nothing : replyFunctions(plan, lane, response)}

    static void begin_${ident(name)}(fw_device_t *device, uint8_t leg, uint8_t *payload, size_t length, uint16_t call)
    {
      ${type(plan, request)} request;
      ${declared}
      fw_run_t run;
      fw_reader_t in = fw_reader((fw_format_t)legs[leg].format, payload, length);
      if (${decode(plan, request)}(&in, &request) != FW_OK) return;
      ${cleared}
      run = ${hook}(device, call, &request${argument});
      ${
        response === undefined
          ? code`if (call != 0 && run != FW_RUN_GOES_ON) (void)${lower(plan, `finish_${name}`)}(device, call, run);`
          : code`
              if (call != 0) {
                if (run != FW_RUN_GOES_ON) (void)${lower(plan, `finish_${name}`)}(device, call, run, &response);
                return;
              }
              /* It is not remembered, and answered at once. */
              if (run != FW_RUN_GOES_ON && device->phase == FW_READY && device_reply_leg(leg) != 0) {
                const size_t size = reply_${ident(name)}(device, &request.${ident(id.member)}, run, &response, 0, device->memory.write,
                                                  device->memory.write_size);
                if (size > 0)
                  (void)say(device, device_reply_leg(leg), &request.${ident(id.member)}, device->memory.write, size, FW_TOKEN_PLAIN);
              }
            `
      }
    }

    static void be_safe_${ident(name)}(fw_device_t *device, bool link_lost)
    {
      ${type(plan, request)} request;
      ${declared}
      fw_blank(&request, sizeof request);
      ${cleared}
      ${leastMembers(model, request, code`request.`)}
      if (link_lost) {
        ${safe(command.onLinkLost?.action)}
      } else {
        ${safe(command.onInvalid)}
      }
      ${fillMembers(request, code`request.`, {})}
      (void)${hook}(device, 0, &request${argument});
    }

    ${
      response === undefined
        ? code`
            fw_status_t ${lower(plan, `finish_${name}`)}(fw_device_t *device, uint16_t call, fw_run_t how)
            {
              const uint16_t slot = running(device, call);
              if (slot == device->memory.count) return FW_UNKNOWN;
              (void)how;
              end_call(device, slot, 0);
              return FW_OK;
            }
          `
        : nothing
    }
  `
}

function replyFunctions(plan: EnginePlan, { channel, name, reply }: Lane, response: CObject): Code {
  const { model } = plan
  const { outcome, correlate } = channel.command
  const path = code`response->`
  const field = (wanted: string | undefined) => response.fields.find((each) => each.field.name === wanted)
  const correlated = "field" in correlate.reply ? field(correlate.reply.field) : undefined
  const status = field(outcome?.field)
  const detail = field(outcome?.detail)
  const codeField = field(outcome?.code)
  const set = (target: typeof status, value: string): readonly Code[] => {
    const literal = target && literalOf(model, target, value)
    if (target === undefined || literal === undefined) return []
    const member = code`${path}${ident(target.member)}`
    return [
      target.flagged ? code`${path}has_${ident(target.member)} = true;` : nothing,
      code`${member} = ${target.type.kind === "string" ? code`fw_text(${literal})` : literal};`,
    ]
  }
  const common = [
    ...(correlated === undefined ? [] : [code`${path}${ident(correlated.member)} = *id;`]),
    ...fillMembers(response, path, { id: code`*id`, elapsed: code`ran` }),
  ]
  const [success] = outcome?.success ?? []
  const done = success === undefined || outcome!.success.length > 1 ? [] : set(status, success)
  const failed = outcome === undefined ? [] : set(status, outcome.failure)
  const finish = lower(plan, `finish_${name}`)
  return code`
    static size_t reply_${ident(name)}(fw_device_t *device, const fw_text_t *id, fw_run_t how, ${type(plan, response)} *response,
                              uint32_t ran, uint8_t *buffer, size_t size)
    {
      fw_writer_t out = fw_writer(${format(reply!.leg.sends)}, buffer, size);
      ${common}
      if (how == FW_RUN_FAILED) {
        ${failed}
      } else {
        ${done}
      }
      (void)device;
      (void)id;
      (void)ran;
      return ${encode(plan, response)}(&out, response) == FW_OK ? fw_written(&out) : 0;
    }

    static size_t fail_${ident(name)}(fw_device_t *device, const fw_text_t *id, const char *code, const char *words, uint32_t ran,
                             uint8_t *buffer, size_t size)
    {
      uint8_t less;
      size_t length = 0;
      /* With words, without them: the contract may bound them, and the buffer too. */
      for (less = 0; less < 2 && length == 0; less++) {
        ${type(plan, response)} answer;
        ${type(plan, response)} *response = &answer;
        char text[96];
        size_t end = append(text, 0, "[", 1);
        fw_blank(&answer, sizeof answer);
        ${leastMembers(model, response, path)}
        ${codeField?.type.kind === "string" ? [codeField.flagged ? code`${path}has_${ident(codeField.member)} = true;` : nothing, code`${path}${ident(codeField.member)}.data = code;`, code`${path}${ident(codeField.member)}.length = word_length(code);`] : nothing}
        end = append(text, end, code, 40);
        end = append(text, end, "] ", less == 0 ? 2 : 1);
        if (less == 0) (void)append(text, end, words, 48);
        ${detail?.type.kind === "string" ? [detail.flagged ? code`${path}has_${ident(detail.member)} = true;` : nothing, code`${path}${ident(detail.member)} = fw_text(text);`] : nothing}
        length = reply_${ident(name)}(device, id, FW_RUN_FAILED, response, ran, buffer, size);
      }
      return length;
    }

    fw_status_t ${finish}(fw_device_t *device, uint16_t call, fw_run_t how, ${type(plan, response)} *response)
    {
      const uint16_t slot = running(device, call);
      fw_text_t id;
      size_t length;
      if (slot == device->memory.count || how == FW_RUN_GOES_ON) return FW_UNKNOWN;
      if (device_reply_leg(leg_of(device, slot)) == 0) {
        end_call(device, slot, 0);
        return FW_OK;
      }
      device->now = device->transport->now_ms(device->ctx);
      id = id_of(device, slot);
      length = reply_${ident(name)}(device, &id, how, response, age(device, device->memory.remembered[slot].at),
                           reply_of(device, slot), device->memory.reply_size);
      if (length == 0) {
        fail_slot(device, slot, "command_failed", "the reply does not fit");
        return FW_SPACE;
      }
      end_call(device, slot, length);
      return FW_OK;
    }
  `
}

function dispatch(plan: EnginePlan): Code {
  const { lanes, legs } = plan
  const each = (line: (lane: Lane, name: Code) => Code): readonly Code[] =>
    lanes.map((lane) => line(lane, ident(lane.name)))
  const keys = lanes.flatMap((lane) =>
    lane.requests.flatMap((leg) => {
      const field = lane.request.fields.find((one) => one.field.name === lane.channel.command.correlate.request)!
      const key = leg.leg.sends === "compact" ? (field.field.short ?? field.field.name) : field.field.name
      return leg.leg.sends === "json" || leg.leg.sends === "compact" ? [{ leg, key }] : []
    }),
  )
  void legs
  return code`

    static fw_status_t device_read(fw_device_t *device, uint8_t leg, uint8_t *payload, size_t length, fw_facts_t *facts)
    {
      (void)device;
      switch (request_lane(leg)) {
        ${each((lane, name) => code`case ${lane.number}: return read_${name}(leg, payload, length, facts);`)}
        default: return FW_TOPIC;
      }
    }

    static bool device_id_within(uint8_t leg, const uint8_t *payload, size_t length, fw_text_t *id)
    {
      switch (leg) {
        ${keys.map(({ leg, key }) => code`case ${leg.number}: return id_within(payload, length, ${string(key)}, id);`)}
        default: return false;
      }
    }

    static size_t device_path(uint8_t leg, uint16_t field, char *buffer, size_t size)
    {
      switch (request_lane(leg)) {
        ${each((lane) => code`case ${lane.number}: return ${lower(plan, `${lane.request.name}_path`)}(field, buffer, size);`)}
        default: return 0;
      }
    }

    static void device_begin(fw_device_t *device, uint8_t leg, uint8_t *payload, size_t length, uint16_t call)
    {
      switch (request_lane(leg)) {
        ${each((lane, name) => code`case ${lane.number}: begin_${name}(device, leg, payload, length, call); break;`)}
        default: break;
      }
    }

    static void device_begin_unremembered(fw_device_t *device, uint8_t leg, const uint8_t *payload, size_t length)
    {
      fw_move(device->memory.read, payload, length);
      device_begin(device, leg, device->memory.read, length, 0);
    }

    static void device_abort(fw_device_t *device, uint8_t lane, uint16_t call)
    {
      switch (lane) {
        ${each((lane) => code`case ${lane.number}: ${lower(plan, `abort_${lane.name}`)}(device, call); break;`)}
        default: break;
      }
    }

    static void device_safe(fw_device_t *device, uint8_t lane, bool link_lost)
    {
      switch (lane) {
        ${each((lane, name) => code`case ${lane.number}: be_safe_${name}(device, link_lost); break;`)}
        default: break;
      }
    }

    static size_t device_fail(fw_device_t *device, uint8_t leg, const fw_text_t *id, const char *code, const char *words,
                              uint32_t ran, uint8_t *buffer, size_t size)
    {
      if (device_reply_leg(leg) == 0) return 0;
      switch (request_lane(leg)) {
        ${lanes.filter(({ response }) => response !== undefined).map((lane) => code`case ${lane.number}: return fail_${ident(lane.name)}(device, id, code, words, ran, buffer, size);`)}
        default: return 0;
      }
    }
  `
}

function messages(plan: EnginePlan): Code {
  return code`

    ${block(
      code`
        static bool device_message(fw_device_t *device, uint8_t leg, uint8_t *payload, size_t length, bool retained)
      `,
      [
        code`(void)device;`,
        code`(void)payload;`,
        code`(void)length;`,
        code`(void)retained;`,
        block(code`switch (leg)`, [
          ...plan.heard.map(({ name, leg, object }) =>
            block(code`case ${leg.number}:`, [
              code`${type(plan, object)} value;`,
              code`fw_reader_t in = fw_reader(${format(leg.leg.sends)}, payload, length);`,
              code`if (${decode(plan, object)}(&in, &value) != FW_OK) return false;`,
              code`${lower(plan, `on_${name}`)}(device, &value, retained);`,
              code`return true;`,
            ]),
          ),
          code`default: return false;`,
        ]),
      ],
    )}
  `
}

function configuration(plan: EnginePlan): Code {
  const { model } = plan
  const config = plan.config!
  const { object, report } = config
  const version = object.fields.find(({ field }) => field.name === config.channel.versionField)!
  const member = (name: string) => report.fields.find(({ field }) => field.name === name)
  const setNumber = (name: string, value: Code): Code => {
    const field = member(name)
    if (field === undefined) return nothing
    return code`
      ${field.flagged ? code`value.has_${ident(field.member)} = true;` : nothing}
      value.${ident(field.member)} = ${value};
    `
  }
  const outcome = (word: string): Code => literalOf(model, member("outcome")!, word)!
  const reason = member("reason")
  return code`

    static fw_status_t device_config_version(fw_device_t *device, uint8_t *payload, size_t length, uint32_t *version)
    {
      ${type(plan, object)} value;
      fw_reader_t in = fw_reader(${format(config.desired.leg.sends)}, payload, length);
      fw_status_t status;
      (void)device;
      /* What cannot be read leaves members as they were. */
      value.${ident(version.member)} = 0;
      status = ${decode(plan, object)}(&in, &value);
      *version = (uint32_t)value.${ident(version.member)};
      return status;
    }

    static fw_config_t device_configure(fw_device_t *device, const uint8_t *fleet, size_t fleet_length, const uint8_t *own,
                                        size_t own_length, bool restored, const char **reason)
    {
      ${type(plan, object)} value, other;
      fw_reader_t in;
      if (fleet_length + own_length > device->memory.read_size) return FW_CONFIG_REJECTED;
      fw_blank(&value, sizeof value);
      if (fleet_length > 0) {
        fw_move(device->memory.read, fleet, fleet_length);
        in = fw_reader(${format(config.desired.leg.sends)}, device->memory.read, fleet_length);
        if (${decode(plan, object)}(&in, &value) != FW_OK) return FW_CONFIG_REJECTED;
      }
      if (own_length > 0) {
        fw_move(device->memory.read + fleet_length, own, own_length);
        in = fw_reader(${format(config.desired.leg.sends)}, device->memory.read + fleet_length, own_length);
        if (${decode(plan, object)}(&in, &other) != FW_OK) return FW_CONFIG_REJECTED;
        ${overlayMembers(object, code`value.`, code`other.`)}
      }
      return ${lower(plan, `on_${config.name}`)}(device, &value, restored, reason);
    }

    static size_t device_report(fw_device_t *device, uint32_t own, uint32_t fleet, fw_config_t outcome, const char *reason,
                                uint8_t *buffer, size_t size)
    {
      ${type(plan, report)} value;
      fw_writer_t out = fw_writer(${format(config.reported.leg.sends)}, buffer, size);
      fw_blank(&value, sizeof value);
      ${setNumber("version", code`own`)}
      ${setNumber("fleet_version", code`fleet`)}
      value.${ident(member("outcome")!.member)} = outcome == FW_CONFIG_APPLIED    ? ${outcome("applied")}
                      : outcome == FW_CONFIG_REJECTED ? ${outcome("rejected")}
                                                      : ${outcome("reboot_required")};
      ${
        reason === undefined
          ? code`(void)reason;`
          : code`
        if (reason != NULL) {
          value.has_${ident(reason.member)} = true;
          value.${ident(reason.member)} = fw_text(reason);
        }
      `
      }
      ${fillMembers(report, code`value.`, {})}
      (void)device;
      (void)fleet;
      return ${encode(plan, report)}(&out, &value) == FW_OK ? fw_written(&out) : 0;
    }
  `
}

function publishing(plan: EnginePlan): Code {
  return code`
    ${plan.said.map(
      ({ name, leg, object }) => code`

        fw_status_t ${lower(plan, `publish_${name}`)}(fw_device_t *device, const ${type(plan, object)} *value)
        {
          ${type(plan, object)} filled = *value;
          fw_writer_t out = fw_writer(${format(leg.leg.sends)}, device->memory.write, device->memory.write_size);
          fw_status_t status;
          if (device->phase != FW_READY) return FW_OFFLINE;
          ${fillMembers(object, code`filled.`, {})}
          status = ${encode(plan, object)}(&out, &filled);
          if (status != FW_OK) return status;
          return say(device, ${leg.number}, NULL, device->memory.write, fw_written(&out), FW_TOKEN_PLAIN);
        }
      `,
    )}
  `
}

/** `iot_car_` and what follows. */
export function lower(plan: EnginePlan, rest: string): Code {
  return ident(`${plan.model.names.prefix}_${rest}`)
}

/** `IOT_CAR_` and what follows. */
export function upper(plan: EnginePlan, rest: string): Code {
  return ident(`${plan.model.names.upper}_${rest}`)
}

/** Type of a message. */
export function type(plan: EnginePlan, object: CObject): Code {
  return lower(plan, `${object.name}_t`)
}

function encode(plan: EnginePlan, object: CObject): Code {
  return lower(plan, `${object.name}_encode`)
}

function decode(plan: EnginePlan, object: CObject): Code {
  return lower(plan, `${object.name}_decode`)
}

function format(name: string): Code {
  return ident(`FW_${name.toUpperCase()}_FORMAT`)
}

function bool(value: boolean): Code {
  return value ? code`true` : code`false`
}

function paramMember(plan: EnginePlan, name: string): Code {
  void plan
  return ident(memberName(lowerName(name) || name))
}
