import { draw, seedFor } from "./seeded-random.js"

/** A point on the floor, in metres east and north of the origin. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** What a car cannot drive through: a wall or crate parallel to the axes, or a post. Metres. */
export type Obstacle =
  | { readonly kind: "box"; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  | { readonly kind: "post"; readonly x: number; readonly y: number; readonly radius: number }

/** A walled floor from (0, 0) to (`width`, `height`), with things on it. */
export interface World {
  readonly width: number
  readonly height: number
  /** Where (0, 0) lies on Earth. */
  readonly origin: { readonly latitude: number; readonly longitude: number; readonly altitude: number }
  readonly accessPoint: Point
  /** Degrees Celsius far from any motor. */
  readonly ambient: number
  readonly obstacles: readonly Obstacle[]
}

export interface WorldOptions {
  /** Metres. Default 60. */
  readonly width?: number
  /** Metres. Default 40. */
  readonly height?: number
  /** Default 24. */
  readonly obstacles?: number
}

/** Builds the same world for the same seed. */
export function createWorld(seed: number, options: WorldOptions = {}): World {
  const width = options.width ?? 60
  const height = options.height ?? 40
  let cursor = seedFor(seed, "world")
  const uniform = (from: number, to: number): number => {
    const drawn = draw(cursor)
    cursor = drawn.next
    return from + (to - from) * drawn.value
  }
  const obstacles = Array.from({ length: options.obstacles ?? 24 }, (_, index): Obstacle => {
    const x = uniform(1, width - 3)
    const y = uniform(1, height - 3)
    return index % 3 === 2
      ? { kind: "post", x, y, radius: uniform(0.1, 0.4) }
      : { kind: "box", x, y, width: uniform(0.3, 2), height: uniform(0.3, 2) }
  })
  return {
    width,
    height,
    origin: { latitude: 52.52, longitude: 13.405, altitude: 34 },
    accessPoint: { x: width / 2, y: height / 2 },
    ambient: 22,
    obstacles,
  }
}

/** True where a disc of `radius` metres around the point touches no wall and no obstacle. */
export function isFree(world: World, point: Point, radius: number): boolean {
  const { x, y } = point
  if (x < radius || y < radius || x > world.width - radius || y > world.height - radius) return false
  return world.obstacles.every((obstacle) => {
    if (obstacle.kind === "post") return square(x - obstacle.x, y - obstacle.y) >= (radius + obstacle.radius) ** 2
    const nearestX = Math.min(Math.max(x, obstacle.x), obstacle.x + obstacle.width)
    const nearestY = Math.min(Math.max(y, obstacle.y), obstacle.y + obstacle.height)
    return square(x - nearestX, y - nearestY) >= radius ** 2
  })
}

/** Metres from the point along the unit direction to the first wall or obstacle, at most `limit`. */
export function rangeTo(world: World, from: Point, direction: Point, limit: number): number {
  let nearest = Math.min(
    limit,
    exitOf(0, world.width, from.x, direction.x),
    exitOf(0, world.height, from.y, direction.y),
  )
  for (const obstacle of world.obstacles) {
    nearest = Math.min(
      nearest,
      obstacle.kind === "post" ? toPost(obstacle, from, direction) : toBox(obstacle, from, direction),
    )
  }
  return Math.max(0, nearest)
}

function exitOf(low: number, high: number, at: number, speed: number): number {
  if (speed === 0) return Number.POSITIVE_INFINITY
  return ((speed > 0 ? high : low) - at) / speed
}

function toPost(post: { x: number; y: number; radius: number }, from: Point, direction: Point): number {
  const dx = post.x - from.x
  const dy = post.y - from.y
  const along = dx * direction.x + dy * direction.y
  const offset = square(dx, dy) - along * along
  const reach = post.radius ** 2 - offset
  if (reach < 0) return Number.POSITIVE_INFINITY
  const hit = along - Math.sqrt(reach)
  return hit >= 0 ? hit : Number.POSITIVE_INFINITY
}

function toBox(box: { x: number; y: number; width: number; height: number }, from: Point, direction: Point): number {
  const [enterX, leaveX] = slab(box.x, box.x + box.width, from.x, direction.x)
  const [enterY, leaveY] = slab(box.y, box.y + box.height, from.y, direction.y)
  const enter = Math.max(enterX, enterY)
  return enter >= 0 && enter <= Math.min(leaveX, leaveY) ? enter : Number.POSITIVE_INFINITY
}

function slab(low: number, high: number, at: number, speed: number): readonly [number, number] {
  if (speed === 0) {
    const inside = at >= low && at <= high
    return inside
      ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  }
  const first = (low - at) / speed
  const second = (high - at) / speed
  return first < second ? [first, second] : [second, first]
}

function square(x: number, y: number): number {
  return x * x + y * y
}
