package mail

import (
	"fmt"
	"io"
	"strings"
)

// Result is what came of a sending, recipient by recipient.
type Result struct {
	Deliveries []Delivery
	NoAddress  []string // managers with customers and without an address
}

// Delivery is one mail to one recipient.
type Delivery struct {
	Record
	Manager string // "" for the whole book
	File    string // of a dry run: the .eml file
}

// Count is how many deliveries have a status.
func (r Result) Count(s Status) (n int) {
	for _, d := range r.Deliveries {
		if d.Status == s {
			n++
		}
	}
	return n
}

// Err is nil if everybody got their mail, else an *IncompleteError.
func (r Result) Err() error {
	if r.Count(Failed) == 0 {
		return nil
	}
	return &IncompleteError{r}
}

// Print says who got it and who did not, one line each, failures last. Who
// was to get the same and was held back shares a line.
func (r Result) Print(w io.Writer) error {
	var b strings.Builder
	for _, failed := range []bool{false, true} {
		for _, d := range r.Deliveries {
			if (d.Status == Failed) == failed && d.Status != Held {
				d.print(&b)
			}
		}
	}
	var reasons []string
	held := map[string][]string{}
	for _, d := range r.Deliveries {
		if d.Status != Held {
			continue
		}
		if held[d.Answer] == nil {
			reasons = append(reasons, d.Answer)
		}
		held[d.Answer] = append(held[d.Answer], d.Recipient)
	}
	for _, reason := range reasons {
		fmt.Fprintf(&b, "%s: %s (%s)\n", Held, reason, strings.Join(held[reason], ", "))
	}
	for _, name := range r.NoAddress {
		fmt.Fprintf(&b, "%-12s  %s: the contacts have no address\n", "no address", name)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (d *Delivery) print(b *strings.Builder) {
	what := "all customers"
	if d.Manager != "" {
		what = "customers of " + d.Manager
	}
	fmt.Fprintf(b, "%-12s  %s (%s)", d.Status, d.Recipient, what)
	if d.Corrects != "" {
		fmt.Fprintf(b, ", corrects the mail of %s", d.Corrects)
	}
	switch {
	case d.File != "":
		fmt.Fprintf(b, ": %s", d.File)
	case d.Answer != "":
		fmt.Fprintf(b, ": %s", d.Answer)
	}
	switch {
	case d.Uncertain && d.Status == Sent:
		b.WriteString("; may be a second copy: the earlier try was cut off")
	case d.Uncertain && d.Status == Failed:
		b.WriteString("; it may have arrived all the same: a try was cut off")
	}
	b.WriteByte('\n')
}

// IncompleteError says that some mail was not delivered.
type IncompleteError struct{ Result Result }

func (e *IncompleteError) Error() string {
	var who []string
	first := ""
	for _, d := range e.Result.Deliveries {
		if d.Status == Failed {
			who = append(who, d.Recipient)
			if first == "" {
				first = d.Answer
			}
		}
	}
	const most = 10
	names := strings.Join(who[:min(len(who), most)], ", ")
	if more := len(who) - most; more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%d of %d mails not delivered: to %s: %s", len(who), len(e.Result.Deliveries), names, first)
}

// Hint says how to go on.
func (e *IncompleteError) Hint() string {
	return "mend what the answer says, then run trueup send on the folder: it sends only what is missing"
}
