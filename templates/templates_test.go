package templates

import (
	"io/fs"
	"strings"
	"testing"
)

// Mail clients load nothing from elsewhere, and so must the mail need nothing.
func TestMailLoadsNothing(t *testing.T) {
	html, err := fs.ReadFile(Mail(), MailHTML)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"http:", "https:", "src=", "url(", "<style", "<link", "<script", "@import"} {
		if strings.Contains(string(html), bad) {
			t.Errorf("%s has %s", MailHTML, bad)
		}
	}
}
