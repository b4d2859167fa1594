export { startMosquitto } from "@fleetwire/broker-lab"
