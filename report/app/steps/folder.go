package steps

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"

	"trueup/report/app/settings"
	"trueup/report/deliver"
)

// Places are the folders that a run writes into. No other run does until Close.
type Places struct {
	out, history *deliver.Folder // history is nil if there is none; it may be out
}

// OpenPlaces opens the folders before anything is fetched: who cannot write
// there hears so at once. It finishes or takes back what a killed run left.
func OpenPlaces(w World, s *settings.Settings) (*Places, error) {
	out, err := openFolder(w.Log, s.Out, s.FileMode)
	if err != nil {
		return nil, err
	}
	p := &Places{out: out}
	switch {
	case s.History == "":
	case sameFolder(s.Out, s.History):
		p.history = p.out
	default:
		if p.history, err = openFolder(w.Log, s.History, s.FileMode); err != nil {
			p.out.Close()
			return nil, err
		}
	}
	return p, nil
}

// Close lets other runs in. Folders that stayed empty go, if they were made.
func (p *Places) Close() {
	if p.history != nil && p.history != p.out {
		p.history.Close()
	}
	p.out.Close()
}

func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// openFolder opens a folder to write into, and says what became of a run that
// was killed there.
func openFolder(log *slog.Logger, dir string, mode fs.FileMode) (*deliver.Folder, error) {
	folder, err := deliver.OpenFolder(dir, mode)
	if err == nil && folder.Repaired != "" {
		log.Warn(folder.Repaired, "folder", dir)
	}
	return folder, err
}

// mend brings a folder that is only read to one set of files.
func mend(log *slog.Logger, dir string) error {
	if dir == "" {
		return nil
	}
	repaired, err := deliver.Recover(dir)
	if repaired != "" {
		log.Warn(repaired, "folder", dir)
	}
	return err
}

// IsBusy tells that another run has the folder that this one needs.
func IsBusy(err error) bool {
	busy := (*deliver.Busy)(nil)
	return errors.As(err, &busy)
}
