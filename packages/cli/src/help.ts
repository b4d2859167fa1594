/** What `fleetwire --help` prints. */
export const HELP = `fleetwire: one contract for an MQTT fleet

Usage
  fleetwire init <folder>             a new contract package that compiles and generates at once
  fleetwire import <document>         an AsyncAPI 3 document as a contract
  fleetwire generate [contract...]    write the targets and the lock
  fleetwire check [contract...]       report every mistake, write nothing
  fleetwire diff [contract...]        what a change does to a fleet, with a witness
  fleetwire lock resolve --onto <ref> settle numbers that two branches gave
  fleetwire explain [code]            what a code means, and what helps
  fleetwire size [contract...]        octets on the wire, a day, and in a firmware's buffers
  fleetwire send <channel> [message]  publish a typed message
  fleetwire call <command> [request]  call a command, print its reply
  fleetwire monitor                   judge and count what is said on a broker
  fleetwire access [contract]         broker rules for accounts, and the attack on them
  fleetwire broker-settings [contract] --devices <n>
                                      what the broker must be set to, and why
  fleetwire doctor                    what is installed, and whether the broker is fit
  fleetwire certs <folder>            a development CA, server and client certificates
  fleetwire verify device|controller  hold an implementation to the protocol

A contract is a file (contract.ts) or a folder that has one. Without one: the
contract of this folder, or of the nearest folder above; in a repository with a
folder \`schemas\`, every contract in it.

generate
  --target <name>   only this one of package.json's targets; may be given again
  --out <folder>    where it goes instead (without --target: the TypeScript SDK)
  --package <name>  the SDK's package name, instead of package.json's
  --check           write nothing; exit 1 with a diff when something is stale
  --json            findings and files as JSON
check
  --against <x>     compare too, with a lock, a folder or a git ref; exit 1 unless it passes
  --fleet <folder>  compare too, with every released version in the folder
  --mqtt <v>        MQTT of the fleet: 5, 3.1.1, any (default), or a change like 5..3.1.1
  --format github   the comparison as annotations
  --json            findings as JSON
diff (passes: safe, controllers first; without --against: with the contract's own lock)
  --against, --fleet, --mqtt, --format, --json as for check
  --all             safe changes too
  --plan            the order of updates, in Markdown
  --changeset       a changeset for the generated SDKs
  --accept <code>   CODE, CODE@PATH or all, with --reason <text>: recorded in the lock

send, call (message and request as JSON; without one: a line each from standard input)
  -p name=value     a param of the topic, such as -p carId=car-001
  --url <url>       mqtt, mqtts, ws or wss; default FLEETWIRE_URL or mqtt://localhost:1883
  --contract <path> a contract, or a contract.lock.json
  --role <role>     default: the first role that has the right
  --format <f>      json, compact, protobuf, text or bytes, as the channel allows
  --protocol <v>    5 or 3.1.1
  --username, --password (or FLEETWIRE_PASSWORD), --ca, --cert, --key, --prefix
  call: --timeout <ms>, --id <idempotency key>

monitor (--contract, --url, --protocol, --prefix, accounts and TLS as above)
  --for <time>      such as 10s or 5min, then the summary; default: until Ctrl-C
  --wide            topics too that nobody declared
  --json            the summary as JSON

access (roles of the contract as rules of Mosquitto)
  --principal <name> --role <role>  one account; --bind param=value,value; --instance <i>
  --devices <id,id>   devices by name, or \`pattern\`: one rule for all of them
  --identity <i>      with pattern: username (default) or client-id
  --principals <file> a list of { name, role, bind, instance } as JSON
  --format <f>        acl (default) or dynsec
  --prefix, --out <file>, --json
  --attack            try the rules on a Mosquitto of its own; --mqtt 3.1.1 or 5

broker-settings
  --devices <n>       size of the fleet
  --absence <s>       seconds a consumer may be away without loss; default 300
  --burst <n>         messages a device sends at once where no rate is declared; default 10
  --out <file>, --json
doctor
  --contract, --url, --username, --password, --prefix, --ca, --cert, --key as for call
  --devices <n>       with a contract: compare with broker-settings, --absence, --burst too
  --offline           this machine only
  --json              checks as JSON; exit 1 where one is an error

certs (for development: whoever has ca.key can be anybody)
  --server <names>    names and addresses of the broker; default localhost,127.0.0.1
  --clients <names>   one client certificate each; the name becomes the user name
  --days <n>          default 365; the CA of the folder is used again where there is one
verify (plays the other side, clause by clause, and prints a score card)
  --contract <path> a contract, or a contract.lock.json
  --exec <command>  starts the subject; {url} {host} {port} {id} {mqtt} {role}
                    {prefix} {store} {keepalive} {spread} are filled in
  --url <url>       a broker that runs; default: a Mosquitto of its own
  --id <identity>   the device under test
  --mqtt <v>        5 or 3.1.1; default both
  --clause <id>     only these clauses (may be repeated)
  --scenario <id>   only these scenarios (may be repeated)
  --capabilities a,b  what the client library can do (Z-3); default all
  --features a,b    lines, store, prefix: what the subject can do
  --profile <file>  sample messages; default conformance.yaml beside the contract
  --json, --junit <file>, --jobs <n>

Where things go is said in the package.json beside the contract:
  "fleetwire": {
    "contract": "./contract.ts",
    "targets": { "typescript": { "out": "./sdk", "package": "@acme/my-fleet" } }
  }

Exit codes: 0 clean, 1 findings or stale output, 2 wrong use or a bug.
`
