package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	gomail "github.com/wneessen/go-mail"

	"trueup/fetch/plain"
	"trueup/templates"
)

// maxTemplate bounds a user's template, maxSubject a subject in UTF-16 units.
const (
	maxTemplate = 1 << 20
	maxSubject  = 180
)

// composer turns letters into messages.
type composer struct {
	subject, text *template.Template
	html          *htmltemplate.Template
	from          string
}

var functions = template.FuncMap{
	"number": func(n any) string { return plain.Group(fmt.Sprint(n)) },
	"money":  plain.Group,
	"join":   strings.Join,
	"count":  func(n int, one, many string) string { return plain.Counted(n, one, many) },
}

// newComposer reads the templates: each from the user's folder if it is
// there, else the built-in one.
func newComposer(s Settings) (*composer, error) {
	c := &composer{from: s.From}
	var err error
	if c.subject, err = textTemplate(s.Templates, templates.MailSubject); err != nil {
		return nil, err
	}
	if c.text, err = textTemplate(s.Templates, templates.MailText); err != nil {
		return nil, err
	}
	source, path, err := templateSource(s.Templates, templates.MailHTML)
	if err != nil {
		return nil, err
	}
	c.html, err = htmltemplate.New(path).Funcs(htmltemplate.FuncMap(functions)).Parse(source)
	if err != nil {
		return nil, fmt.Errorf("read mail template: %w", err)
	}
	return c, nil
}

func textTemplate(dir, name string) (*template.Template, error) {
	source, path, err := templateSource(dir, name)
	if err != nil {
		return nil, err
	}
	t, err := template.New(path).Funcs(functions).Parse(source)
	if err != nil {
		return nil, fmt.Errorf("read mail template: %w", err)
	}
	return t, nil
}

// templateSource gives the text and what to call it in errors.
func templateSource(dir, name string) (source, path string, err error) {
	if dir != "" {
		path = filepath.Join(dir, name)
		data, err := plain.ReadFile(path, maxTemplate)
		switch {
		case err == nil:
			return string(data), path, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", "", fmt.Errorf("read mail template: %w", err)
		}
		if _, err := os.Stat(dir); err != nil {
			return "", "", fmt.Errorf("read mail templates: %w", err)
		}
	}
	data, err := fs.ReadFile(templates.Mail(), name)
	return string(data), name, err
}

// texts are a letter's written parts.
type texts struct{ subject, text, html string }

func (c *composer) write(l *Letter) (t texts, err error) {
	var b strings.Builder
	for _, part := range []struct {
		into    *string
		execute func(io.Writer, any) error
	}{{&t.subject, c.subject.Execute}, {&t.text, c.text.Execute}, {&t.html, c.html.Execute}} {
		b.Reset()
		if err := part.execute(&b, l); err != nil {
			return t, fmt.Errorf("write mail: %w", err)
		}
		*part.into = b.String()
	}
	// One line, whatever a template or a name has in it: no header can follow.
	t.subject = strings.TrimSpace(t.subject)
	if l.Corrects != "" {
		t.subject = "Corrected: " + t.subject
	}
	t.subject = plain.TextMax(t.subject, maxSubject)
	return t, nil
}

// message is the whole mail as it goes over the wire. The same letter gives
// the same bytes.
func (c *composer) message(l *Letter, root *os.Root) ([]byte, error) {
	t, err := c.write(l)
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(c.from); err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	if len(l.to) > 0 {
		m.ToMailAddress(l.to...)
	}
	if len(l.cc) > 0 {
		m.CcMailAddress(l.cc...)
	}
	m.Subject(t.subject)
	m.SetMessageIDWithValue(l.id)
	m.SetDateWithValue(l.date)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader(gomail.HeaderXMailer, "trueup "+l.Version)
	m.SetBodyString(gomail.TypeTextPlain, t.text)
	m.AddAlternativeString(gomail.TypeTextHTML, t.html)
	for _, e := range l.attach {
		data, err := e.Read(root)
		if err != nil {
			return nil, fmt.Errorf("attach: %w", err)
		}
		m.AttachReadSeeker(baseName(e.Name), bytes.NewReader(data))
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	return settleBoundaries(b.Bytes(), l.id), nil
}

var boundary = regexp.MustCompile(`(?m)^ boundary="?([0-9a-f]{60})"?\r?$`)

// settleBoundaries replaces the random separators of the parts by ones that
// derive from the Message-ID.
func settleBoundaries(message []byte, id string) []byte {
	for i, match := range boundary.FindAllSubmatch(message, -1) {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", id, i))
		message = bytes.ReplaceAll(message, match[1], []byte(hex.EncodeToString(sum[:30])))
	}
	return message
}
