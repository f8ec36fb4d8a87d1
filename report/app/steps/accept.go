package steps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"trueup/fetch"
	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/record"
)

// Accept takes a finished run into the history, if there is one and the run is
// not in it: a guard had stopped it, and now somebody has looked. What is not
// as the manifest lists it stays out, and so does what is older than that which
// the history has of the day.
func Accept(ctx context.Context, w World, s *settings.Settings, run Written) error {
	if s.History == "" {
		return nil
	}
	if err := mend(w.Log, s.History); err != nil {
		return err
	}
	m, err := acceptable(run)
	if err != nil {
		w.Log.Warn("not added to the history", "reason", err)
		return nil
	}
	var list []deliver.File
	if m.snapshot != nil || m.record != nil {
		list, err = m.missingIn(s.History, run.Dir)
	}
	if len(list) == 0 || err != nil {
		return err
	}
	folder, err := openFolder(w.Log, s.History, s.FileMode)
	if err != nil {
		return err
	}
	defer folder.Close()
	batch, err := folder.Prepare(ctx, list)
	if err == nil {
		err = batch.Commit()
	}
	if err == nil {
		w.Log.Info("added to the history", "file", list[len(list)-1].Name)
	}
	return err
}

// acceptable is what a history keeps of a finished run: nothing of one that
// never enters it, since it is redacted, or judged as of another time than that
// of its data.
func acceptable(run Written) (m month, err error) {
	is := run.Manifest
	m.asOf, m.sample = is.AsOf, is.Sample
	if is.Redacted || !is.DataAsOf.IsZero() {
		return m, nil
	}
	root, err := os.OpenRoot(run.Dir)
	if err != nil {
		return m, err
	}
	defer root.Close()
	read := func(name string) ([]byte, error) {
		at := slices.IndexFunc(is.Files, func(e deliver.Entry) bool { return e.Name == name })
		if at < 0 {
			return nil, nil
		}
		return is.Files[at].Read(root)
	}
	day := is.Day()
	snapshot, err := read(snapshotName(day))
	if snapshot == nil || err != nil {
		return m, err
	}
	if m.record, err = read(recordName(day)); err != nil {
		return m, err
	}
	customers, err := fetch.ReadFrom(bytes.NewReader(snapshot), snapshotName(day), fetch.Limits{})
	if err == nil && !customers.AsOf.Equal(is.AsOf) {
		err = errors.New("the snapshot is of another time than the manifest")
	}
	if err == nil && m.record != nil {
		var rec record.Record
		if rec, err = record.ReadHead(bytes.NewReader(m.record)); err == nil && rec.Hashes.Snapshot != customers.Hash() {
			err = errors.New("the record is of another snapshot")
		}
	}
	if !lacksInstance(customers) {
		m.snapshot = snapshot
	}
	return m, err
}

// missingIn are the month's files that a history lacks; none if it has
// something later of the day.
func (m month) missingIn(history, reports string) ([]deliver.File, error) {
	there, err := lookInto(history)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	for _, f := range there {
		if !f.record && f.sample == m.sample && f.asOf.After(m.asOf) && dayOf(f.asOf).Equal(dayOf(m.asOf)) {
			return nil, nil
		}
	}
	return m.files(history, reports)
}
