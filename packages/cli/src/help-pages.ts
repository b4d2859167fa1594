import { type HelpPage, option } from "./help-page.js"

// The words of all commands in one place, so that they read as one text: that is why this file is long.

const CONTRACTS =
  "A contract is a file or a folder that has one. Without one: the contract of this folder or of the nearest above; in a repository with a folder `schemas`, every contract in it."
const json = option("--json", "the result as JSON on standard output")
const contract = option("--contract <path>", "a contract, a folder that has one, or a contract.lock.json")
const url = option("--url <url>", "mqtt, mqtts, ws or wss; default FLEETWIRE_URL, else mqtt://localhost:1883")
const protocol = option("--protocol <version>", "5 (default) or 3.1.1", ["5", "3.1.1"])
const prefix = option("--prefix <topic>", "topic prefix of the deployment, such as acme/staging")
const account = [
  option("--username <name>", "the account on the broker"),
  option("--password <word>", "its password; better in FLEETWIRE_PASSWORD, which no other process sees"),
  option("--ca <file>", "certificates that are trusted, PEM"),
  option("--cert <file>", "the client's certificate, PEM"),
  option("--key <file>", "its key, PEM"),
]
const shell = [
  option("-p, --param <name=value>", "a param of the topic, such as -p carId=car-001; may be repeated"),
  url,
  contract,
  option("--role <role>", "who speaks; default: the first role that has the right"),
  option("--format <format>", "as the channel allows", ["json", "compact", "protobuf", "text", "bytes"]),
  option("--timeout <time>", "how long a call may take: 5s, 1min; a number alone is milliseconds"),
  protocol,
  prefix,
  ...account,
  option("--json", "each outcome as a line of JSON, failures too"),
]
const comparison = [
  option("--against <what>", "a lock, a folder or a git ref to compare with, such as main"),
  option("--fleet <folder>", "every released version in the folder, and each with each"),
  option("--mqtt <version>", "MQTT of the fleet: 5, 3.1.1, any (default), or a change like 5..3.1.1"),
  option("--format <form>", "how findings are printed", ["human", "json", "github"]),
]
const fleetSize = [
  option("--devices <n>", "size of the fleet"),
  option("--absence <s>", "seconds that a consumer may be away without loss; default 300"),
  option("--burst <n>", "messages that a device sends at once where no rate is declared; default 10"),
]

/** Every command's page, in the order in which one meets them. */
export const HELP_PAGES: Readonly<Record<string, HelpPage>> = {
  init: {
    usage: "<folder>",
    summary: "a new contract package that compiles and generates at once",
    notes: ["The folder must be empty, or not be there yet."],
    options: [
      option("--name <name>", "name of the contract; default: the folder's"),
      option("--range <range>", "range of the packages of Fleetwire in its package.json"),
      json,
    ],
    examples: [["fleetwire init my-fleet", "then change my-fleet/contract.ts"]],
  },
  import: {
    usage: "<document>",
    summary: "an AsyncAPI 3 document as a contract",
    notes: ["YAML or JSON. What a contract cannot carry is said with its line. Nothing is ever overwritten."],
    options: [
      option("--out <folder>", "where contract.ts goes; default: this folder"),
      option("--as <side>", "whom the document speaks for; default controller", ["controller", "device"]),
      option("--device <param>", "the parameter that identifies a device"),
      option("--follow", "read files that references lead to"),
      option("--fetch", "read addresses that references lead to"),
      json,
    ],
    examples: [["fleetwire import asyncapi.yaml --out lamps", ""]],
  },
  generate: {
    usage: "[contract...]",
    summary: "write the targets and the lock",
    notes: [
      CONTRACTS,
      'Where things go is said in the package.json beside the contract: "fleetwire": { "targets": { "typescript": { "out": "./sdk" } } }. Only what was generated before is replaced or removed.',
    ],
    options: [
      option("--target <name>", "only this one; may be repeated"),
      option("--out <folder>", "where it goes instead (without --target: the TypeScript SDK)"),
      option("--package <name>", "name of the TypeScript SDK's package instead of package.json's"),
      option("--check", "write nothing; exit 1 with a diff when something is stale"),
      json,
    ],
    examples: [
      ["fleetwire generate", "everything that package.json names"],
      ["fleetwire generate --check", "for CI"],
    ],
  },
  check: {
    usage: "[contract...]",
    summary: "report every mistake, write nothing",
    notes: [
      CONTRACTS,
      "With --against or --fleet what the change does to a fleet is judged too: exit 1 unless it passes.",
    ],
    options: [...comparison, json],
    examples: [
      ["fleetwire check", ""],
      ["fleetwire check --against origin/main --format github", "in a pull request"],
    ],
  },
  diff: {
    usage: "[contract...]",
    summary: "what a change does to a fleet, with a witness",
    notes: [
      "Without --against: with the contract's own lock. `safe` and `controllers first` pass; everything else needs to be accepted with a reason.",
    ],
    options: [
      ...comparison,
      option("--all", "safe changes too"),
      option("--plan", "the order of updates, in Markdown"),
      option("--changeset", "a changeset for the generated SDKs"),
      option("--accept <code>", "CODE, CODE@PATH or all: recorded in the lock; may be repeated"),
      option("--reason <text>", "why it is accepted"),
      json,
    ],
    examples: [
      ["fleetwire diff --against main", ""],
      ["fleetwire diff --fleet released --plan", "every version in the field, and in which order to roll out"],
    ],
  },
  lock: {
    usage: "resolve --onto <ref> [contract...]",
    summary: "settle numbers that two branches gave",
    notes: ["Renumbers only what the other branch does not have."],
    options: [option("--onto <ref>", "the branch whose numbers stay"), json],
    examples: [["fleetwire lock resolve --onto origin/main", "after a conflict in contract.lock.json"]],
    words: ["resolve"],
  },
  explain: {
    usage: "[code...]",
    summary: "what a code means, and what helps",
    notes: ["Codes of diagnostics, comparisons, imports and SDK errors. Without one: all of them."],
    options: [json],
    examples: [["fleetwire explain contract/topic-overlap", ""]],
  },
  size: {
    usage: "[contract...]",
    summary: "octets on the wire, a day, and in a firmware's buffers",
    notes: ["Typical sizes are those of the contract's examples, worst ones those of its bounds."],
    options: [prefix, json],
    examples: [["fleetwire size", ""]],
  },
  send: {
    usage: "<channel[.leg]> [message]",
    summary: "publish a typed message",
    notes: ["The message as JSON, or as it is for text. Without one: a line each from standard input."],
    options: shell,
    examples: [["fleetwire send config '{\"version\": 3}' -p carId=car-001", ""]],
  },
  call: {
    usage: "<command> [request]",
    summary: "call a command, print its reply",
    notes: ["The request as JSON. Without one: a line each from standard input. A failed call makes the exit code 1."],
    options: [...shell, option("--id <key>", "the idempotency key: one key is one execution")],
    examples: [['fleetwire call drive \'{"action": "stop"}\' -p carId=car-001', ""]],
  },
  monitor: {
    usage: "",
    summary: "judge and count what is said on a broker",
    notes: ["A table in a terminal, lines elsewhere, then a summary. Exit 1 where something broke the contract."],
    options: [
      contract,
      url,
      protocol,
      prefix,
      ...account,
      option("--for <time>", "such as 10s or 5min; default: until Ctrl-C"),
      option("--wide", "topics too that nobody declared"),
      json,
    ],
    examples: [["fleetwire monitor --for 30s", "in CI, beside a fleet that runs"]],
  },
  access: {
    usage: "[contract]",
    summary: "broker rules for accounts, and the attack on them",
    notes: ["Roles of the contract as rules of Mosquitto: an ACL file, or commands of dynamic security."],
    options: [
      contract,
      option("--principal <name>", "one account, with --role and --bind"),
      option("--role <role>", "its role, or device"),
      option("--bind <param=value,value>", "what it is bound to; may be repeated"),
      option("--instance <name>", "part of its client id"),
      option("--devices <id,id>", "devices by name, or `pattern`: one rule for all of them"),
      option("--identity <what>", "with pattern: what tells devices apart", ["username", "client-id"]),
      option("--principals <file>", "a list of { name, role, bind, instance } as JSON"),
      option("--format <format>", "default acl", ["acl", "dynsec"]),
      prefix,
      option("--out <file>", "instead of standard output"),
      option("--attack", "try the rules on a Mosquitto of its own"),
      option("--mqtt <version>", "of the attack; default both", ["5", "3.1.1"]),
      json,
    ],
    examples: [
      ["fleetwire access --principal user-123 --role app --bind carId=car-001,car-007", ""],
      ["fleetwire access --principals principals.json --attack", "before anybody trusts them"],
    ],
  },
  "broker-settings": {
    usage: "[contract] --devices <n>",
    summary: "what the broker must be set to, and why",
    notes: ["Lines of mosquitto.conf, computed from the contract and the size of the fleet."],
    options: [contract, ...fleetSize, option("--out <file>", "instead of standard output"), json],
    examples: [["fleetwire broker-settings --devices 500", ""]],
  },
  doctor: {
    usage: "",
    summary: "what is installed, and whether the broker is fit",
    notes: ["Asks a broker what it supports, and tries it. Exit 1 where a check fails."],
    options: [contract, url, ...account, prefix, ...fleetSize, option("--offline", "this machine only"), json],
    examples: [["fleetwire doctor --url mqtt://localhost:1883 --contract schemas/my-fleet --devices 500", ""]],
  },
  certs: {
    usage: "<folder>",
    summary: "a development CA, server and client certificates",
    notes: ["For development: whoever has ca.key can be anybody. What is there is kept."],
    options: [
      option("--server <names>", "names and addresses of the broker; default localhost,127.0.0.1"),
      option("--clients <names>", "one client certificate each; the name becomes the user name"),
      option("--days <n>", "how long they are valid; default 365"),
      json,
    ],
    examples: [["fleetwire certs ./certs --clients car-001,car-002", ""]],
  },
  verify: {
    usage: "device|controller",
    summary: "hold an implementation to the protocol",
    notes: ["Plays the other side, clause by clause, and prints a score card. Exit 1 where a clause fails."],
    options: [
      contract,
      option(
        "--exec <command>",
        "starts the subject; {url} {host} {port} {id} {mqtt} {role} {prefix} {store} {keepalive} {spread} are filled in",
      ),
      option("--url <url>", "a broker that runs; default: a Mosquitto of its own"),
      option("--id <identity>", "the device under test"),
      option("--mqtt <version>", "default both; may be repeated", ["5", "3.1.1"]),
      option("--clause <id>", "only these clauses; may be repeated"),
      option("--scenario <id>", "only these scenarios; may be repeated"),
      option("--capabilities <a,b>", "what the client library can do (Z-3); default all"),
      option("--features <a,b>", "lines, store, prefix, refusals: what the subject can do"),
      option("--profile <file>", "sample messages; default conformance.yaml beside the contract"),
      option("--junit <file>", "the score card as JUnit XML too"),
      option("--jobs <n>", "scenarios at once"),
      json,
    ],
    examples: [["fleetwire verify device --exec './car {url} {id}' --id car-001", ""]],
    words: ["device", "controller"],
  },
  completion: {
    usage: "bash|zsh|fish",
    summary: "what a shell needs to complete commands and options",
    notes: [],
    options: [],
    examples: [
      ["source <(fleetwire completion bash)", "in ~/.bashrc"],
      ["fleetwire completion fish > ~/.config/fish/completions/fleetwire.fish", ""],
    ],
    words: ["bash", "zsh", "fish"],
  },
}
