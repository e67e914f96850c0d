import type { BrokerConnections } from "./connections.ts";
import { openManagement } from "./management-link.ts";

/** Real connections: ioredis, amqplib and fetch. Each client is loaded when the first broker of its kind is opened. */
export const realBrokerConnections: BrokerConnections = {
  redis: async (url) => (await import("./redis/link.ts")).openRedis(url),
  amqp: async (url) => (await import("./amqp-link.ts")).openAmqp(url),
  management: openManagement,
};
