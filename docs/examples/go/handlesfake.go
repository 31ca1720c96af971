// Package handlesfake is a test's end of a server that `handlesfake serve` has started; copy it, it needs nothing.
//
// Whatever the server refuses, and a claim that does not hold, fails the test with the server's text.
package handlesfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// Words are what a call takes, in Python's words: Words{"xuids": []string{"guest"}}.
type Words = map[string]any

// Control is one world of a server, or the whole server: tests that run at the same time do not meet.
type Control struct {
	// Record is what the server has said of the world when it was made.
	Record World
	t      testing.TB
	url    string
}

// User is a user of the test, with a token that is good here and nowhere else.
type User struct {
	Role          string            `json:"role"`
	Xuid          string            `json:"xuid"`
	Gamertag      string            `json:"gamertag"`
	TitleID       string            `json:"title_id"`
	Authorization string            `json:"authorization"`
	Headers       map[string]string `json:"headers"`
}

// Service is the title's own service, and its headers for players.
type Service struct {
	TitleID       string            `json:"title_id"`
	Authorization string            `json:"authorization"`
	Headers       map[string]string `json:"headers"`
}

// Entry is one request and what came of it; Status is 0 where nothing was answered.
type Entry struct {
	Number    int      `json:"number"`
	Service   string   `json:"service"`
	Operation string   `json:"operation"`
	Type      string   `json:"type"`
	Method    string   `json:"method"`
	Target    string   `json:"target"`
	Body      any      `json:"body"`
	Status    int      `json:"status"`
	Answer    any      `json:"answer"`
	DecidedBy string   `json:"decided_by"`
	Evidence  string   `json:"evidence"`
	Refusal   string   `json:"refusal"`
	Fault     string   `json:"fault"`
	Who       string   `json:"who"`
	Outcome   string   `json:"outcome"`
	Explained []string `json:"explained"`
}

// Journal is what was sent; Next is the next "since", and Dropped how many requests are no longer kept whole.
type Journal struct {
	Entries                         []Entry
	Next, Written, Dropped, Fitting int
}

// Assumption is what the test left unsaid, and how to say it.
type Assumption struct{ Question, Text, Instead string }

// RuleCount is how often a rule matched, and how often it acted.
type RuleCount struct {
	Rule, Name, Place string
	Met, Fired        int
}

// Held is a request that waits.
type Held struct{ Method, Target string }

// Hold is where requests wait.
type Hold struct {
	Name    string
	Waiting []Held
}

// SessionRef names a session, as on the wire.
type SessionRef struct {
	Scid         string `json:"scid"`
	TemplateName string `json:"templateName"`
	Name         string `json:"name"`
}

// Tap is what was pushed to a member of a session.
type Tap struct {
	Xuid         string     `json:"xuid"`
	Connection   string     `json:"connection"`
	SessionRef   SessionRef `json:"sessionRef"`
	ChangeNumber int        `json:"changeNumber"`
	At           string     `json:"at"`
	Changes      []string   `json:"changes"`
}

// Connection is an open connection of the push channel.
type Connection struct {
	Connection, Xuid, Role string
	Mute                   bool
}

// Time is the service's time, and whether it stands still.
type Time struct {
	Now    string
	Frozen bool
}

// World is what the server says of a world; ExpiresAfter is 0 where it stays.
type World struct {
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Control      string          `json:"control"`
	ExpiresAfter float64         `json:"expires_after"`
	Requests     int             `json:"requests"`
	Users        map[string]User `json:"users"`
}

// New gives the test its own world, under its name. It ends with the test, and after an hour in which no test
// uses it: a run that was killed leaves nothing. Users of the given roles are in it.
func New(t testing.TB, roles ...string) *Control {
	t.Helper()
	return Server(t).World(Words{"name": t.Name(), "users": roles})
}

// Server is the whole server; MPSD_CONTROL is what the ready line calls "control".
func Server(t testing.TB) *Control {
	t.Helper()
	url := os.Getenv("MPSD_CONTROL")
	if url == "" {
		t.Fatal("MPSD_CONTROL does not say where the server is: `handlesfake serve -- COMMAND` sets it")
	}
	return &Control{t: t, url: url}
}

// World makes a world, which ends with the test: World(Words{"name": "lobby", "expires_after": 60}).
func (c *Control) World(words Words) *Control {
	c.t.Helper()
	said := Words{"expires_after": 3600}
	for word, value := range words {
		said[word] = value
	}
	status, found := c.ask("POST", "/worlds", said, "application/json")
	if strings.HasPrefix(string(found), "there is a world") { // of a run that was killed, or of another package
		said["name"] = fmt.Sprintf("%v %x", said["name"], time.Now().UnixNano())
		status, found = c.ask("POST", "/worlds", said, "application/json")
	}
	if status >= 400 {
		c.t.Fatalf("%s", found)
	}
	var made World
	if err := json.Unmarshal(found, &made); err != nil {
		c.t.Fatalf("%v: %s", err, found)
	}
	c.t.Cleanup(func() { c.EndWorld(made.ID) })
	return &Control{made, c.t, made.Control}
}

// Worlds are the existing worlds.
func (c *Control) Worlds() (found []World) { c.call("GET", "/worlds", nil, &found); return }

// AboutWorld is what the server says of a world, by its id or name.
func (c *Control) AboutWorld(name string) (about Words) {
	c.call("GET", at("/worlds/%s", name), nil, &about)
	return
}

// RenewWorld restarts the time of a world: Words{"expires_after": 120}, or nil.
func (c *Control) RenewWorld(name string, words Words) (world World) {
	c.call("POST", at("/worlds/%s/renew", name), words, &world)
	return
}

// ExpireWorld lets a world end as if its time were over.
func (c *Control) ExpireWorld(name string) { c.call("POST", at("/worlds/%s/expire", name), nil, nil) }

// EndWorld ends a world; ending it twice is not an error.
func (c *Control) EndWorld(name string) {
	status, text := c.ask("DELETE", at("/worlds/%s", name), nil, "")
	if status >= 400 && status != http.StatusGone {
		c.t.Errorf("%s", text)
	}
}

// ---- state

// About is version, mode, addresses and counts.
func (c *Control) About() (about Words) { c.call("GET", "/", nil, &about); return }

// Reset goes back to how the server, or the world, began.
func (c *Control) Reset() { c.t.Helper(); c.call("POST", "/reset", nil, nil) }

// Arrange adds what a state file says, YAML or JSON.
func (c *Control) Arrange(state string) { c.t.Helper(); c.call("POST", "/state", text(state), nil) }

// Replace replaces the whole state with a state file.
func (c *Control) Replace(state string) { c.t.Helper(); c.call("PUT", "/state", text(state), nil) }

// State is the whole state, as a state file.
func (c *Control) State() (state Words) { c.call("GET", "/state", nil, &state); return }

// Overview is users, sessions and handles as they are now.
func (c *Control) Overview() (found Words) { c.call("GET", "/overview", nil, &found); return }

// Snapshot keeps everything as it is now, under a name.
func (c *Control) Snapshot(name string) {
	c.t.Helper()
	c.call("PUT", at("/snapshots/%s", name), nil, nil)
}

// Restore goes back to what was kept.
func (c *Control) Restore(name string) {
	c.t.Helper()
	c.call("POST", at("/snapshots/%s/restore", name), nil, nil)
}

// Snapshots are the names of what was kept.
func (c *Control) Snapshots() (names []string) { c.call("GET", "/snapshots", nil, &names); return }

// ---- users

// User is the user of a role, made at the first call.
func (c *Control) User(role string) User { c.t.Helper(); return c.UserWith(role, Words{}) }

// UserWith is the same, and what is said of it: Words{"follows": []string{"guest"}}.
func (c *Control) UserWith(role string, words Words) (user User) {
	c.t.Helper()
	c.call("PUT", at("/users/%s", role), words, &user)
	return
}

// AddUser makes a user, who need not have a role: Words{"xuid": "9000000000000042"}.
func (c *Control) AddUser(words Words) (user User) {
	c.t.Helper()
	c.call("POST", "/users", words, &user)
	return
}

// KnownUser is the user of a role, who must be there.
func (c *Control) KnownUser(role string) (user User) {
	c.t.Helper()
	c.call("GET", at("/users/%s", role), nil, &user)
	return
}

// Users are all that have a role.
func (c *Control) Users() (users []User) { c.call("GET", "/users", nil, &users); return }

// Expire has the user's tokens so far answered 401.
func (c *Control) Expire(role string) {
	c.t.Helper()
	c.call("POST", at("/users/%s/expire", role), nil, nil)
}

// Renew is the user with one more token, which is good.
func (c *Control) Renew(role string) (user User) {
	c.t.Helper()
	c.call("POST", at("/users/%s/renew", role), nil, &user)
	return
}

// Service is the title's own service, and its headers for players: Words{"users": []string{"host"}}.
func (c *Control) Service(words Words) (service Service) {
	c.t.Helper()
	c.call("POST", "/service", words, &service)
	return
}

// ExpireService is Expire for the tokens of the title's service.
func (c *Control) ExpireService(words Words) {
	c.t.Helper()
	c.call("POST", "/service/expire", words, nil)
}

// RenewService is Renew for the tokens of the title's service.
func (c *Control) RenewService(words Words) (service Service) {
	c.t.Helper()
	c.call("POST", "/service/renew", words, &service)
	return
}

// ---- claims, and what was sent

// Assert claims what was sent, in Python's words: Assert("invited", Words{"xuids": []string{"guest"}}).
// The test fails with the text of Python's failure.
func (c *Control) Assert(claim string, words Words) {
	c.t.Helper()
	c.call("POST", at("/assert/%s", claim), words, nil)
}

// Settle waits until nothing has come for so long: Words{"seconds": 0.2}.
func (c *Control) Settle(words Words) { c.t.Helper(); c.call("POST", "/settle", words, nil) }

// Sent is what was sent: Sent(Words{"operation": "create_handle", "count": 2, "wait": 1}) waits a second for two.
func (c *Control) Sent(words Words) []Entry { c.t.Helper(); return c.Journal(words).Entries }

// Journal is the same, with what else the journal says.
func (c *Control) Journal(words Words) (journal Journal) {
	c.t.Helper()
	c.call("GET", "/journal"+query(words), nil, &journal)
	return
}

// Timeline is the same for people.
func (c *Control) Timeline(words Words) string {
	c.t.Helper()
	return string(c.done("GET", "/journal"+query(words), nil, "text/plain"))
}

// Forget forgets what was sent; numbers count on.
func (c *Control) Forget() { c.call("DELETE", "/journal", nil, nil) }

// Invites are those that MPSD accepted, in order.
func (c *Control) Invites() (found []Words) { c.call("GET", "/invites", nil, &found); return }

// Activities are those that MPSD accepted, in order.
func (c *Control) Activities() (found []Words) { c.call("GET", "/activities", nil, &found); return }

// Assumptions are what the test left unsaid and the fake took for granted.
func (c *Control) Assumptions() (found []Assumption) {
	c.call("GET", "/assumptions", nil, &found)
	return
}

// Unanswered is what a recording did not hold.
func (c *Control) Unanswered() (found []string) { c.call("GET", "/unanswered", nil, &found); return }

// Wanted says that this was wanted: it fails no claim.
func (c *Control) Wanted() { c.call("DELETE", "/unanswered", nil, nil) }

// ---- bad days

// Rules adds the rules of a rule file, YAML or JSON.
func (c *Control) Rules(rules string) { c.t.Helper(); c.call("POST", "/rules", text(rules), nil) }

// RuleCounts are the rules, and how often each matched and acted; Words{"fired": 0}: those that never acted.
func (c *Control) RuleCounts(words Words) (found []RuleCount) {
	c.t.Helper()
	c.call("GET", "/rules"+query(words), nil, &found)
	return
}

// RemoveRule removes the rule of a name.
func (c *Control) RemoveRule(name string) {
	c.t.Helper()
	c.call("DELETE", at("/rules/%s", name), nil, nil)
}

// RemoveRules removes all of them.
func (c *Control) RemoveRules() { c.call("DELETE", "/rules", nil, nil) }

// Clock moves the service's time: Words{"advance": "2h"}, Words{"freeze": true}.
func (c *Control) Clock(words Words) (now Time) {
	c.t.Helper()
	c.call("POST", "/clock", words, &now)
	return
}

// Now is the server's time, and whether it stands still.
func (c *Control) Now() (now Time) { c.call("GET", "/clock", nil, &now); return }

// Choices answers open questions otherwise, YAML or JSON: Choices(`invite_to_self: 400`), or by the name of a set.
func (c *Control) Choices(said string) { c.t.Helper(); c.call("POST", "/choices", text(said), nil) }

// OnlyChoices is the same, and all others are answered as usual.
func (c *Control) OnlyChoices(said string) { c.t.Helper(); c.call("PUT", "/choices", text(said), nil) }

// Chosen is how each open question is answered now.
func (c *Control) Chosen() (answers Words) { c.call("GET", "/choices", nil, &answers); return }

// ---- requests that wait

// Hold keeps requests waiting: Words{"operation": "create_handle"}; Release lets them go.
func (c *Control) Hold(words Words) { c.t.Helper(); c.call("POST", "/hold", words, nil) }

// Holds are the holds, and who waits there; Words{"count": 2, "wait": 5} waits five seconds for two.
func (c *Control) Holds(words Words) (holds []Hold) {
	c.t.Helper()
	c.call("GET", "/hold"+query(words), nil, &holds)
	return
}

// Held are the requests that wait at the hold, once there are count; the test fails where fewer come in five seconds.
func (c *Control) Held(count int) (waiting []Held) {
	c.t.Helper()
	for _, hold := range c.Holds(Words{"count": count, "wait": 5}) {
		waiting = append(waiting, hold.Waiting...)
	}
	if len(waiting) < count {
		c.t.Fatalf("%d requests wait within 5 seconds, and not %d", len(waiting), count)
	}
	return
}

// Release lets Words{"count": 1} of them go, or all.
func (c *Control) Release(words Words) { c.t.Helper(); c.call("POST", "/release", words, nil) }

// ---- the push channel

// Taps are what was pushed to each user, or would have been: Words{"who": "host", "session": "lobby-1"}.
func (c *Control) Taps(words Words) (taps []Tap) {
	c.t.Helper()
	c.call("GET", "/taps"+query(words), nil, &taps)
	return
}

// Tapped are at least count taps, once they have come; the test fails if fewer come in five seconds.
func (c *Control) Tapped(count int, words Words) []Tap {
	c.t.Helper()
	waiting := Words{"count": count, "wait": 5}
	for word, value := range words {
		waiting[word] = value
	}
	taps := c.Taps(waiting)
	if len(taps) < count {
		c.t.Fatalf("%d taps came within %v seconds, and not %d", len(taps), waiting["wait"], count)
	}
	return taps
}

// Connections are the open push connections, and whose each is.
func (c *Control) Connections() (found []Connection) {
	c.call("GET", "/connections", nil, &found)
	return
}

// Drop breaks the push connection of a role, a xuid or a ConnectionId: Drop("host", Words{"code": 1001}).
func (c *Control) Drop(who string, words Words) {
	c.t.Helper()
	c.call("POST", at("/connections/%s/drop", who), words, nil)
}

// Resync tells a client that it may have missed something.
func (c *Control) Resync(who string) {
	c.t.Helper()
	c.call("POST", at("/connections/%s/resync", who), nil, nil)
}

// Description is all of these calls, as OpenAPI.
func (c *Control) Description() (document Words) {
	c.call("GET", "/openapi.json", nil, &document)
	return
}

// ---- how it is asked

// text is a body that is YAML or JSON already.
type text string

func (c *Control) call(method, path string, body, into any) {
	c.t.Helper()
	found := c.done(method, path, body, "application/json")
	if into == nil {
		return
	}
	if err := json.Unmarshal(found, into); err != nil {
		c.t.Fatalf("%v: %s", err, found)
	}
}

func (c *Control) done(method, path string, body any, accept string) []byte {
	c.t.Helper()
	status, found := c.ask(method, path, body, accept)
	if status >= 400 {
		c.t.Fatalf("%s", strings.TrimRight(string(found), "\n"))
	}
	return found
}

func (c *Control) ask(method, path string, body any, accept string) (int, []byte) {
	c.t.Helper()
	var sent []byte
	switch said := body.(type) {
	case nil:
	case text:
		sent = []byte(said)
	case Words:
		if said != nil {
			sent, _ = json.Marshal(said)
		}
	}
	request, err := http.NewRequest(method, c.url+path, bytes.NewReader(sent))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Accept", accept)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	found, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, found
}

// at is an address: what is put into it may hold anything.
func at(path string, said string) string { return fmt.Sprintf(path, url.PathEscape(said)) }

func query(words Words) string {
	values := url.Values{}
	for word, value := range words {
		values.Set(word, fmt.Sprint(value))
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}
