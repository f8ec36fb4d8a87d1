package plain

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"testing"
)

// Each way to write a secret, with something before and after it.
func TestScrub(t *testing.T) {
	for _, secret := range []string{"pa55w", "hunter2!", "sécret ½+/=%", "longer than one line of quoted-printable text is, with = and + and / and more of it", "ey.with.dots"} {
		var c Scrubber
		c.Add(secret)
		for name, written := range map[string]string{
			"as it is":                     secret,
			"percent":                      url.QueryEscape(secret),
			"percent, path":                url.PathEscape(secret),
			"percent, every byte":          each(secret, "%%%02x"),
			"quoted-printable":             quoted(secret),
			"quoted-printable, every byte": each(secret, "=%02X"),
			"xtext, every byte":            each(secret, "+%02X"),
			"hexadecimal":                  hex.EncodeToString([]byte(secret)),
			"hexadecimal, capital":         strings.ToUpper(hex.EncodeToString([]byte(secret))),
			"hexadecimal with colons":      strings.TrimSuffix(each(secret, "%02x:"), ":"),
			"base64":                       base64.StdEncoding.EncodeToString([]byte(secret)),
			"base64 for URLs":              base64.RawURLEncoding.EncodeToString([]byte(secret)),
			"base64, escaped":              url.QueryEscape(base64.RawStdEncoding.EncodeToString([]byte(secret))),
			"over two lines":               secret[:3] + "\r\n" + secret[3:],
		} {
			if got := c.Scrub("before " + written + " after"); got != "before "+Hidden+" after" {
				t.Errorf("%s %q: %q", name, written, got)
			}
		}
		for before := range 4 { // in base64 of more than it
			whole := strings.Repeat("x", before) + secret + "y"
			got := c.Scrub(base64.StdEncoding.EncodeToString([]byte(whole)))
			if !strings.Contains(got, Hidden) || len(got) > len(Hidden)+before*4/3+4 {
				t.Errorf("%d bytes before %q: %q", before, secret, got)
			}
		}
		if got := c.Scrub("nothing to hide: 250 2.0.0 OK, queued as pa55"); got != "nothing to hide: 250 2.0.0 OK, queued as pa55" {
			t.Errorf("%q", got)
		}
	}
}

func each(s, format string) (out string) {
	for i := range len(s) {
		out += fmt.Sprintf(format, s[i])
	}
	return out
}

func quoted(s string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

// What is cut off at the end of a text is hidden too, if it is long enough.
func TestScrubCutOff(t *testing.T) {
	var c Scrubber
	c.Add("correct horse battery")
	for text, want := range map[string]string{
		"said correct hor":              "said " + Hidden,
		"said corr":                     "said corr",
		"said correct hor and more":     "said correct hor and more",
		"said %63%6f%72%72%65%63%74%20": "said " + Hidden,
		"":                              "",
	} {
		if got := c.Scrub(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestScrubKnowsNone(t *testing.T) {
	var c Scrubber
	c.Add("")
	if got := c.Clean("some\ntext", 100); got != "some text" {
		t.Errorf("%q", got)
	}
}

func TestClean(t *testing.T) {
	var c Scrubber
	c.Add("hunter2hunter2")
	for text, want := range map[string]string{
		"535 hunter2hunter2 is wrong":      "535 [secret] is wrong",
		"535 hunter2\x00hunter2 is wrong":  "535 [secret] is wrong",
		"535 hunter2\r\nhunter2 is\nwrong": "535 [secret] is wrong",
		"wrong password hunter2hunter2":    "wrong password [secr…",
	} {
		if got := c.Clean(text, 21); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
