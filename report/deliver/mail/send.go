package mail

import (
	"cmp"
	"context"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"trueup/report"
	"trueup/report/deliver"
)

// Outbox is the folder of a dry run's .eml files, in the report folder.
const Outbox = "outbox"

// Job sends the reports of one finished run.
type Job struct {
	Settings Settings
	Guards   Guards
	Dir      string           // the report folder
	Ledger   string           // the folder with the ledger, which is the history; "" for Dir
	Contacts *report.Contacts // that the manifest's recipients must be of; nil if that is not known
	Manifest deliver.Manifest
	Mode     fs.FileMode // of the files that are written; 0 is 0600
	Held     bool        // Dir is kept from other runs already
	Resend   bool        // also to those who had theirs in this period
	Now      func() time.Time
	Dial     func(ctx context.Context, network, address string) (net.Conn, error) // nil for a net.Dialer's
	Log      func(text string)                                                    // of each event; nil for none
}

// ErrNobody says that there is nobody to send to.
var ErrNobody error = &nobody{}

type nobody struct{}

func (*nobody) Error() string { return "nobody to send to" }

// Hint says who could be.
func (*nobody) Hint() string {
	return "name recipients under mail.to in the settings, or run with --split-by manager and a contacts file with addresses"
}

// Send sends what was not sent yet in this period. Its error is about the whole run; what
// single recipients did not get is in the result, whose Err tells.
func (j Job) Send(ctx context.Context) (Result, error) {
	if err := j.Settings.Check(); err != nil {
		return Result{}, err
	}
	if !j.Held {
		release, err := deliver.Hold(j.Dir)
		if err != nil {
			return Result{}, err
		}
		defer release()
	}
	r, err := j.prepare()
	if err != nil {
		return Result{}, err
	}
	defer r.root.Close()
	ledger, err := openLedger(cmp.Or(j.Ledger, j.Dir), j.Dir, j.Mode)
	if err != nil {
		return Result{}, err
	}
	defer ledger.close()
	r.ledger = ledger
	if ledger.old {
		if err := r.recall(); err != nil {
			return Result{}, err
		}
	}
	err = r.run(ctx, r.open())
	return r.result(), err
}

// DryRun writes the mails that Send would send, whatever the ledger says, to
// .eml files in the Outbox.
func (j Job) DryRun(ctx context.Context) (Result, error) {
	if j.Settings.From == "" {
		j.Settings.From = "trueup@localhost"
	}
	r, err := j.prepare()
	if err != nil {
		return Result{}, err
	}
	defer r.root.Close()
	var list []deliver.File
	for _, l := range r.letters {
		name := l.pack + ".eml"
		if l.pack == "" {
			name = "_all.eml" // no pack is called so
		}
		list = append(list, deliver.File{Name: name, Write: func(w io.Writer) error {
			message, err := l.message()
			if err == nil {
				_, err = w.Write(message)
			}
			return err
		}})
		for _, to := range l.recipients() {
			r.note(l, to, Written, "")
			r.deliveries[len(r.deliveries)-1].File = filepath.Join(j.Dir, Outbox, name)
		}
	}
	return r.result(), writeOutbox(ctx, filepath.Join(j.Dir, Outbox), j.Mode, list)
}

// writeOutbox replaces the mails of an earlier dry run.
func writeOutbox(ctx context.Context, dir string, mode fs.FileMode, list []deliver.File) error {
	folder, err := deliver.OpenFolder(dir, mode)
	if err != nil {
		return err
	}
	defer folder.Close()
	batch, err := folder.Prepare(ctx, list)
	if err != nil {
		return err
	}
	old, err := fs.Glob(os.DirFS(dir), "*.eml")
	if err != nil {
		batch.Discard()
		return err
	}
	return batch.Commit(old...)
}
