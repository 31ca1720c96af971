// node --import ./hosts.mjs bot.mjs: the real host names lead to MPSD_URL, for a program that cannot be told another
// address. Names in certificates are checked as always: NODE_EXTRA_CA_CERTS names the authority to trust.
import net from "node:net";

const names = new Set(["sessiondirectory.xboxlive.com", "rta.xboxlive.com"]);
const { hostname: host, port } = new URL(process.env.MPSD_URL);
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (names.has(options?.host)) Object.assign(options, { host, port: Number(port) });
  return connect.apply(this, given);
};
