import { BlockList, isIP } from "node:net";

/** Whether an address lies in a block such as `10.0.0.0/24`; false for anything that is neither. */
export function inCidr(block: string, address: string): boolean {
  const [network = "", bits = ""] = block.split("/");
  const family = familyOf(network);
  if (family === undefined || familyOf(address) !== family || !/^\d+$/.test(bits)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}
