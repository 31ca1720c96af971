// A party by friend-connect, which knows only the names of the service and the CA file. Says what came as one JSON.
import assert from "node:assert"
import { setTimeout as pause } from "node:timers/promises"

const folder = process.env.FRIEND_CONNECT + "/dist/xbox"
const { XboxClient } = await import(folder + "/index.js")
const { RTAMultiplayerSession } = await import(folder + "/modules/rta.js")

const scid = "4fc10100-5f7a-4470-899b-280835760c07"
const template = "MinecraftLobby"
const account = xuid => ({ userXuid: xuid, userHash: `uhs-${xuid}`, xstsToken: "made-up", isRefreshing: false })
const [host, guest] = ["9000000000000001", "9000000000000002"].map(xuid => new XboxClient(account(xuid)))
const said = { frames: [] }
const once = (emitter, event) => new Promise((resolve, reject) => {
  emitter.once(event, resolve)
  emitter.once("error", reject)
})

const party = new RTAMultiplayerSession(
  host,
  { properties: { system: { joinRestriction: "followed", readRestriction: "followed", closed: false }, custom: {} } },
  scid, template, true,
)
party.on("message", frame => said.frames.push(JSON.parse(frame)))
said.session = await once(party, "sessionResponse")
said.activity = JSON.parse(await once(party, "join"))

const ref = { scid, templateName: template, name: party.sessionName }
party.join(guest)
said.guestActivity = JSON.parse(await once(party, "join"))

const directory = host.sessionDirectory
const statuses = async calls => Object.fromEntries(
  await Promise.all(Object.entries(calls).map(async ([name, call]) => [name, (await call).status])))
said.first = await statuses({
  invite: directory.invite(ref, { titleId: "896928775", context: "", contextString: "", senderString: "" }),
  handle: directory.getHandle(said.activity.id),
  session: directory.sessionKeepAlivePacket(scid, template, party.sessionName),
  batch: directory.batchQuery(scid, [host.xuid], { take: 10 }),
  member: directory.removeMember(scid, template, party.sessionName, 1),
})
// it forgets to wait for its answer, and gives nothing back
assert.equal(await directory.queryHandles(host.xuid, "people", scid, true), undefined)
const heard = () => said.frames.flatMap(frame => frame[0] === 3 ? frame[2].shoulderTaps : [])
const until = async test => {
  for (const deadline = Date.now() + 50000; !test(); await pause(10)) assert(Date.now() < deadline, "it did not come")
}
await until(() => heard().some(tap => tap.changeNumber > said.session.changeNumber))

const members = async () => {
  const answer = await directory.sessionKeepAlivePacket(scid, template, ref.name)
  return Object.keys((await answer.json()).members).length
}

// a friend beside it: both queries, and a join by the activity's handle
const plain = async (method, path, body) => {
  const headers = { "x-xbl-contract-version": "107", "Content-Type": "application/json", Authorization: guest.authorizationHeader }
  const answer = await fetch(`https://sessiondirectory.xboxlive.com/${path}`, { method, headers, body: JSON.stringify(body) })
  return answer.json()
}
const owners = async which => {
  const found = await plain("POST", "handles/query", { type: "activity", scid, owners: which })
  return found.results.map(one => one.ownerXuid)
}
const leaving = { members: { me: null } }
const leave = async () => (await guest.sessionDirectory.session(leaving, scid, template, ref.name)).status
said.counted = [await members()]
said.left = await leave()
said.counted.push(await members())
said.owners = [await owners({ people: { moniker: "people", monikerXuid: guest.xuid } }), await owners({ xuids: [host.xuid] })]
await plain("PUT", `handles/${said.activity.id}/session`, { members: { me: { constants: { system: { initialize: true } } } } })
said.counted.push(await members())

said.gone = await statuses({ delete: directory.deleteHandle(said.activity.id) })
said.after = await statuses({ handle: directory.getHandle(said.activity.id) })

// it comes back as it began: with a session of another name, and an activity for that
const again = once(party, "join")
await fetch(`${process.env.MPSD_CONTROL}/connections/${host.xuid}/drop`, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ noticed: false }),
})
said.again = JSON.parse(await again)

console.log(JSON.stringify(said))
process.exit()
