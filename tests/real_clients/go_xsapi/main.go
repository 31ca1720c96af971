// A party by go-xsapi, from the sign-in of two players through SISU until both have left. It knows only the names of
// the services and the authority to trust. Says what was seen as one JSON, in the words of clients.yaml.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/df-mc/go-xsapi/v2"
	"github.com/df-mc/go-xsapi/v2/mpsd"
	"github.com/df-mc/go-xsapi/v2/social"
	"github.com/df-mc/go-xsapi/v2/xal"
	"github.com/df-mc/go-xsapi/v2/xal/sisu"
	"github.com/google/uuid"
)

const patience = 50 * time.Second

var scid = uuid.MustParse("4fc10100-5f7a-4470-899b-280835760c07")

// title is made up: which title a client id stands for, Microsoft keeps in a table.
var title = sisu.Config{
	Config: xal.Config{
		Device:    xal.Device{Type: xal.DeviceTypeAndroid, Version: "13"},
		UserAgent: "XAL Android 2025.04.20250326.000",
		TitleID:   896928775,
		Sandbox:   "RETAIL",
	},
	ClientID: "0000000000000001",
}

// said is what a test reads.
type said struct {
	Players []player `json:"players"`
	Sees    []string `json:"sees"`
}

type player struct {
	XUID     string   `json:"xuid"`
	Gamertag string   `json:"gamertag"`
	Parties  []string `json:"parties"` // that it holds a token for
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	result, err := party(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		panic(err)
	}
}

// party plays all of it; what a step does not come to ends it.
func party(ctx context.Context) (*said, error) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	host, hostSession, err := signIn(ctx, "host")
	if err != nil {
		return nil, fmt.Errorf("the host signs in: %w", err)
	}
	guest, guestSession, err := signIn(ctx, "guest")
	if err != nil {
		return nil, fmt.Errorf("the guest signs in: %w", err)
	}
	result := &said{Players: []player{of(host, hostSession), of(guest, guestSession)}}
	sees := func(word string, seen bool) {
		if seen {
			result.Sees = append(result.Sees, word)
		}
	}
	sees("subscribed to another service", host.Social().Subscribe(ctx, social.NopSubscriptionHandler{}) == nil)

	lobby, err := host.MPSD().Publish(ctx, mpsd.SessionReference{
		ServiceConfigID: scid, TemplateName: "MinecraftLobby",
	}, mpsd.PublishConfig{})
	if err != nil {
		return nil, fmt.Errorf("the host publishes: %w", err)
	}
	changes := make(taps, 100)
	lobby.Handle(changes)
	sees("published", true)

	everyone, err := guest.MPSD().Activities(ctx, scid)
	if err != nil {
		return nil, fmt.Errorf("the activities of people: %w", err)
	}
	sees("activities of people", len(everyone) == 1 && everyone[0].OwnerXUID == host.UserInfo().XUID)
	named, err := guest.MPSD().ActivitiesForUsers(ctx, scid, []string{host.UserInfo().XUID})
	if err != nil {
		return nil, fmt.Errorf("the activities of xuids: %w", err)
	}
	sees("activities of xuids", len(named) == 1 && named[0].OwnerXUID == host.UserInfo().XUID)

	invite, err := lobby.Invite(ctx, guest.UserInfo().XUID, "896928775")
	if err != nil {
		return nil, fmt.Errorf("the host invites: %w", err)
	}
	sees("invited", invite.InvitedXUID == guest.UserInfo().XUID && invite.SenderXUID == host.UserInfo().XUID)

	both := []string{host.UserInfo().XUID, guest.UserInfo().XUID}
	counted := true
	for word, handle := range map[string]uuid.UUID{"joined by invite": invite.ID, "joined by handle": named[0].ID} {
		joined, err := guest.MPSD().Join(ctx, handle, mpsd.JoinConfig{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", word, err)
		}
		sees(word, joined.Reference().Equal(lobby.Reference()) && slices.Equal(members(joined), both))
		counted = counted && until(ctx, func() bool { return slices.Equal(members(lobby), both) })
		if err := joined.CloseContext(ctx); err != nil {
			return nil, fmt.Errorf("the guest leaves: %w", err)
		}
		counted = counted && until(ctx, func() bool { return slices.Equal(members(lobby), both[:1]) })
	}
	sees("members counted", counted)
	// two came and left again: four changes, each told
	sees("taps counted", until(ctx, func() bool { return len(changes) >= 4 }))

	before := connection(lobby)
	if err := control(ctx, http.MethodPost, "/connections/"+host.UserInfo().XUID+"/drop", `{"noticed": false}`); err != nil {
		return nil, err
	}
	back := until(ctx, func() bool { return lobby.Sync(ctx) == nil && connection(lobby) != before })
	again, err := guest.MPSD().ActivitiesForUsers(ctx, scid, both[:1])
	if err != nil {
		return nil, fmt.Errorf("the activity of one who is back: %w", err)
	}
	sees("back with its activity", back && len(again) == 1 && again[0].SessionReference.Equal(lobby.Reference()))

	if err := lobby.CloseContext(ctx); err != nil {
		return nil, fmt.Errorf("the host leaves: %w", err)
	}
	_, err = host.MPSD().SessionByReference(ctx, lobby.Reference())
	sees("left", err != nil)
	return result, closed(ctx, host, guest)
}

// signIn signs in the user of this role: the server takes each sign-in from now on for theirs.
func signIn(ctx context.Context, role string) (*xsapi.Client, *sisu.Session, error) {
	if err := control(ctx, http.MethodPut, "/users/"+role, `{"signs_in": true}`); err != nil {
		return nil, nil, err
	}
	code, err := title.DeviceAuth(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("request a device code: %w", err)
	}
	token, err := title.DeviceAccessToken(ctx, code)
	if err != nil {
		return nil, nil, fmt.Errorf("wait for an access token: %w", err)
	}
	// one that has ended, so that the refresh token is used, too
	token.Expiry = time.Now().Add(-time.Hour)
	session := title.New(title.TokenSource(ctx, token), nil)
	client, err := xsapi.ClientConfig{}.New(ctx, session)
	if err != nil {
		return nil, nil, err
	}
	// a service beside Xbox Live, which is no longer in the answer of SISU
	_, err = session.XSTSToken(ctx, "https://multiplayer.minecraft.net/")
	return client, session, err
}

func of(client *xsapi.Client, session *sisu.Session) player {
	held := []string{}
	for party := range session.Snapshot().XSTSTokens {
		held = append(held, party)
	}
	slices.Sort(held)
	return player{client.UserInfo().XUID, client.UserInfo().GamerTag, held}
}

// taps counts what is pushed about a session.
type taps chan struct{}

func (t taps) HandleSessionChange(*mpsd.Session) { t <- struct{}{} }

func members(session *mpsd.Session) []string {
	var xuids []string
	for _, member := range session.Members() {
		xuids = append(xuids, member.Constants.System.XUID)
	}
	slices.Sort(xuids)
	return xuids
}

func connection(session *mpsd.Session) uuid.UUID {
	for _, member := range session.Members() {
		return member.Properties.System.Connection
	}
	return uuid.Nil
}

func until(ctx context.Context, test func() bool) bool {
	for !test() {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
	return true
}

func closed(ctx context.Context, clients ...*xsapi.Client) error {
	for _, client := range clients {
		if err := client.CloseContext(ctx); err != nil {
			return fmt.Errorf("close: %w", err)
		}
	}
	return nil
}

// control asks the control interface of the server, as a test does.
func control(ctx context.Context, method, path, body string) error {
	request, err := http.NewRequestWithContext(ctx, method, os.Getenv("MPSD_CONTROL")+path, bytes.NewBufferString(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		text, _ := io.ReadAll(answer.Body)
		return fmt.Errorf("control %s %s: %s %s", method, path, answer.Status, text)
	}
	return nil
}
