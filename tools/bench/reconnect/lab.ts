export { startFaultProxy, startMosquitto } from "@fleetwire/broker-lab"
