package steps

import (
	"errors"
	"io/fs"
	"log/slog"

	"trueup/report/deliver"
)

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
