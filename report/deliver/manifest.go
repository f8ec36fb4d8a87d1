package deliver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/tables"
)

// ManifestName is the file that is written last: it lists all others.
const ManifestName = "manifest.json"

// manifestSchema names the form of the manifest; keys are only ever added.
const manifestSchema = "trueup.manifest/1"

// Manifest says what a run wrote and from what.
type Manifest struct {
	Schema       string    `json:"schema"`
	AsOf         time.Time `json:"asOf"`
	DataAsOf     time.Time `json:"dataAsOf,omitzero"` // if the customers are of another time
	Version      string    `json:"version"`
	Title        string    `json:"title"`
	Organization string    `json:"organization,omitempty"`
	Sample       bool      `json:"sample"`
	tables.Briefing
	Redacted bool            `json:"redacted,omitempty"` // names are pseudonyms, and there is no snapshot
	Formats  []string        `json:"formats"`
	Sources  []Source        `json:"sources"`
	Files    []Entry         `json:"files"`
	Totals   tables.Totals   `json:"totals"`
	Changes  *tables.Changes `json:"changes,omitempty"` // nil without an earlier snapshot
	Packs    []Pack          `json:"packs,omitempty"`
	Hashes   Hashes          `json:"hashes"`
}

// Source is one place customers came from.
type Source struct {
	Name      string `json:"name"`
	Customers int    `json:"customers"`
	Failed    string `json:"failed,omitempty"`
}

// Pack is one account manager's part; all packs add up to the book.
type Pack struct {
	Manager string   `json:"manager"`
	Email   string   `json:"email,omitempty"`
	Cc      []string `json:"cc,omitempty"`
	Slug    string   `json:"slug"`
	Files   []string `json:"files"` // names as in Manifest.Files
	tables.Briefing
	Totals  tables.Totals   `json:"totals"`
	Changes *tables.Changes `json:"changes,omitempty"`
}

// Hashes identify what the reports were made from.
type Hashes struct {
	Snapshot string `json:"snapshot"`
	Record   string `json:"record,omitempty"`
	Rules    string `json:"rules"`
	Waivers  string `json:"waivers,omitempty"`
	Contacts string `json:"contacts,omitempty"`
}

// NewManifest describes a report; files and packs are added by the caller.
func NewManifest(r *report.Report, formats []string) Manifest {
	h := r.Hashes
	m := Manifest{
		Schema: manifestSchema, AsOf: r.AsOf, DataAsOf: r.DataAsOf, Version: r.Version, Title: r.Title, Organization: r.Organization,
		Sample: r.Sample, Briefing: tables.BriefingOf(r), Formats: formats, Sources: make([]Source, len(r.Sources)), Totals: tables.TotalsOf(r), Changes: tables.ChangesOf(r),
		Hashes: Hashes{Snapshot: h.Snapshot, Rules: h.Rules, Waivers: h.Waivers, Contacts: h.Contacts},
	}
	for i, s := range r.Sources {
		m.Sources[i] = Source{s.Name, s.Customers, s.Failed}
	}
	return m
}

// Day is the day of the report, YYYY-MM-DD.
func (m Manifest) Day() string { return tables.Day(m.AsOf) }

// Write writes the manifest as JSON.
func (m Manifest) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

// maxManifest bounds what is read as a manifest, in bytes.
const maxManifest = 64 << 20

// ReadManifest reads the manifest of a finished run.
func ReadManifest(dir string) (Manifest, error) {
	var m Manifest
	path := filepath.Join(dir, ManifestName)
	data, err := plain.ReadFile(path, maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return m, &noRun{err}
	}
	if err != nil {
		return m, fmt.Errorf("read manifest: %w", err)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("read manifest %s: %w", path, err)
	}
	if m.Schema != manifestSchema {
		return m, fmt.Errorf("read manifest %s: schema %q is not %s", path, m.Schema, manifestSchema)
	}
	return m, nil
}

// noRun is the error about a folder without a manifest.
type noRun struct{ err error }

func (e *noRun) Error() string { return "read manifest: " + e.err.Error() }

func (e *noRun) Unwrap() error { return e.err }

// Hint says which folder is meant.
func (e *noRun) Hint() string { return "name the folder that trueup run wrote, such as reports" }
