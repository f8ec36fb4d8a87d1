package deliver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"trueup/report"
	"trueup/rules"
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
	Redacted     bool      `json:"redacted,omitempty"` // names are pseudonyms, and there is no snapshot
	Formats      []string  `json:"formats"`
	Sources      []Source  `json:"sources"`
	Files        []Entry   `json:"files"`
	Totals       Totals    `json:"totals"`
	Changes      *Changes  `json:"changes,omitempty"` // nil without an earlier snapshot
	Packs        []Pack    `json:"packs,omitempty"`
	Hashes       Hashes    `json:"hashes"`
}

// Totals are the control totals as the JSON report has them.
type Totals struct {
	Customers      int            `json:"customers"`
	SIPConnections int            `json:"sipConnections"`
	Acquired       int64          `json:"acquiredLicenses"`
	ActiveUsers    int64          `json:"activeUsers"`
	Findings       int            `json:"findings"`
	Waived         int            `json:"waived"`
	NotEvaluable   int            `json:"notEvaluable"`
	BySeverity     map[string]int `json:"bySeverity"`
	ByRule         map[string]int `json:"byRule"`
	Currency       string         `json:"currency,omitempty"`
	Exposure       string         `json:"exposure,omitempty"`
	Unused         string         `json:"unusedValue,omitempty"`
	WaivedAmount   string         `json:"waivedAmount,omitempty"`
	Unpriced       int            `json:"findingsWithoutPrice,omitempty"`
}

// Pack is one account manager's part; all packs add up to the book.
type Pack struct {
	Manager string   `json:"manager"`
	Email   string   `json:"email,omitempty"`
	Cc      []string `json:"cc,omitempty"`
	Slug    string   `json:"slug"`
	Files   []string `json:"files"` // names as in Manifest.Files
	Totals  Totals   `json:"totals"`
	Changes *Changes `json:"changes,omitempty"`
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
	return Manifest{
		Schema: manifestSchema, AsOf: r.AsOf, DataAsOf: r.DataAsOf, Version: r.Version, Title: r.Title, Organization: r.Organization,
		Sample: r.Sample, Formats: formats, Sources: sourcesOf(r), Totals: TotalsOf(r), Changes: changesOf(r),
		Hashes: HashesOf(r),
	}
}

// HashesOf are a report's hashes; that of the record is added by the caller.
func HashesOf(r *report.Report) Hashes {
	h := r.Hashes
	return Hashes{Snapshot: h.Snapshot, Rules: h.Rules, Waivers: h.Waivers, Contacts: h.Contacts}
}

// TotalsOf are a report's control totals.
func TotalsOf(r *report.Report) Totals {
	t := r.Totals
	out := Totals{
		Customers: t.Customers, SIPConnections: t.SIPConnections, Acquired: t.Acquired, ActiveUsers: t.ActiveUsers,
		Findings: t.Findings, Waived: t.Waived, NotEvaluable: t.NotEvaluable,
		BySeverity: map[string]int{}, ByRule: t.ByRule,
	}
	for _, severity := range rules.Severities {
		out.BySeverity[severity.String()] = t.BySeverity[severity] // 0 is said too
	}
	if r.Currency != "" {
		out.Currency = r.Currency
		out.Exposure = t.Money.Exposure.StringFixed(2)
		out.Unused = t.Money.Unused.StringFixed(2)
		out.WaivedAmount = t.Money.Waived.StringFixed(2)
		out.Unpriced = t.Money.Unpriced
	}
	return out
}

// Write writes the manifest as JSON.
func (m Manifest) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

// maxManifest bounds what is read as a manifest.
const maxManifest = 64 << 20

// ReadManifest reads the manifest of a finished run.
func ReadManifest(dir string) (Manifest, error) {
	var m Manifest
	path := filepath.Join(dir, ManifestName)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, &noRun{err}
	}
	if err != nil {
		return m, fmt.Errorf("read manifest: %w", err)
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxManifest)).Decode(&m); err != nil {
		return m, fmt.Errorf("read manifest %s: %w", path, err)
	}
	if m.Schema != manifestSchema {
		return m, fmt.Errorf("read manifest %s: schema %q is not %s", path, m.Schema, manifestSchema)
	}
	return m, nil
}

// noRun is a folder without a manifest.
type noRun struct{ err error }

func (e *noRun) Error() string { return "read manifest: " + e.err.Error() }

func (e *noRun) Unwrap() error { return e.err }

// Hint says which folder is meant.
func (e *noRun) Hint() string { return "name the folder that trueup run wrote, as reports" }
