package mail

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"trueup/fetch/plain"
	"trueup/report/deliver"
)

// LedgerName is the file in the report folder that records every delivery,
// one JSON object a line, as it happens.
const LedgerName = "mail-ledger.jsonl"

// Record is one line of the ledger: what a server answered for one recipient
// of one mail.
type Record struct {
	Time      time.Time `json:"time"`
	Recipient string    `json:"recipient"`
	MessageID string    `json:"messageId"`
	Pack      string    `json:"pack,omitempty"` // the pack's slug; "" for the book
	Day       string    `json:"day,omitempty"`  // of the report, YYYY-MM-DD
	Status    Status    `json:"status"`
	Answer    string    `json:"answer"` // the server's, or what went wrong
}

// Status says how a delivery stands.
type Status string

// The statuses. Only Sent and Failed are in a ledger.
const (
	Sent    Status = "sent"
	Already Status = "already sent" // by an earlier run, says the ledger
	Failed  Status = "failed"
	Written Status = "written" // to an .eml file, by a dry run
)

// ledger is the open file and what it holds of sent mails.
type ledger struct {
	lock *deliver.Lock
	file *os.File
	sent map[[2]string]bool // Message-ID and recipient
}

// openLedger reads what was sent and keeps other runs out, so that two cannot
// send the same mail at the same time. The lock is a file of its own, since
// Windows lets nobody read one that is locked.
func openLedger(dir string) (*ledger, error) {
	lock, err := deliver.TakeLock(dir, ".trueup-mail.lock", "another run is sending from "+dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, LedgerName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	l := &ledger{lock, f, map[[2]string]bool{}}
	if err := l.read(path); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// SentOn tells whether the ledger in a folder has a delivered mail about the
// report of a day. Lines of earlier versions do not say which day.
func SentOn(dir, day string) (bool, error) {
	data, err := plain.ReadFile(filepath.Join(dir, LedgerName), maxLedger)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read ledger: %w", err)
	}
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		var r Record
		if json.Unmarshal(line, &r) == nil && r.Status == Sent && r.Day == day {
			return true, nil
		}
	}
	return false, nil
}

// maxLedger is enough for some 200,000 mails.
const maxLedger = 64 << 20

// read loads the lines. A last line without its end is what a crash leaves:
// it is closed and counts for nothing. Any other broken line is an error,
// since a mail might be sent twice.
func (l *ledger) read(path string) error {
	data, err := plain.ReadFile(path, maxLedger)
	if err != nil {
		return fmt.Errorf("read ledger: %w", err)
	}
	n := 0
	for line := range bytes.Lines(data) {
		n++
		var record Record
		switch {
		case !bytes.HasSuffix(line, []byte("\n")):
			_, err := l.file.Write([]byte("\n"))
			return err
		case len(line) == 1:
			continue
		case json.Unmarshal(line, &record) != nil && !torn(line):
			return fmt.Errorf("read ledger: %s:%d: not a record of trueup: move the file away and send with --resend, or mend the line", path, n)
		}
		if record.Status == Sent {
			l.sent[[2]string{record.MessageID, record.Recipient}] = true
		}
	}
	return nil
}

// torn tells a line that a crash cut off and a later run closed.
func torn(line []byte) bool {
	var any any
	var syntax *json.SyntaxError
	err := json.Unmarshal(line, &any)
	return errors.As(err, &syntax) && syntax.Offset >= int64(len(line)-1) && line[0] == '{'
}

func (l *ledger) has(id, recipient string) bool { return l.sent[[2]string{id, recipient}] }

// add appends a record and has it on the disk before it returns.
func (l *ledger) add(r Record) error {
	line, err := json.Marshal(r)
	if err == nil {
		_, err = l.file.Write(append(line, '\n'))
	}
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	if r.Status == Sent {
		l.sent[[2]string{r.MessageID, r.Recipient}] = true
	}
	return nil
}

func (l *ledger) close() error {
	defer l.lock.Close()
	return l.file.Close()
}
