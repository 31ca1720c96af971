package handlesfake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"testing"
)

// invite is the client under test; MPSD_URL stands in its settings.
func invite(host User, xuid string) (int, error) {
	body, _ := json.Marshal(map[string]any{
		"type": "invite", "version": 1, "invitedXuid": xuid,
		"inviteAttributes": map[string]any{"titleId": "1234567890"},
		"sessionRef": map[string]any{
			"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"},
	})
	request, _ := http.NewRequest("POST", os.Getenv("MPSD_URL")+"/handles", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	for name, value := range host.Headers {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

const party = `
users: [{role: host}, {role: guest}]
sessions: [{name: lobby-1, members: [host]}]`

func TestTheGuestIsInvited(t *testing.T) {
	t.Parallel()
	fake := New(t)
	fake.Arrange(party)

	if status, err := invite(fake.User("host"), fake.User("guest").Xuid); status != 201 {
		t.Fatal(status, err)
	}

	fake.Assert("invited", map[string]any{"xuids": []string{"guest"}, "by": "host", "times": 1})
}

func TestABusyServiceIsMet(t *testing.T) {
	t.Parallel()
	fake := New(t)
	fake.Arrange(party)
	fake.Rules(`rules: [{name: busy, when: {type: invite}, then: {refuse: throttled}}]`)

	if status, err := invite(fake.User("host"), fake.User("guest").Xuid); status != 429 {
		t.Fatal(status, err)
	}

	fake.Assert("sent", map[string]any{"operation": "create_handle", "accepted": false, "times": 1})
}
