import {
  Kind,
  Object as ObjectType,
  type Static,
  type TObject,
  type TProperties,
  type TSchema,
} from "@sinclair/typebox"
import { readFieldNote, readNote, withNote, withoutFieldNote } from "./note.js"
import { captureOrigin, type Origin } from "./origin.js"

export interface MessageOptions<V = unknown> {
  readonly doc?: string
  readonly examples?: readonly V[]
  readonly deprecated?: string
  readonly since?: string
  /** Earlier names of the message, newest first. */
  readonly was?: string | readonly string[]
}

declare const messageName: unique symbol

/** A TypeBox schema that has a name in the contract. Used inside another message it becomes a reference. */
export type Message<T extends TSchema = TSchema, Name extends string = string> = T & { readonly [messageName]?: Name }

const MESSAGE: unique symbol = Symbol.for("fleetwire.message") as never

/** What `message` left on a schema. */
export interface MessageNote {
  readonly name: string
  readonly options: MessageOptions
  readonly at: Origin
}

/** Name, options and place of a message; undefined for a schema that has no name. */
export function readMessage(schema: object): MessageNote | undefined {
  return (schema as { readonly [MESSAGE]?: MessageNote })[MESSAGE]
}

/** Names the fields of an object as a message. */
export function message<const Name extends string, P extends TProperties>(
  name: Name,
  fields: P,
  options?: MessageOptions<Static<TObject<P>>>,
): Message<TObject<P>, Name>
/** Names any type as a message: a scalar for text payloads, a union, a list. */
export function message<const Name extends string, T extends TSchema>(
  name: Name,
  schema: T,
  options?: MessageOptions<Static<T>>,
): Message<T, Name>
export function message(name: string, content: TSchema | TProperties, options: MessageOptions = {}): TSchema {
  const at = captureOrigin(message as (...args: never[]) => unknown)
  const schema =
    // Its own: `{ __proto__: t.bool() }` is an object of fields that inherits one from a schema.
    Object.hasOwn(content, Kind)
      ? settled(content as TSchema)
      : withNote(ObjectType(content as TProperties), {
          type: { kind: "object", fields: content as TProperties },
          options: {},
          at,
        })
  return Object.assign(schema, { [MESSAGE]: { name, options, at } })
}

/** A copy of the schema whose annotations are its own: what a field that refers to the message says goes on top. */
function settled(content: TSchema): TSchema {
  const [note, onTop] = [readNote(content), readFieldNote(content)]
  if (note === undefined || onTop === undefined) return { ...content }
  return withNote(withoutFieldNote(content), { ...note, options: { ...note.options, ...onTop.annotations } })
}
