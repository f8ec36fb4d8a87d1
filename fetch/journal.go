package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trueup/fetch/plain"
)

// journal remembers the license histories that came, so that an interrupted fetch
// can be taken up: a line each, after one that says what was asked for. A nil
// journal remembers nothing.
type journal struct {
	mu     sync.Mutex
	file   *os.File
	known  map[[2]string]history // by instance and GUID; read-only
	broken bool                  // it could not be written
	opt    *Options
}

// journalSchema begins the first line.
const journalSchema = "trueup.usage-journal/1"

// maxJournal bounds what is read of one: some hundred thousand customers.
const maxJournal = 4 << 30

type journalHead struct {
	Schema string         `json:"schema"`
	Day    string         `json:"day"`
	Zone   string         `json:"zone"`
	Asks   []journalAsked `json:"asks"`
}

type journalAsked struct {
	Instance string `json:"instance"`
	URL      string `json:"url"`
	Months   int    `json:"months"`
}

type journalLine struct {
	Instance string         `json:"instance"`
	GUID     string         `json:"guid"`
	Notes    []note         `json:"notes,omitempty"`
	Usage    jsontext.Value `json:"usage"`
}

// openJournal begins the journal of a fetch, or takes up the one that is there:
// only one of the same day that asked for the same. It is nil where none is wanted.
func openJournal(clients []*client, opt *Options) (*journal, error) {
	head := journalHead{Schema: journalSchema, Day: DayOf(opt.Now(), opt.Zone).String(), Zone: fmt.Sprint(opt.Zone)}
	for _, c := range clients {
		if c.instance.UsageMonths > 0 {
			head.Asks = append(head.Asks, journalAsked{c.instance.Name, c.base.String(), c.instance.UsageMonths})
		}
	}
	if len(head.Asks) == 0 || opt.Journal == "" {
		return nil, nil
	}
	first, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	file, err := openRegular(opt.Journal)
	if err != nil {
		return nil, within("keep the journal of the usage", err)
	}
	j := &journal{file: file, opt: opt, known: map[[2]string]history{}}
	if err := j.begin(append(first, '\n')); err != nil {
		file.Close()
		return nil, within("keep the journal of the usage", err)
	}
	return j, nil
}

// openRegular opens a file, or makes it. It follows no link, which would have other
// files overwritten, and opens no pipe, whose reading would wait.
func openRegular(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	case err == nil && !info.Mode().IsRegular():
		return nil, notJournal(path)
	}
	return os.OpenFile(path, os.O_RDWR, 0)
}

func notJournal(path string) error {
	return &DataError{Offset: -1, Why: path + " is in the way and is no journal", Advice: "move it away"}
}

// begin takes up what the file has, or empties it.
func (j *journal) begin(head []byte) error {
	in := bufio.NewReaderSize(io.LimitReader(j.file, maxJournal), 64<<10)
	first, err := in.ReadBytes('\n')
	if err != nil && err != io.EOF {
		return err
	}
	good := int64(0)
	switch same := bytes.Equal(first, head); {
	case len(first) > 0 && !bytes.HasPrefix(first, []byte(`{"schema":"`+journalSchema+`"`)):
		return notJournal(j.opt.Journal)
	case same && j.opt.Resume:
		if good, err = j.read(in, int64(len(first))); err != nil {
			return err
		}
		j.opt.Log.Info("the interrupted fetch is taken up", "histories", len(j.known))
	case len(first) > 0 && j.opt.Resume:
		j.opt.Log.Warn("the journal is of another day or asked for something else: the fetch begins anew", "journal", j.opt.Journal)
	case same:
		j.opt.Log.Warn("the fetch begins anew; --resume takes up the one that was interrupted", "journal", j.opt.Journal)
	}
	if err := j.file.Truncate(good); err != nil {
		return err
	}
	if _, err := j.file.Seek(good, io.SeekStart); err != nil || good > 0 {
		return err
	}
	_, err = j.file.Write(head)
	return err
}

// read takes in the whole lines; what is behind the last good one was being
// written when the fetch was interrupted.
func (j *journal) read(in *bufio.Reader, at int64) (good int64, err error) {
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return at, nil
		}
		if err != nil {
			return at, err
		}
		var entry journalLine
		if json.Unmarshal(line, &entry) != nil {
			return at, nil
		}
		usage, err := parseUsage(entry.Usage)
		if err != nil {
			return at, nil
		}
		j.known[[2]string{entry.Instance, entry.GUID}] = history{usage, entry.Notes}
		at += int64(len(line))
	}
}

func (j *journal) of(instance, guid string) (history, bool) {
	if j == nil {
		return history{}, false
	}
	h, ok := j.known[[2]string{instance, guid}]
	return h, ok
}

// add remembers a history. Where the journal cannot be written the fetch goes on
// without one, and says so.
func (j *journal) add(instance, guid string, h history) {
	if j == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken {
		return
	}
	line, err := json.Marshal(journalLine{instance, guid, h.notes, appendUsage(nil, h.usage)})
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	if err != nil {
		j.broken = true
		j.opt.Log.Warn("the journal cannot be written: if this fetch is interrupted, it begins anew", "journal", j.opt.Journal, "reason", plain.Text(err.Error()))
	}
}

func (j *journal) close() {
	if j != nil {
		j.file.Close() // what could not be written is fetched again
	}
}
