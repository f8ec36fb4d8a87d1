package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"trueup/fetch/plain"
	"trueup/report/tables"
)

// Failure is a run that failed, for those who are to hear of it.
type Failure struct {
	Title   string // of the report that there is not
	Meaning string // in a line, what failed
	Text    string // all that was said of it
	Where   string // lines that say what ran, and where
	Secrets []string
}

// failureTries is how often a failure is told: the run is late already.
const failureTries = 2

// Tell sends a short mail about a run that failed to those of
// Settings.OnFailure. No ledger hears of it.
func (j Job) Tell(ctx context.Context, f Failure) error {
	j.Settings = j.Settings.withDefaults()
	j.Settings.Attempts = min(j.Settings.Attempts, failureTries)
	r := newRun(j)
	for _, secret := range f.Secrets {
		r.scrub.Add(secret)
	}
	l := newPending(&Letter{to: addresses("", j.Settings.OnFailure)})
	message, err := r.failureMessage(f, l.Letter)
	if err != nil {
		return err
	}
	l.left = l.recipients()
	l.message = func() ([]byte, error) { return message, nil }
	return errors.Join(r.run(ctx, []*pending{l}), r.result().Err())
}

func (r *run) failureMessage(f Failure, l *Letter) ([]byte, error) {
	now := r.Now().UTC()
	text := fmt.Sprintf("The run of %s failed: %s.\n\n%s\n%s", tables.Moment(now), f.Meaning, f.Text, f.Where)
	text = lines(r.scrub.Scrub(text))
	l.id = digest(text) + "@" + domainOf(r.Settings.From)
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(r.Settings.From); err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	m.ToMailAddress(l.to...)
	m.Subject(plain.TextMax("FAILED: "+f.Title+" "+tables.Day(now)+": "+f.Meaning, maxSubject))
	m.SetMessageIDWithValue(l.id)
	m.SetDateWithValue(now)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, text)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	return b.Bytes(), nil
}

// lines makes text from outside fit for a mail, line by line.
func lines(text string) string {
	const most, width = 100, 1000
	list := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if more := len(list) - most; more > 0 {
		list = append(list[:most], fmt.Sprintf("… and %s more", plain.Counted(more, "line")))
	}
	for i, line := range list {
		list[i] = plain.TextMax(line, width)
	}
	return strings.Join(list, "\n") + "\n"
}
