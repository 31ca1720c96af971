package handlesfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
)

// What the helper can, tried against a server on a real port. It reads as examples, too.

var ref = SessionRef{"7e570100-1111-4222-8333-444455556666", "FakeLobby", "lobby-1"}

const session = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1"

func send(t *testing.T, headers map[string]string, method, path string, body any) int {
	t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequest(method, os.Getenv("MPSD_URL")+path, bytes.NewReader(sent))
	request.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func show(t *testing.T, user User) int {
	return send(t, user.Headers, "POST", "/handles", Words{"type": "activity", "version": 1, "sessionRef": ref})
}

func inLobby(t *testing.T) *Control {
	t.Parallel()
	fake := New(t)
	fake.Arrange(party)
	return fake
}

func equal(t *testing.T, wanted, found any) {
	t.Helper()
	if wanted != found {
		t.Fatalf("wanted %v, got %v", wanted, found)
	}
}

func TestAWorldHasTheTestsNameItsUsersAndATimeToLive(t *testing.T) {
	t.Parallel()
	fake := New(t, "host")
	server := Server(t)

	about := server.AboutWorld(t.Name())["world"].(map[string]any)
	equal(t, fake.Record.ID, about["id"])
	equal(t, 3600.0, fake.Record.ExpiresAfter)
	equal(t, 120.0, server.RenewWorld(t.Name(), Words{"expires_after": 120}).ExpiresAfter)
	equal(t, "host", fake.Record.Users["host"].Role)
	found := 0
	for _, world := range server.Worlds() {
		if world.ID == fake.Record.ID {
			found++
		}
	}
	equal(t, 1, found)
}

func TestANameThatIsTakenIsNoTroubleForTheNextRun(t *testing.T) {
	t.Parallel()
	one, other := New(t), New(t)
	equal(t, t.Name(), one.Record.Name)
	equal(t, true, strings.HasPrefix(other.Record.Name, t.Name()+" "))
}

func TestAWorldEndsByItselfAndWithItsTest(t *testing.T) {
	t.Parallel()
	var ended, expired *Control
	t.Run("inner", func(t *testing.T) {
		ended, expired = New(t, "host"), Server(t).World(Words{"users": []string{"host"}})
		Server(t).ExpireWorld(expired.Record.ID)
		equal(t, 401, show(t, expired.Record.Users["host"]))
	})
	for _, world := range []*Control{ended, expired} {
		status, _ := world.ask("GET", "/", nil, "")
		equal(t, http.StatusGone, status)
		Server(t).EndWorld(world.Record.ID)
	}
}

func TestASnapshotIsGoneBackTo(t *testing.T) {
	fake := inLobby(t)
	fake.Snapshot("before")
	equal(t, 201, show(t, fake.User("host")))
	fake.Restore("before")
	equal(t, "before", strings.Join(fake.Snapshots(), ","))
	equal(t, 0, len(fake.Sent(nil)))
	fake.Assert("no_activity", Words{"user": "host"})
}

func TestTokensExpireAndAreRenewed(t *testing.T) {
	fake := inLobby(t)
	host := fake.User("host")
	fake.Expire("host")
	equal(t, 401, show(t, host))
	equal(t, 201, show(t, fake.Renew("host")))
}

func TestTheTitlesOwnServiceHasTokensToo(t *testing.T) {
	fake := inLobby(t)
	service := fake.Service(Words{"users": []string{"host"}})
	equal(t, 200, send(t, service.Headers, "GET", session, nil))
	fake.ExpireService(nil)
	equal(t, 401, send(t, service.Headers, "GET", session, nil))
	equal(t, false, fake.RenewService(nil).Authorization == service.Authorization)
}

func TestUsersAreMadeFoundAndNamed(t *testing.T) {
	fake := inLobby(t)
	equal(t, "Far", fake.AddUser(Words{"xuid": "9000000000000042", "gamertag": "Far"}).Gamertag)
	equal(t, "a/b c", fake.UserWith("a/b c", Words{"follows": []string{"host"}}).Role)
	equal(t, "a/b c", fake.KnownUser("a/b c").Role)
	equal(t, 3, len(fake.Users()))
}

func TestRequestsWaitOneGoesOnThenTheOthers(t *testing.T) {
	fake := inLobby(t)
	fake.Hold(Words{"operation": "create_handle"})
	host, sent := fake.User("host"), make(chan int)
	for range [2]int{} {
		go func() { sent <- show(t, host) }()
	}
	equal(t, Held{"POST", "/handles"}, fake.Held(2)[1])
	fake.Release(Words{"count": 1})
	equal(t, 201, <-sent)
	equal(t, 1, len(fake.Held(1)))
	equal(t, "create_handle", fake.Holds(nil)[0].Name)
	fake.Release(nil)
	equal(t, 201, <-sent)
}

func TestATapIsWaitedFor(t *testing.T) {
	fake := inLobby(t)
	host := fake.User("host")
	system := Words{"active": true, "connection": "11111111-1111-4111-8111-111111111111",
		"subscription": Words{"id": "22222222-2222-4222-8222-222222222222", "changeTypes": []string{"everything"}}}
	done := make(chan bool)
	go func() {
		defer close(done)
		send(t, host.Headers, "PUT", session, Words{"members": Words{"me": Words{"properties": Words{"system": system}}}})
		send(t, host.Headers, "PUT", session, Words{"properties": Words{"custom": Words{"map": "dust"}}})
	}()
	tap := fake.Tapped(1, Words{"who": "host", "session": "lobby-1", "wait": 30})[0]
	<-done
	equal(t, host.Xuid, tap.Xuid)
	equal(t, ref, tap.SessionRef)
	equal(t, 0, len(fake.Taps(Words{"who": "guest"})))
}

func TestWhoHasNoConnectionIsNamed(t *testing.T) {
	fake := inLobby(t)
	equal(t, 0, len(fake.Connections()))
	for _, call := range []func(*Control){
		func(fake *Control) { fake.Drop("host", Words{"mute": true}) },
		func(fake *Control) { fake.Resync("host") },
	} {
		equal(t, true, strings.Contains(failure(fake, call), "there is no connection"))
	}
}

func TestAFailureSaysWhatWasSentInstead(t *testing.T) {
	fake := inLobby(t)
	said := failure(fake, func(fake *Control) { fake.Assert("invited", Words{"xuids": []string{"guest"}}) })
	equal(t, true, strings.Contains(said, "was not invited"))
}

// failure is the text with which a call would fail the test.
func failure(fake *Control, call func(*Control)) string {
	heard, done := &listening{TB: fake.t}, make(chan bool)
	go func() { defer close(done); call(&Control{fake.Record, heard, fake.url}) }()
	<-done
	return heard.text
}

type listening struct {
	testing.TB
	text string
}

func (heard *listening) Fatalf(format string, said ...any) {
	heard.text = fmt.Sprintf(format, said...)
	runtime.Goexit()
}

func TestTimeStandsAndMovesAsTheTestSays(t *testing.T) {
	fake := inLobby(t)
	fake.Clock(Words{"freeze": true, "set": "2026-01-06T10:00:00Z"})
	equal(t, Time{"2026-01-06T12:00:00+00:00", true}, fake.Clock(Words{"advance": "2h"}))
	equal(t, Time{"2026-01-06T12:00:00+00:00", true}, fake.Now())
}

func TestARuleActsIsCountedAndGoes(t *testing.T) {
	fake := inLobby(t)
	fake.Rules(`
rules:
- {name: busy, when: {type: activity}, then: {refuse: throttled}}
- {name: idle, when: {type: invite}, then: {refuse: throttled}}`)
	host := fake.User("host")
	equal(t, 429, show(t, host))
	equal(t, "idle", fake.RuleCounts(Words{"fired": 0})[0].Name)
	fake.RemoveRule("busy")
	equal(t, 201, show(t, host))
	fake.RemoveRules()
	equal(t, 0, len(fake.RuleCounts(nil)))
}

func TestOpenQuestionsAreAnsweredAsTheTestSays(t *testing.T) {
	fake := inLobby(t)
	fake.Choices("invite_to_self: 400")
	equal(t, 400.0, fake.Chosen()["invite_to_self"])
	fake.OnlyChoices("realistic")
	equal(t, 201.0, fake.Chosen()["invite_to_self"])
}

func TestWhatWasSentIsWaitedForToldAndForgotten(t *testing.T) {
	fake := inLobby(t)
	host, guest := fake.User("host"), fake.User("guest")
	equal(t, 201, show(t, host))
	status, err := invite(host, guest.Xuid)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, 201, status)
	journal := fake.Journal(Words{"operation": "create_handle", "count": 2, "wait": 5})
	equal(t, "activity", journal.Entries[0].Type)
	equal(t, 2, journal.Next)
	equal(t, true, strings.Contains(fake.Timeline(Words{"newest": 1}), "create_handle invite"))
	equal(t, guest.Xuid, fake.Invites()[0]["invitedXuid"])
	equal(t, 1, len(fake.Activities()))
	fake.Settle(Words{"seconds": 0.01})
	fake.Assert("in_order", Words{"steps": []any{
		[]any{"create_handle", Words{"type": "activity"}}, []any{"create_handle", Words{"type": "invite"}}}})
	fake.Forget()
	equal(t, 0, len(fake.Sent(nil)))
}

func TestWhatWasLeftUnsaidIsTold(t *testing.T) {
	t.Parallel()
	fake := New(t)
	equal(t, 201, show(t, fake.User("host")))
	questions := []string{}
	for _, one := range fake.Assumptions() {
		questions = append(questions, one.Question)
	}
	equal(t, true, strings.Contains(strings.Join(questions, " "), "session"))
	equal(t, 0, len(fake.Unanswered()))
	fake.Wanted()
}

func TestTheStateIsReadReplacedAndReset(t *testing.T) {
	fake := inLobby(t)
	state, _ := json.Marshal(fake.State())
	fake.Replace("users: [far]")
	equal(t, 1, len(fake.Overview()["users"].([]any)))
	fake.Replace(string(state))
	equal(t, 1.0, fake.About()["sessions"])
	fake.Reset()
	equal(t, 0.0, fake.About()["sessions"])
	equal(t, "3.1.0", fake.Description()["openapi"])
}
