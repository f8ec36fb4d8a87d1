package mail

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trueup/fetch/plain"
	"trueup/report/deliver"
)

// LedgerName is the file that records every delivery, one JSON object a line,
// as it happens: in the history, or in the report folder if there is none.
const LedgerName = "mail-ledger.jsonl"

// Record is one line of the ledger: what is known of one recipient of one mail.
type Record struct {
	Time      time.Time `json:"time"`
	Recipient string    `json:"recipient"`
	MessageID string    `json:"messageId"`
	Pack      string    `json:"pack,omitempty"` // the pack's slug; "" for the book
	Sample    bool      `json:"sample,omitempty"`
	Day       string    `json:"day,omitempty"` // of the report, YYYY-MM-DD; "" in lines of earlier versions
	Figures
	Corrects  string `json:"corrects,omitempty"`  // day of the report whose mail this one puts right
	Uncertain bool   `json:"uncertain,omitempty"` // a try was cut off: there may be one mail more than the lines say
	Status    Status `json:"status"`
	Answer    string `json:"answer,omitempty"` // the server's, or what went wrong
}

// Status says how a delivery stands.
type Status string

// The statuses. Only Intent, Sent and Failed are in a ledger.
const (
	Intent  Status = "intent" // about to be handed over: without a later line nobody knows
	Sent    Status = "sent"
	Already Status = "already sent" // in this period, says the ledger
	Held    Status = "held back"    // another one was sent in this period
	Failed  Status = "failed"
	Written Status = "written" // to an .eml file, by a dry run
)

// ledger is the open file and what is known of sent mails.
type ledger struct {
	lock  *deliver.Lock
	file  *os.File
	about map[string][]Record // by pack, in the order in which they were written
	ids   map[string]bool     // Message-ID and recipient of all that was sent
	old   bool                // earlier versions wrote in it, who name no day
}

func newLedger() *ledger { return &ledger{about: map[string][]Record{}, ids: map[string]bool{}} }

// openLedger reads what was sent and keeps other runs out, so that two cannot
// send the same mail at the same time. The lock is a file of its own, since
// Windows lets nobody read one that is locked. A ledger that lies in the
// report folder counts too.
func openLedger(dir, reports string, mode fs.FileMode) (_ *ledger, err error) {
	l := newLedger()
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if l.file, err = deliver.OpenAppend(dir, LedgerName, mode); err != nil {
		return nil, err
	}
	if l.lock, err = deliver.TakeLock(dir, ".trueup-mail.lock", "another run is sending, with the ledger in "+dir); err != nil {
		return nil, err
	}
	if dir != reports {
		if _, err := l.read(reports); err != nil {
			return nil, err
		}
	}
	whole, err := l.read(dir)
	if err == nil && !whole {
		_, err = l.file.WriteString("\n")
	}
	return l, err
}

// maxLedger is enough for some 100,000 mails.
const maxLedger = 64 << 20

// read loads the lines of a ledger; there need be none. A last line without
// its end is what a crash leaves, and the ledger is not whole: if more is cut
// off, the line says nothing. Any other broken line is an error, since a mail
// might be sent twice.
func (l *ledger) read(dir string) (_ bool, err error) {
	path := filepath.Join(dir, LedgerName)
	data, err := plain.ReadFile(path, maxLedger)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("read ledger: %w", err)
	}
	n, whole := 0, true
	for line := range bytes.Lines(data) {
		n++
		if whole = bytes.HasSuffix(line, []byte("\n")); !whole {
			line = append(line, '\n') // as every later run will find it
		}
		var record Record
		switch {
		case len(line) == 1:
			continue
		case json.Unmarshal(line, &record) != nil && !torn(line):
			return false, fmt.Errorf("read ledger: %s:%d: not a record of trueup: move the file away and send with --resend, or mend the line", path, n)
		}
		l.learn(record)
	}
	return whole, nil
}

// torn tells a line that a crash cut off and a later run closed.
func torn(line []byte) bool {
	var any any
	var syntax *json.SyntaxError
	err := json.Unmarshal(line, &any)
	return errors.As(err, &syntax) && syntax.Offset >= int64(len(line)-1) && line[0] == '{'
}

func (l *ledger) learn(r Record) {
	l.about[r.Pack] = append(l.about[r.Pack], r)
	if r.Status == Sent {
		l.ids[r.MessageID+" "+strings.ToLower(r.Recipient)] = true
		l.old = l.old || r.Day == ""
	}
}

// has tells whether a mail was sent to somebody by its Message-ID, all that
// lines of earlier versions have.
func (l *ledger) has(id, recipient string) bool { return l.ids[id+" "+strings.ToLower(recipient)] }

// add appends records and has them on the disk before it returns. Without a
// ledger they are forgotten.
func (l *ledger) add(records ...Record) error {
	if l == nil || len(records) == 0 {
		return nil
	}
	var lines bytes.Buffer
	e := json.NewEncoder(&lines)
	e.SetEscapeHTML(false)
	for _, r := range records {
		if err := e.Encode(r); err != nil {
			return fmt.Errorf("write ledger: %w", err)
		}
		l.learn(r)
	}
	_, err := l.file.Write(lines.Bytes())
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}

func (l *ledger) close() {
	if l.file != nil {
		l.file.Close() // each line was synced
	}
	if l.lock != nil {
		l.lock.Close()
	}
}

// SentOn tells whether the ledger in a folder, if there is one, has a mail
// about the report of a day, YYYY-MM-DD, that was sent.
func SentOn(dir, day string) (bool, error) {
	l := newLedger()
	if _, err := l.read(dir); err != nil {
		return false, err
	}
	for _, records := range l.about {
		if slices.ContainsFunc(records, func(r Record) bool { return r.Status == Sent && r.Day == day }) {
			return true, nil
		}
	}
	return false, nil
}
