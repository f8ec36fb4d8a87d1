// Package templates embeds the texts that users may replace or start from:
// the mails, and the starter set that `trueup init` writes.
package templates

import (
	"embed"
	"io/fs"
)

//go:embed mail
var mailFiles embed.FS

// The templates of a mail. A file of the same name in the user's own folder
// takes the place of one.
const (
	MailSubject = "subject.txt"
	MailText    = "body.txt"
	MailHTML    = "body.html"
)

// Mail holds the mail templates: MailSubject and MailText are text/template,
// MailHTML is html/template.
func Mail() fs.FS { return sub(mailFiles, "mail") }

// sub panics on a folder that is not embedded: its name is a constant.
func sub(files embed.FS, folder string) fs.FS {
	s, err := fs.Sub(files, folder)
	if err != nil {
		panic(err)
	}
	return s
}
