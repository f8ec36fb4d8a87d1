package mail

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/mail"
	"path"
	"slices"
	"strings"
	"time"

	"trueup/report/deliver"
	"trueup/report/tables"
)

// Figures stand for what a mail tells its reader. Two mails of the same
// figures are one, whatever the bytes of their files are.
type Figures struct {
	Totals   string `json:"totals,omitempty"`   // hash of the control totals and of the kinds of files
	Changes  string `json:"changes,omitempty"`  // hash of what changed
	Baseline string `json:"baseline,omitempty"` // since then
}

// figuresOf are those of the book, or of a pack.
func figuresOf(t tables.Totals, c *tables.Changes, attached []deliver.Entry) Figures {
	sums := sumsOf(t, nil)
	sums = append(sums, "currency "+t.Currency)
	for _, e := range attached {
		sums = append(sums, "file "+path.Ext(e.Name))
	}
	f := Figures{Totals: digest(sums...)}
	if c != nil {
		f.Changes, f.Baseline = digest(sumsOf(tables.Totals{}, c)...), c.Since.UTC().Format(time.RFC3339)
	}
	return f
}

// sumsOf are the numbers that are not zero, so that a rule that is new and
// finds nothing changes nothing.
func sumsOf(t tables.Totals, c *tables.Changes) (list []string) {
	sums := tables.Sums(t, c)
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		if !sums[name].IsZero() {
			list = append(list, name+" "+sums[name].String())
		}
	}
	return list
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		h.Write([]byte(part + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// same tells figures that say the same: changes since another day are no other
// changes.
func (f Figures) same(g Figures) bool {
	return f.Totals == g.Totals && (f.Baseline != g.Baseline || f.Changes == g.Changes)
}

// period is the span of time of which a recipient gets one mail, by a day in it.
func (s Settings) period(day string) string {
	if s.Period == Month && len(day) > 7 {
		return day[:7]
	}
	return day
}

// earlier are the ledger's records of a letter's period about the same part of
// the report, whoever got it.
func (r *run) earlier(l *pending) (list []Record) {
	for _, record := range r.ledger.about[l.pack] {
		if record.Day != "" && record.Sample == l.Sample && r.Settings.period(record.Day) == r.Settings.period(l.Period) {
			list = append(list, record)
		}
	}
	return list
}

// open are the letters with those who are to get them: who had one in this
// period gets no other, save with Resend, and then until it is through.
func (r *run) open() (open []*pending) {
	for _, l := range r.letters {
		earlier := r.earlier(l)
		corrects := ""
		for _, to := range l.recipients() {
			last, sent := lastOf(earlier, to)
			switch {
			case r.Resend, last.Status != Sent && last.Status != "" && last.same(l.figures):
			case slices.ContainsFunc(l.formerly, func(id string) bool { return r.ledger.has(id, to) }):
				r.note(l, to, Already, "")
				continue
			case sent.Status == Sent && sent.same(l.figures):
				r.note(l, to, Already, "the mail of "+sent.Day)
				continue
			case sent.Status == Sent:
				r.note(l, to, Held, heldBack(l.Manager, sent.Day))
				continue
			}
			corrects = cmp.Or(sent.Day, corrects)
			l.left = append(l.left, to)
			l.uncertain[to] = last.Status == Intent || last.Status == Failed && last.Uncertain
		}
		if len(l.left) > 0 {
			l.identify(earlier, corrects)
			open = append(open, l)
		}
	}
	return open
}

// lastOf are the newest record of a recipient, and the newest of a mail that
// was sent; both have no status if there is none.
func lastOf(records []Record, to string) (last, sent Record) {
	for _, r := range records {
		if strings.EqualFold(r.Recipient, to) {
			if last = r; r.Status == Sent {
				sent = r
			}
		}
	}
	return last, sent
}

// identify gives the letter its Message-ID, and says whose place it takes. If
// the newest try of the period had the same figures it is the same mail. Else
// its Message-ID hangs on that of the mail before, so that figures that come
// back are a mail of their own.
func (l *Letter) identify(earlier []Record, corrects string) {
	before := ""
	for _, r := range earlier {
		if r.Status == Sent {
			before = r.MessageID
		}
	}
	if n := len(earlier); n > 0 && earlier[n-1].same(l.figures) {
		l.id, l.Corrects = earlier[n-1].MessageID, earlier[n-1].Corrects
		return
	}
	l.Corrects = corrects
	l.id = l.newID(before)
}

// newID is a Message-ID that derives from what the mail says and to whom.
func (l *Letter) newID(before string) string {
	parts := append(slices.Clone(l.seed), l.pack, l.figures.Totals, l.figures.Changes, l.figures.Baseline, before)
	for _, list := range [][]*mail.Address{l.to, l.cc} {
		for _, a := range list {
			parts = append(parts, a.Address)
		}
		parts = append(parts, "")
	}
	return digest(parts...) + "@" + l.domain
}

// formerIDs are the Message-IDs that earlier versions gave the letter, by the
// bytes of the manifest.
func (l *Letter) formerIDs(manifests ...[]byte) (ids []string) {
	for _, manifest := range manifests {
		var b bytes.Buffer
		b.Write(manifest)
		for _, list := range [][]*mail.Address{l.to, l.cc} {
			for _, a := range list {
				b.WriteString(a.Address + "\x00")
			}
			b.WriteByte(0)
		}
		b.WriteString(l.pack)
		sum := sha256.Sum256(b.Bytes())
		ids = append(ids, hex.EncodeToString(sum[:16])+"@"+l.domain)
	}
	return ids
}

// heldBack says why a letter was not sent.
func heldBack(manager, day string) string {
	whose := "the book's"
	if manager != "" {
		whose = manager + "'s"
	}
	return fmt.Sprintf("%s figures changed since the mail of %s; --resend sends it as corrected", whose, day)
}
