module handlesfake/real_clients/go_xsapi

go 1.25.0

require (
	github.com/df-mc/go-xsapi/v2 v2.0.4-0.20260816134524-1378609b3724
	github.com/google/uuid v1.6.0
)

require (
	github.com/coder/websocket v1.8.14 // indirect
	github.com/go-jose/go-jose/v4 v4.1.4 // indirect
	golang.org/x/oauth2 v0.36.0 // indirect
	golang.org/x/text v0.34.0 // indirect
)
