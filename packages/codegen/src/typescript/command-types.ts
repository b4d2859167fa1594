import type { CommandChannelIr } from "@fleetwire/ir"
import { type Code, code } from "../core/code.js"
import { type ClientWorld, generic, messageOf } from "./client-plan.js"
import { findLeg, legOf } from "./contract.js"

/** What calls a command: with progress where it is declared. */
export function remoteCommand(channel: CommandChannelIr, world: ClientWorld): Code {
  const request = messageOf(legOf(channel, "request"), "input", world)
  const reply = messageOf(legOf(channel, "reply"), "value", world)
  const progress = findLeg(channel, "progress")
  if (progress === undefined) return generic("RemoteCommand", request, reply)
  return generic("ProgressCommand", request, reply, messageOf(progress, "value", world))
}

/** The engine's method that makes it. */
export function callerMethod(channel: CommandChannelIr): Code {
  return findLeg(channel, "progress") === undefined ? code`caller` : code`progressCaller`
}

/** What serves a command whose handler returns `answer`. */
export function commandServer(channel: CommandChannelIr, answer: Code, world: ClientWorld): Code {
  const request = messageOf(legOf(channel, "request"), "value", world)
  const progress = findLeg(channel, "progress")
  if (progress === undefined) return generic("CommandServer", request, answer)
  return generic("ProgressServer", request, answer, messageOf(progress, "input", world))
}

/** The engine's method that makes it. */
export function serverMethod(channel: CommandChannelIr): Code {
  return findLeg(channel, "progress") === undefined ? code`commandServer` : code`progressServer`
}
