// Package deliver puts finished reports on the disk: each whole or not at all,
// none replaced before all are written, the manifest last.
package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"trueup/fetch/plain"
)

// File is one file to be written.
type File struct {
	Name  string      // relative to the folder, with slashes
	Mode  fs.FileMode // 0 means 0644, less the umask
	Write func(w io.Writer) error
}

// Entry is a written file as the manifest lists it.
type Entry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Batch is a set of files written and not yet in place. Either Commit or
// Discard must be called.
type Batch struct {
	dir     string
	pending []pending
	Entries []Entry // in the order of the files given
}

type pending struct{ temp, final string }

// Prepare writes all files beside their places, several at a time, and
// removes them again if one of them fails or ctx ends.
func Prepare(ctx context.Context, dir string, list []File) (*Batch, error) {
	b := &Batch{dir: dir, pending: make([]pending, len(list)), Entries: make([]Entry, len(list))}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2) // each writer holds its file's parts in memory
	for i, f := range list {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return b.write(ctx, i, f)
		})
	}
	if err := group.Wait(); err != nil {
		b.Discard()
		return nil, err
	}
	return b, nil
}

// Add writes one more file, to be put in place last: one that describes the
// others. After an error nothing is left of the batch.
func (b *Batch) Add(ctx context.Context, f File) error {
	b.pending, b.Entries = append(b.pending, pending{}), append(b.Entries, Entry{})
	err := b.write(ctx, len(b.pending)-1, f)
	if err != nil {
		b.Discard()
	}
	return err
}

func (b *Batch) write(ctx context.Context, i int, f File) error {
	final := filepath.Join(b.dir, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	temp, err := createTemp(final, f.Mode)
	if err != nil {
		return fmt.Errorf("create %s: %w", f.Name, err)
	}
	b.pending[i] = pending{temp.Name(), final}
	w := &meter{w: temp, hash: sha256.New(), ctx: ctx}
	err = f.Write(w)
	if err == nil {
		err = temp.Sync()
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	b.Entries[i] = w.entry(f.Name)
	return nil
}

// createTemp opens a new file beside its place. Two runs into one folder must
// not meet in it, so the name carries the process.
func createTemp(final string, mode fs.FileMode) (*os.File, error) {
	if mode == 0 {
		mode = 0o644
	}
	name := fmt.Sprintf(".%s.%d.tmp", filepath.Base(final), os.Getpid())
	temp := filepath.Join(filepath.Dir(final), name)
	return os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
}

// Commit moves all files into their places, in the order given.
func (b *Batch) Commit() error {
	for _, p := range b.pending {
		if err := os.Rename(p.temp, p.final); err != nil {
			b.Discard()
			return fmt.Errorf("put %s in place: %w", filepath.Base(p.final), err)
		}
	}
	return nil
}

// Discard removes what was written and not put in place.
func (b *Batch) Discard() {
	for _, p := range b.pending {
		if p.temp != "" {
			os.Remove(p.temp)
		}
	}
}

// Digest is what Prepare's entries would be, without writing anything.
func Digest(ctx context.Context, list []File) ([]Entry, error) {
	entries := make([]Entry, len(list))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, f := range list {
		group.Go(func() error {
			w := &meter{w: io.Discard, hash: sha256.New(), ctx: ctx}
			if err := f.Write(w); err != nil {
				return fmt.Errorf("rebuild %s: %w", f.Name, err)
			}
			entries[i] = w.entry(f.Name)
			return nil
		})
	}
	return entries, group.Wait()
}

// WriteOne writes a single file whole or not at all.
func WriteOne(ctx context.Context, path string, mode fs.FileMode, write func(io.Writer) error) error {
	b, err := Prepare(ctx, filepath.Dir(path), []File{{Name: filepath.Base(path), Mode: mode, Write: write}})
	if err != nil {
		return err
	}
	return b.Commit()
}

// HashFile is the hexadecimal SHA-256 of a file and its size.
func HashFile(path string) (sum string, size int64, err error) {
	f, err := plain.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// meter counts and hashes what is written, and stops when the run is stopped.
type meter struct {
	w    io.Writer
	hash hash.Hash
	size int64
	ctx  context.Context
}

func (m *meter) Write(p []byte) (int, error) {
	if m.ctx.Err() != nil {
		return 0, context.Cause(m.ctx) // which signal it was
	}
	n, err := m.w.Write(p)
	m.hash.Write(p[:n])
	m.size += int64(n)
	return n, err
}

func (m *meter) entry(name string) Entry {
	return Entry{name, m.size, hex.EncodeToString(m.hash.Sum(nil))}
}
