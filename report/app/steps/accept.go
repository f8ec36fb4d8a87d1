package steps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trueup/fetch"
	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/deliver/mail"
)

// Accept takes a finished run into the history, if there is one and the run is
// not in it: a guard had stopped it, and now somebody has looked. What is not
// as the manifest lists it stays out.
func Accept(ctx context.Context, w World, s *settings.Settings, run Written) error {
	if s.History == "" {
		return nil
	}
	if err := mend(w.Log, s.History); err != nil {
		return err
	}
	list, customers, err := monthOf(run)
	if err != nil {
		w.Log.Warn("not added to the history", "reason", err)
	}
	if len(list) == 0 {
		return nil
	}
	if stays, err := stays(w, s.History, list[0].Name, customers); stays || err != nil {
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
		w.Log.Info("added to the history", "file", list[0].Name)
	}
	return err
}

// monthOf reads what a history keeps of a run: the snapshot, then the record if
// there is one. It is nothing of a run that never enters one: redacted, without
// an instance, or judged as of another time than that of its data.
func monthOf(run Written) (list []deliver.File, customers fetch.Portfolio, err error) {
	m := run.Manifest
	root, err := os.OpenRoot(run.Dir)
	if err != nil {
		return nil, customers, err
	}
	defer root.Close()
	snapshot := snapshotName(m.AsOf)
	for _, name := range []string{snapshot, strings.Replace(snapshot, "snapshot-", "record-", 1)} {
		at := slices.IndexFunc(m.Files, func(e deliver.Entry) bool { return e.Name == name })
		if at < 0 && name == snapshot {
			return nil, customers, nil
		}
		if at < 0 {
			continue
		}
		data, err := m.Files[at].Read(root)
		if err == nil && name == snapshot {
			customers, err = fetch.ReadFrom(bytes.NewReader(data), name, fetch.Limits{})
		}
		if err != nil || !customers.AsOf.Equal(m.AsOf) || lacksInstance(customers) {
			return nil, customers, err
		}
		if m.Sample { // it must not replace what is real
			name = strings.Replace(name, "-", "-sample-", 1)
		}
		list = append(list, deliver.File{Name: name, Write: writer(data)})
	}
	return list, customers, nil
}

// stays tells whether the history keeps what it has of the day: the same, what
// is later, and what was sent.
func stays(w World, history, name string, customers fetch.Portfolio) (bool, error) {
	is, err := readSnapshot(filepath.Join(history, name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read history: %w", err)
	case is.Hash() == customers.Hash(), is.AsOf.After(customers.AsOf):
		return true, nil
	}
	day := customers.AsOf.UTC().Format(time.DateOnly)
	sent, err := mail.SentOn(history, day)
	if sent {
		w.Log.Warn("the history keeps the snapshot of the reports that were sent on the day before these", "day", day)
	}
	return sent, err
}
