package mail

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"trueup/fetch/plain"
)

// login authenticates by the first of its ways that the server offers. The
// connection is encrypted or local, so PLAIN is as good as any.
type login struct {
	user, password string
	scrub          *plain.Scrubber // learns what is answered: a server may give it back
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
			name, answer, err := l.Auth.Start(server)
			l.hide(answer)
			return name, answer, err
		}
	}
	if len(server.Auth) == 0 {
		return "", nil, fatal{errors.New("the server offers no authentication and the settings name a user")}
	}
	return "", nil, fatal{fmt.Errorf("the server offers %s, of which none is supported", strings.Join(server.Auth, ", "))}
}

// Next answers the server.
func (l *login) Next(question []byte, more bool) ([]byte, error) {
	answer, err := l.Auth.Next(question, more)
	l.hide(answer)
	return answer, err
}

// hide takes an answer for a secret, but for the user's name: that is in many
// an address.
func (l *login) hide(answer []byte) {
	if string(answer) != l.user {
		l.scrub.Add(string(answer))
	}
}
