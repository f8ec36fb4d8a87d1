package mail

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// login authenticates by the first of its ways that the server offers. The
// connection is encrypted or local, so PLAIN is as good as any.
type login struct {
	user, password string
	smtp.Auth
}

// Start chooses the way.
func (l *login) Start(server *smtp.ServerInfo) (string, []byte, error) {
	for _, way := range []struct {
		name string
		auth func() smtp.Auth
	}{
		{"PLAIN", func() smtp.Auth { return smtp.PlainAuth("", l.user, l.password, server.Name, true) }},
		{"LOGIN", func() smtp.Auth { return smtp.LoginAuth(l.user, l.password, server.Name, true) }},
		{"SCRAM-SHA-256", func() smtp.Auth { return smtp.ScramSHA256Auth(l.user, l.password) }},
		{"CRAM-MD5", func() smtp.Auth { return smtp.CRAMMD5Auth(l.user, l.password) }},
	} {
		if slices.ContainsFunc(server.Auth, func(offered string) bool { return strings.EqualFold(offered, way.name) }) {
			l.Auth = way.auth()
			return l.Auth.Start(server)
		}
	}
	if len(server.Auth) == 0 {
		return "", nil, fatal{errors.New("the server offers no authentication and the settings name a user")}
	}
	return "", nil, fatal{fmt.Errorf("the server offers %s, of which none is supported", strings.Join(server.Auth, ", "))}
}
