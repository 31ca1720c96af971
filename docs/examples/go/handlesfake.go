// Package handlesfake is a test's end of a server that `handlesfake serve` has started; copy it, it needs nothing.
package handlesfake

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"testing"
)

// Control is one world of a server: tests that run at the same time do not meet.
type Control struct {
	t   testing.TB
	url string
}

// User is a user of the test, with a token that is good here and nowhere else.
type User struct {
	Xuid          string            `json:"xuid"`
	Authorization string            `json:"authorization"`
	Headers       map[string]string `json:"headers"`
}

// New gives the test a world of its own, which ends with it. MPSD_CONTROL is what the ready line calls "control".
func New(t testing.TB) *Control {
	var world struct{ Name, Control string }
	server := &Control{t, os.Getenv("MPSD_CONTROL")}
	server.call("POST", "/worlds", nil, &world)
	t.Cleanup(func() { server.call("DELETE", "/worlds/"+world.Name, nil, nil) })
	return &Control{t, world.Control}
}

// Arrange adds what a state file says, YAML or JSON.
func (c *Control) Arrange(state string) { c.call("POST", "/state", []byte(state), nil) }

// Rules adds the rules of a rule file, YAML or JSON.
func (c *Control) Rules(rules string) { c.call("POST", "/rules", []byte(rules), nil) }

// User is the user of a role, made at the first call.
func (c *Control) User(role string) (user User) {
	c.call("PUT", "/users/"+url.PathEscape(role), nil, &user)
	return user
}

// Assert claims what was sent, in Python's words: Assert("invited", map[string]any{"xuids": []string{"guest"}}).
// The test fails with the text of Python's failure.
func (c *Control) Assert(claim string, words map[string]any) {
	c.t.Helper()
	body, _ := json.Marshal(words)
	c.call("POST", "/assert/"+claim, body, nil)
}

// Choices answers open questions otherwise, YAML or JSON: Choices(`invite_to_self: 400`), or by the name of a set.
func (c *Control) Choices(said string) { c.call("POST", "/choices", []byte(said), nil) }

// Drop breaks the push connection of a role, a xuid or a ConnectionId: Drop("host", map[string]any{"code": 1001}).
func (c *Control) Drop(who string, words map[string]any) {
	c.t.Helper()
	body, _ := json.Marshal(words)
	c.call("POST", "/connections/"+url.PathEscape(who)+"/drop", body, nil)
}

func (c *Control) call(method, path string, body []byte, into any) {
	c.t.Helper()
	request, _ := http.NewRequest(method, c.url+path, bytes.NewReader(body))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode >= 400 {
		c.t.Fatalf("%s", text)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			c.t.Fatalf("%v: %s", err, text)
		}
	}
}
