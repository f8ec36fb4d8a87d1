package mail

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trueup/report/deliver/mail/fakesmtp"
)

// A server that gives the credentials back gives them away nowhere, neither
// when it takes the mail nor when it refuses who sends it.
func TestEchoedCredentials(t *testing.T) {
	const user, password = "reports", "pa55 wörd/+="
	std, plain := base64.StdEncoding, "\x00"+user+"\x00"+password
	for name, echo := range map[string]string{
		"as it is":       password,
		"cut off":        password[:8],
		"PLAIN":          std.EncodeToString([]byte(plain)),
		"LOGIN":          std.EncodeToString([]byte(password)),
		"base64 of more": std.EncodeToString([]byte("AUTH for you: " + password + ", is it?")),
		"for URLs":       base64.RawURLEncoding.EncodeToString([]byte(plain)),
		"percent":        url.QueryEscape(password),
		"hexadecimal":    hex.EncodeToString([]byte(plain)),
		"quoted":         "pa55=20w=C3=B6rd/+=3D",
	} {
		for _, right := range []string{password, "another"} {
			_, job, _ := setup(t, fakesmtp.Script{User: user, Password: right, Echo: "you said " + echo})
			job.Settings.Username, job.Settings.Password = user, password
			var said strings.Builder
			job.Log = func(text string) { said.WriteString(text + "\n") }
			r := send(t, job)
			if r.Count(Sent) > 0 != (right == password) {
				t.Errorf("%s: %s", name, statuses(r))
			}
			ledger, err := os.ReadFile(filepath.Join(job.Dir, LedgerName))
			if err != nil {
				t.Fatal(err)
			}
			r.Print(&said)
			if err := r.Err(); err != nil {
				said.WriteString(err.Error())
			}
			if all := said.String() + string(ledger); !strings.Contains(all, "[secret]") || strings.Contains(all, echo) || strings.Contains(all, "pa55") {
				t.Errorf("%s: %s", name, all)
			}
		}
	}
}
