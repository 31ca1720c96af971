// A party by prismarine-auth in the flow that it is told: it signs two players in, and knows only the names of the
// services and the CA file. It has no words for sessions: each player's requests are plain, with the token that it got.
// Says what came as one JSON.
const assert = require("node:assert")
const { mkdtempSync } = require("node:fs")
const { tmpdir } = require("node:os")
const { join } = require("node:path")

const { Authflow } = require(process.env.PRISMARINE_AUTH)

const flow = process.argv[2]
const mpsd = "https://sessiondirectory.xboxlive.com"
const scid = "4fc10100-5f7a-4470-899b-280835760c07"
const ref = { scid, templateName: "MinecraftLobby", name: "8b0f6c3a-1b1a-4d0e-9f3b-2f6f4d1c9a12" }
const path = `/serviceconfigs/${scid}/sessionTemplates/${ref.templateName}/sessions/${ref.name}`
const folder = mkdtempSync(join(tmpdir(), "prismarine-auth-"))

const control = async (method, path, body) => {
  const headers = { "Content-Type": "application/json" }
  const answer = await fetch(process.env.MPSD_CONTROL + path, { method, headers, body: JSON.stringify(body) })
  assert(answer.ok, await answer.text())
}

// the second time with what is in its cache, and an access token that it takes for one that has ended
const signIn = async role => {
  await control("PUT", `/users/${role}`, { signs_in: true })
  const codes = []
  const options = { flow, authTitle: "0000000000000001", deviceType: "Nintendo" }
  const author = () => new Authflow(role, folder, options, code => codes.push(code))
  const first = await author().getXboxToken()
  const cached = await author().getXboxToken()
  assert.deepEqual(cached, first)
  const again = author()
  again.msa.forceRefresh = true
  const renewed = await again.getXboxToken("http://xboxlive.com", true)
  const other = await author().getXboxToken("https://multiplayer.minecraft.net/")
  assert.equal(codes.length, 1)
  assert.notEqual(renewed.XSTSToken, first.XSTSToken)
  assert.equal(other.userXUID, null)
  return { xuid: renewed.userXUID, authorization: `XBL3.0 x=${renewed.userHash};${renewed.XSTSToken}` }
}

const player = ({ authorization }) => async (method, path, body) => {
  const headers = { "x-xbl-contract-version": "107", "Content-Type": "application/json", Authorization: authorization }
  const answer = await fetch(mpsd + path, { method, headers, body: body && JSON.stringify(body) })
  const text = await answer.text()
  assert(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
  return { status: answer.status, body: text ? JSON.parse(text) : null }
}

const main = async () => {
  const players = [await signIn("host"), await signIn("guest")]
  const [host, guest] = players.map(player)
  const [hostXuid, guestXuid] = players.map(({ xuid }) => xuid)
  const system = { active: true, connection: "11111111-1111-4111-8111-111111111111" }
  const me = { constants: { system: { initialize: true } }, properties: { system } }
  const restrictions = { joinRestriction: "followed", readRestriction: "followed" }
  const invite = { invitedXuid: guestXuid, inviteAttributes: { titleId: "896928775" } }
  const query = owners => guest("POST", "/handles/query", { type: "activity", scid, owners })
  const said = {
    create: await host("PUT", path, { properties: { system: restrictions }, members: { me } }),
    activity: await host("POST", "/handles", { type: "activity", version: 1, sessionRef: ref }),
    invite: await host("POST", "/handles", { type: "invite", version: 1, sessionRef: ref, ...invite }),
    people: await query({ people: { moniker: "people", monikerXuid: guestXuid } }),
    xuids: await query({ xuids: [hostXuid] }),
  }
  said.joined = await guest("PUT", `/handles/${said.invite.body.id}/session`, { members: { me } })
  said.left = await guest("PUT", path, { members: { me: null } })
  said.joinedAgain = await guest("PUT", `/handles/${said.activity.body.id}/session`, { members: { me } })
  said.both = await host("GET", path)
  said.guestGone = await guest("PUT", path, { members: { me: null } })
  said.one = await host("GET", path)
  said.hostGone = await host("PUT", path, { members: { me: null } })

  const owners = name => said[name].body.results.map(one => one.ownerXuid)
  const members = name => Object.keys(said[name].body.members).length
  const seen = {
    published: said.create.status === 201 && said.activity.status === 201,
    invited: said.invite.body.senderXuid === hostXuid,
    "activities of people": owners("people").join() === hostXuid,
    "activities of xuids": owners("xuids").join() === hostXuid,
    "joined by invite": members("joined") === 2,
    "joined by handle": members("joinedAgain") === 2,
    "members counted": members("both") === 2 && members("one") === 1,
    left: said.guestGone.status === 200 && said.hostGone.status === 204,
  }
  const statuses = Object.fromEntries(Object.entries(said).map(([name, answer]) => [name, answer.status]))
  console.log(JSON.stringify({ players, statuses, sees: Object.keys(seen).filter(word => seen[word]) }))
}

// it tells its users by the console what a test need not read
console.info = () => {}
main().then(() => process.exit(), error => { console.error(error); process.exit(1) })
