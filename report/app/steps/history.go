package steps

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/deliver/mail"
	"trueup/report/notes"
	"trueup/report/record"
)

// maxHistory is how many earlier months are read: two years.
const maxHistory = 24

// ReadHistory judges the months in the history that are earlier than now, and
// the baseline, which else is the newest of them. It is nil without any.
func ReadHistory(ctx context.Context, plan *Plan, now Fetched, s *settings.Settings) (*report.History, error) {
	if now.Portfolio.Sample && s.History == "" && s.Baseline == "" {
		return sampleHistory(ctx, plan, now)
	}
	files, err := lookInto(s.History)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	var m memory
	if s.Baseline != "" {
		if m.baseline, err = plan.baseline(ctx, s, now, files); err != nil {
			return nil, err
		}
	}
	days := earlierDays(files, now.AsOf, now.Portfolio.Sample)
	month := func(day []kept, whole bool) (report.Past, bool, error) {
		p, ok, err := plan.pastOn(ctx, day, whole, s.Live.Formerly)
		if err != nil {
			err = fmt.Errorf("read history: %w", err)
		}
		return p, ok, err
	}
	// Changes are against the newest month with customers, which is looked for
	// first, since of those before it less is needed.
	var newest []report.Past
	for found := s.Baseline != ""; !found && len(days) > 0; days = days[:len(days)-1] {
		p, ok, err := month(days[len(days)-1], true)
		if err != nil {
			return nil, err
		}
		if ok {
			newest, found = append(newest, p), !p.OnlyIssued
		}
	}
	for _, day := range days {
		p, ok, err := month(day, false)
		if err != nil {
			return nil, err
		}
		if ok {
			m.add(p)
		}
	}
	for _, p := range slices.Backward(newest) {
		m.add(p)
	}
	return m.all(), nil
}

// memory takes in the months, oldest first, and keeps of each what is needed:
// a year of large portfolios must not lie in the memory.
type memory struct {
	history  report.History
	baseline *report.Past // that changes are against, until its turn comes
	compared bool         // it came: later months are only points of the trend
}

func (m *memory) add(p report.Past) {
	if b := m.baseline; b != nil && !b.AsOf.After(p.AsOf) {
		m.history.Add(*b)
		m.baseline, m.compared = nil, true
		if b.AsOf.Equal(p.AsOf) {
			return // it is the same month
		}
	}
	if m.compared {
		m.history.AddPoint(p.Month)
	} else {
		m.history.Add(p)
	}
}

func (m *memory) all() *report.History {
	if m.baseline != nil {
		m.history.Add(*m.baseline)
		m.baseline = nil
	}
	if len(m.history.Trend) == 0 {
		return nil
	}
	return &m.history
}

// baseline is the month that the settings name.
func (p *Plan) baseline(ctx context.Context, s *settings.Settings, now Fetched, files []kept) (*report.Past, error) {
	customers, hash, err := readSnapshot(s.Baseline)
	if err == nil {
		err = usable(customers, now)
	}
	if err != nil {
		return nil, fmt.Errorf("read baseline %s: %w", s.Baseline, err)
	}
	rec := recordOf(hash, recordsBeside(s.Baseline, customers.AsOf, files))
	past, err := p.Past(ctx, customers, hash, true, rec, s.Live.Formerly)
	return &past, err
}

// sampleHistory is what the sample has of earlier months.
func sampleHistory(ctx context.Context, plan *Plan, now Fetched) (*report.History, error) {
	var m memory
	for _, month := range fetch.SampleMonths() {
		if !month.AsOf.Before(dayOf(now.AsOf)) {
			break
		}
		p, err := plan.Past(ctx, month, month.Hash(), true, nil, nil)
		if err != nil {
			return nil, err
		}
		m.add(p)
	}
	return m.all(), nil
}

// recordsBeside are the records of a time in the history and beside a file.
// Whatever else lies there is none of this run's business.
func recordsBeside(path string, asOf time.Time, files []kept) (records []record.Record) {
	beside, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "record-*.json.gz"))
	for _, f := range files {
		if f.record && f.asOf.Equal(asOf) {
			beside = append(beside, f.path)
		}
	}
	for _, path := range beside {
		if rec, err := readRecord(path); err == nil && rec.AsOf.Equal(asOf) {
			records = append(records, rec)
		}
	}
	return records
}

// kept is a snapshot or record that a folder has.
type kept struct {
	path   string
	record bool
	asOf   time.Time
	sample bool
}

// lookInto finds the snapshots and records of a folder by their beginnings,
// whatever they are called. A file called as they are that is none is an
// error; other files are left alone. There need be no folder.
func lookInto(dir string) (list []kept, err error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		name, path := entry.Name(), filepath.Join(dir, entry.Name())
		named := strings.HasSuffix(name, ".json.gz")
		if strings.HasPrefix(name, ".") || !named && !strings.HasSuffix(name, ".json") {
			continue
		}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, err
		case !info.Mode().IsRegular() && named:
			return nil, fmt.Errorf("%s is no file", path)
		case !info.Mode().IsRegular():
			continue
		}
		schema, err := fetch.SchemaOf(path)
		one := kept{path, strings.HasPrefix(schema.Name, record.Schema), schema.AsOf, schema.Sample}
		ours := one.record || strings.HasPrefix(schema.Name, fetch.SnapshotSchema)
		switch {
		case err == nil && ours && !one.asOf.IsZero():
			list = append(list, one)
		case err != nil && named:
			return nil, err
		case named:
			return nil, stranger(path)
		}
	}
	return list, nil
}

// earlierDays are the days before now's in its zone, oldest first, each with its
// files in the order in which they were made. The days that are too long ago are
// left out, as are samples where none are wanted, and the other way round. Those
// of now's own day are: a second run of a day must see what the first one saw.
func earlierDays(files []kept, now time.Time, sample bool) [][]kept {
	files = slices.DeleteFunc(slices.Clone(files), func(f kept) bool {
		return f.sample != sample || !f.asOf.Before(dayOf(now))
	})
	slices.SortFunc(files, func(a, b kept) int {
		return cmp.Or(a.asOf.Compare(b.asOf), cmp.Compare(len(a.path), len(b.path)), strings.Compare(a.path, b.path))
	})
	zone := now.Location()
	var days [][]kept
	for _, f := range files {
		if n := len(days); n > 0 && dayOf(days[n-1][0].asOf.In(zone)).Equal(dayOf(f.asOf.In(zone))) {
			days[n-1] = append(days[n-1], f)
		} else {
			days = append(days, []kept{f})
		}
	}
	return days[max(0, len(days)-maxHistory):]
}

// pastOn is what counts of a day: its last snapshot, with its record; without
// a snapshot what the last record says was issued. It is false if the day has
// neither that can be compared with. Whole is as in report.PastOfInput.
func (p *Plan) pastOn(ctx context.Context, day []kept, whole bool, formerly map[string]string) (past report.Past, ok bool, err error) {
	customers, hash, records, err := readDay(day)
	switch {
	case err != nil:
		return past, false, err
	case customers != nil:
		past, err := p.Past(ctx, *customers, hash, whole, recordOf(hash, records), formerly)
		return past, err == nil, err
	case len(records) == 0:
		return past, false, nil
	}
	last := &records[len(records)-1]
	last.Rename(formerly)
	return report.Past{Month: last.MonthOnly()}, true, nil
}

// readDay reads the files of a day: its last whole snapshot with its hash, nil if
// there is none, and its records.
func readDay(day []kept) (customers *fetch.Portfolio, hash string, records []record.Record, err error) {
	for _, f := range day { // all of them: one that cannot be read is an error, whether it counts or not
		if f.record {
			rec, err := readRecord(f.path)
			if err != nil {
				return nil, "", nil, err
			}
			records = append(records, rec)
			continue
		}
		list, sum, err := readSnapshot(f.path)
		if err != nil {
			return nil, "", nil, err
		}
		if !lacksInstance(list) {
			customers, hash = &list, sum
		}
	}
	return customers, hash, records, nil
}

// recordOf is the last record of a snapshot; nil if there is none.
func recordOf(snapshot string, records []record.Record) *record.Record {
	for i := range slices.Backward(records) {
		if records[i].Hashes.Snapshot == snapshot {
			return &records[i]
		}
	}
	return nil
}

// readRecord reads what a later month needs of a record.
func readRecord(path string) (record.Record, error) {
	f, err := os.Open(path)
	if err != nil {
		return record.Record{}, err
	}
	defer f.Close()
	rec, err := record.ReadHead(f)
	if err != nil {
		err = fmt.Errorf("read %s: %w", path, err)
	}
	return rec, err
}

// dayOf is the first moment of a time's day, in its own zone.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// usable says why now's report cannot be compared with an earlier list of
// customers, if it cannot: it must be older, whole, and not a sample where now
// is none, nor the other way.
func usable(p fetch.Portfolio, now Fetched) error {
	switch {
	case !p.AsOf.Before(now.AsOf):
		return fmt.Errorf("it is as of %s, which is not before this report's %s", p.AsOf.In(now.AsOf.Location()).Format(time.RFC3339), now.AsOf.Format(time.RFC3339))
	case p.Sample != now.Portfolio.Sample:
		return errors.New("a sample cannot be compared with customers")
	case lacksInstance(p):
		return errors.New("it lacks an instance")
	}
	return nil
}

func lacksInstance(p fetch.Portfolio) bool {
	return slices.ContainsFunc(p.Sources, func(s fetch.Source) bool { return s.Failed != "" })
}

// readSnapshot reads a file of customers that must say when it was taken, and
// the hash inside.
func readSnapshot(path string) (fetch.Portfolio, string, error) {
	p, hash, err := fetch.ReadHashed(path)
	if err == nil && p.AsOf.IsZero() {
		err = noSnapshot(path)
	}
	return p, hash, err
}

// stranger is a file that is called as snapshots and records are.
type stranger string

func (path stranger) Error() string { return string(path) + " is neither a snapshot nor a record" }

// Hint says what to do with it.
func (path stranger) Hint() string {
	return "move it away; if it is a list of customers, " + noSnapshot(path).Hint()
}

// noSnapshot is an answer of the API where a snapshot is needed.
type noSnapshot string

func (path noSnapshot) Error() string { return string(path) + " is no snapshot: it has no as-of time" }

// Hint says how to make one.
func (path noSnapshot) Hint() string {
	return "make one with trueup fetch --input " + string(path) + " --as-of YYYY-MM-DD --out snapshot.json.gz"
}

// Remember adds the run to the history, if there is one: its record, the
// snapshot if no instance is missing, and what people wrote in workbooks that
// were returned, all at once. The later run of a day replaces the earlier one,
// unless that was sent: then both stay. What has no month of its own is not
// kept: data judged as of another time, and redacted reports.
func Remember(ctx context.Context, w World, to *Places, s *settings.Settings, plan *Plan, f Fetched, r Reports) error {
	if to.history == nil {
		return nil
	}
	var list []deliver.File
	if len(s.Annotations) > 0 {
		list = append(list, deliver.File{Name: notes.FileName, Write: plan.Notes.Write})
	}
	switch {
	case !f.dataAsOf().IsZero():
		w.Log.Warn("not added to the history: the data are of another time than the report", "data", f.Portfolio.AsOf.Format(time.RFC3339), "report", f.AsOf.Format(time.RFC3339))
	case r.Redact:
		w.Log.Warn("not added to the history: the report is redacted")
	default:
		m, err := monthOf(f, r)
		var files []deliver.File
		if err == nil {
			files, err = m.files(s.History, s.Out)
		}
		if err != nil {
			return fmt.Errorf("add to history: %w", err)
		}
		list = append(list, files...)
	}
	if len(list) == 0 {
		return nil
	}
	batch, err := to.history.Prepare(ctx, list)
	if err != nil {
		return fmt.Errorf("add to history: %w", err)
	}
	return batch.Commit()
}

// month is what a history keeps of a run.
type month struct {
	asOf     time.Time
	sample   bool
	snapshot []byte // nil if an instance is missing: nothing can be compared with it
	record   []byte // nil if a version made the run that kept none
}

func monthOf(f Fetched, r Reports) (month, error) {
	packed, err := r.record()
	m := month{f.AsOf, f.Portfolio.Sample, r.snapshot.Bytes, packed.Bytes}
	if lacksInstance(f.Portfolio) {
		m.snapshot = nil
	}
	return m, err
}

// files are those that the history lacks of the month. What was sent stays
// beside them: the ledgers there and among the reports know. A whole run counts
// before one that lacks an instance.
func (m month) files(history, reports string) ([]deliver.File, error) {
	day := m.asOf.Format(time.DateOnly)
	wasSent, err := sent(day, reports, history)
	if err != nil {
		return nil, err
	}
	if m.sample { // it must not replace what is real
		day = "sample-" + day
	}
	has := func(name string) bool { _, err := os.Lstat(filepath.Join(history, name)); return err == nil }
	if m.snapshot == nil && has(snapshotName(day)) {
		return nil, nil
	}
	for n, name := 2, day; ; n, name = n+1, day+"-"+strconv.Itoa(n) {
		there := true
		var list []deliver.File
		for _, f := range []struct {
			name string
			data []byte
		}{{recordName(name), m.record}, {snapshotName(name), m.snapshot}} {
			if f.data != nil {
				there = there && same(filepath.Join(history, f.name), f.data)
				list = append(list, deliver.File{Name: f.name, Write: writer(f.data)})
			}
		}
		switch {
		case there:
			return nil, nil
		case !wasSent, !has(snapshotName(name)) && !has(recordName(name)):
			return list, nil
		}
	}
}

// sent tells whether reports of a day went to somebody: the ledgers know.
func sent(day string, dirs ...string) (bool, error) {
	for _, dir := range dirs {
		if sent, err := mail.SentOn(dir, day); sent || err != nil {
			return sent, err
		}
	}
	return false, nil
}

func same(path string, data []byte) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	is, err := io.ReadAll(io.LimitReader(f, int64(len(data))+1))
	return err == nil && bytes.Equal(is, data)
}

// snapshotName and recordName are what files of a day are called, among the
// reports and in a history.
func snapshotName(day string) string { return "snapshot-" + day + ".json.gz" }
func recordName(day string) string   { return "record-" + day + ".json.gz" }
