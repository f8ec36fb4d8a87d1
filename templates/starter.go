package templates

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

//go:embed starter schema
var starterFiles embed.FS

// Starter is the starter set: settings, a rule with its tests, waivers,
// contacts, and schedules for CI systems.
func Starter() fs.FS { return sub(starterFiles, "starter") }

// WriteStarter writes the starter set to a folder, made if it is not there, with
// the schemas that its files name. Files that exist are kept as they are. Names
// are as in Starter.
func WriteStarter(dir string) (written, kept []string, err error) {
	err = fs.WalkDir(starterFiles, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := strings.TrimPrefix(path, "starter/")
		made, err := writeNew(filepath.Join(dir, filepath.FromSlash(name)), path)
		switch {
		case err != nil:
			return fmt.Errorf("write starter set: %w", err)
		case made:
			written = append(written, name)
		default:
			kept = append(kept, name)
		}
		return nil
	})
	return written, kept, err
}

// writeNew writes a file of the set; false if there is one already.
func writeNew(path, embedded string) (made bool, err error) {
	data, err := starterFiles.ReadFile(embedded)
	if err != nil {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = f.Write(data)
	return true, errors.Join(err, f.Close())
}
