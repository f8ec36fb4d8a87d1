package mail

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
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
	file *os.File
	sent map[[2]string]bool // Message-ID and recipient
}

// openLedger reads what was sent and locks the file, so that two runs cannot
// send the same mail at the same time.
func openLedger(dir string) (*ledger, error) {
	path := filepath.Join(dir, LedgerName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock ledger %s: another run is sending: %w", path, err)
	}
	l := &ledger{f, map[[2]string]bool{}}
	if err := l.read(path); err != nil {
		f.Close()
		return nil, err
	}
	return l, nil
}

// SentOn tells whether the ledger in a folder has a delivered mail about the
// report of a day. Lines of earlier versions do not say which day.
func SentOn(dir, day string) (bool, error) {
	f, err := os.Open(filepath.Join(dir, LedgerName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read ledger: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var r Record
		if json.Unmarshal(lines.Bytes(), &r) == nil && r.Status == Sent && r.Day == day {
			return true, nil
		}
	}
	if err := lines.Err(); err != nil {
		return false, fmt.Errorf("read ledger: %w", err)
	}
	return false, nil
}

// read loads the lines. A last line without its end is what a crash leaves:
// it is closed and counts for nothing. Any other broken line is an error,
// since a mail might be sent twice.
func (l *ledger) read(path string) error {
	r := bufio.NewReader(l.file)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("read ledger: %w", err)
		}
		if err != nil {
			if len(line) > 0 {
				_, err = l.file.Write([]byte("\n"))
				return err
			}
			return nil
		}
		var record Record
		if len(line) == 1 {
			continue
		}
		if json.Unmarshal(line, &record) != nil {
			if torn(line) {
				continue
			}
			return fmt.Errorf("read ledger: %s:%d: not a record of trueup: move the file away and send with --resend, or mend the line", path, n)
		}
		if record.Status == Sent {
			l.sent[[2]string{record.MessageID, record.Recipient}] = true
		}
	}
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

func (l *ledger) close() error { return l.file.Close() }
