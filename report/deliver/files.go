// Package deliver puts finished reports on the disk: the whole set of a run or
// nothing of it, at every moment, whether or not the run is killed.
package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// File is one file to be written.
type File struct {
	Name  string // relative to the folder, with slashes
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
	folder  *Folder
	moves   []move
	Entries []Entry // in the order of the files given
}

// Prepare writes all files as temporaries, several at a time, and removes them
// again if one of them fails or ctx ends.
func (f *Folder) Prepare(ctx context.Context, list []File) (*Batch, error) {
	b := &Batch{folder: f, moves: make([]move, len(list)), Entries: make([]Entry, len(list))}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2) // each writer holds its file's parts in memory
	for i, file := range list {
		group.Go(func() (err error) {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			b.moves[i], b.Entries[i], err = f.write(ctx, f.mode, file)
			return err
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
func (b *Batch) Add(ctx context.Context, file File) error {
	m, entry, err := b.folder.write(ctx, b.folder.mode, file)
	if err != nil {
		b.Discard()
		return err
	}
	b.moves, b.Entries = append(b.moves, m), append(b.Entries, entry)
	return nil
}

// write writes a file as a temporary and syncs it. After an error nothing of it
// is left.
func (f *Folder) write(ctx context.Context, mode fs.FileMode, file File) (m move, e Entry, err error) {
	defer func() { err = f.failed("write", file.Name, err) }()
	temp := f.tempName()
	if err := f.at("write", "create "+file.Name); err != nil {
		return m, e, err
	}
	out, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return m, e, err
	}
	widen(out, mode)
	w := &meter{w: out, hash: sha256.New(), ctx: ctx, step: func() error { return f.at("write", "part of "+file.Name) }}
	err = file.Write(w)
	if err == nil {
		err = f.at("write", "sync "+file.Name)
	}
	if err == nil {
		err = out.Sync()
	}
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		f.remove("write", temp) // if it stays, the next run removes it
		return m, e, err
	}
	e = w.entry(file.Name)
	return move{Name: e.Name, Temp: temp, SHA256: e.SHA256}, e, nil
}

// Commit puts all files in place, in the order given, and removes the outdated
// ones that the batch does not replace. After an error everything is as it was;
// where even that fails, the next command that opens the folder restores it.
func (b *Batch) Commit(outdated ...string) error {
	j, err := b.journal(outdated)
	if err == nil {
		err = b.folder.begin(j)
	}
	if err != nil {
		b.Discard()
		return err
	}
	b.moves = nil
	return b.folder.finish(j)
}

// journal lists all that Commit is about to do.
func (b *Batch) journal(outdated []string) (journal, error) {
	j := journal{Schema: journalSchema, Mode: b.folder.mode, Moves: slices.Clone(b.moves)}
	settled := map[string]bool{} // without regard to case, as some file systems have it
	for i, m := range j.Moves {
		settled[strings.ToLower(m.Name)] = true
		switch _, err := b.folder.root.Lstat(m.Name); {
		case err == nil:
			j.Moves[i].Old = b.folder.tempName()
		case !errors.Is(err, fs.ErrNotExist):
			return j, b.folder.failed("replace", m.Name, err)
		}
	}
	for _, name := range outdated {
		if info, err := b.folder.root.Lstat(name); err == nil && !info.IsDir() && !settled[strings.ToLower(name)] {
			j.Moves = append(j.Moves, move{Name: name, Old: b.folder.tempName()})
			settled[strings.ToLower(name)] = true // it may be named twice
		}
	}
	return j, j.check()
}

// Discard removes what was written and not put in place.
func (b *Batch) Discard() {
	for _, m := range b.moves {
		if m.Temp != "" {
			b.folder.remove("discard", m.Temp)
		}
	}
	b.moves = nil
}

// Outdated are the files of a day, such as 2026-11-01, that the manifest lists:
// Commit removes those that the new set of that day lacks.
func (m Manifest) Outdated(day string) []string {
	var names []string
	for _, e := range m.Files {
		if strings.Contains(e.Name, day) && isFileName(e.Name) { // a manifest may come from anybody
			names = append(names, e.Name)
		}
	}
	return names
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

// WriteOne writes a single file, whole or not at all, and leaves any set in the
// same folder alone. A mode of 0 is 0600.
func WriteOne(ctx context.Context, path string, mode fs.FileMode, write func(io.Writer) error) error {
	return writeOne(ctx, path, options{mode: mode}, write)
}

func writeOne(ctx context.Context, path string, o options, write func(io.Writer) error) error {
	place, err := openPlace(path, o)
	if err != nil {
		return err
	}
	defer place.Close()
	return place.Write(ctx, write)
}

// Place is where a single file goes. No other run writes it until Close.
type Place struct{ folder *Folder }

// OpenPlace makes the file's folder unless it is there, and keeps other runs
// from writing that file.
func OpenPlace(path string, mode fs.FileMode) (*Place, error) {
	return openPlace(path, options{mode: mode})
}

func openPlace(path string, o options) (*Place, error) {
	o.only = filepath.Base(path)
	f, err := open(filepath.Dir(path), o)
	if err != nil {
		return nil, err
	}
	if info, err := f.root.Lstat(o.only); err == nil && info.IsDir() {
		f.Close()
		return nil, f.failed("put in place", o.only, errFolder)
	}
	return &Place{f}, nil
}

// Close lets other runs write the file.
func (p *Place) Close() { p.folder.Close() }

// Write writes the file, whole or not at all.
func (p *Place) Write(ctx context.Context, write func(io.Writer) error) error {
	f := p.folder
	m, _, err := f.write(ctx, f.mode, File{Name: f.only, Write: write})
	if err != nil {
		return err
	}
	if err := f.place(m, f.mode); err != nil {
		f.remove("discard", m.Temp)
		return f.failed("put in place", m.Name, err)
	}
	return f.failed("write", m.Name, f.sync("place", "."))
}

// Sum is the hexadecimal SHA-256 of what r holds, and its size in bytes.
func Sum(r io.Reader) (sum string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// meter counts and hashes what is written, and stops when the run is stopped.
type meter struct {
	w    io.Writer
	hash hash.Hash
	size int64
	ctx  context.Context
	step func() error // nil where nothing reaches the disk
}

func (m *meter) Write(p []byte) (int, error) {
	if m.ctx.Err() != nil {
		return 0, context.Cause(m.ctx) // names the signal
	}
	if m.step != nil {
		if err := m.step(); err != nil {
			return 0, err
		}
	}
	var hashing sync.WaitGroup
	hashing.Go(func() { m.hash.Write(p) }) // in vain if not all can be written
	n, err := m.w.Write(p)
	hashing.Wait()
	m.size += int64(n)
	return n, err
}

func (m *meter) entry(name string) Entry {
	return Entry{name, m.size, hex.EncodeToString(m.hash.Sum(nil))}
}
