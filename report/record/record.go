// Package record keeps what the reports of a run were made from, all but the
// customers: those are in the snapshot beside it. With both, and nothing else,
// the reports can be made again on any machine; and a later month knows what
// this one said. A record has no secret and no path of the machine.
package record

import (
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

// Record is what the reports of a run were made from.
type Record struct {
	// Hash identifies the content, as "sha256:…"; Write and Read give it.
	Hash string

	AsOf    time.Time // that the customers were judged as of
	Version string    // of trueup
	Sample  bool
	Hashes  report.Hashes
	Issued  report.Issued

	// What a later month needs besides, to judge this one as it was then.
	Prices   report.Prices
	Waivers  []rules.Waiver   // without their places
	Contacts *report.Contacts // nil if there were none

	Making
}

// Making is what only making the same reports again needs.
type Making struct {
	Title, Organization string
	Branding            report.Branding
	SbcNames            map[string]map[int64]string // by instance and sbcId
	Values              fetch.Values                // what raw values mean
	Timezone            string                      // its name; "" is UTC
	Formats             []string
	ByManager           bool // with a pack for each account manager
	PDF                 PDF
	Rules               rules.Options // Files and Overrides, without their places
	Notes               map[report.Key]report.Note
	NoteProblems        []fetch.Problem // with what came back in workbooks
	History             *report.History
}

// PDF is how the PDF was made.
type PDF struct {
	MaxCustomers int    `json:"maxCustomers,omitzero"`
	Cover        bool   `json:"cover,omitzero"`
	SystemFonts  bool   `json:"systemFonts,omitzero"` // those of the machine could be used
	Fonts        []Font `json:"fonts,omitempty"`
}

// Font is one that the record has too little room for: the PDF needs it again.
type Font struct {
	Name   string `json:"name"` // of its file
	Hash   string `json:"hash"` // "sha256:…"
	System bool   `json:"system,omitzero"`
}

// MonthOnly is the point of the trend that a month is of which there is a
// record and no snapshot.
func (r *Record) MonthOnly() report.Month {
	return report.Month{AsOf: r.AsOf, Hash: r.Hashes.Snapshot, Missing: r.Issued.Missing, OnlyIssued: true, Issued: &r.Issued, Currency: r.Issued.Currency}
}

// Rename gives instances their names of today: those by which formerly, a map
// from old to new names, does not know them stay.
func (r *Record) Rename(formerly map[string]string) {
	for i, g := range r.Issued.Groups {
		r.Issued.Groups[i].Instance = newName(formerly, g.Instance)
	}
	for i, name := range r.Issued.Missing {
		r.Issued.Missing[i] = newName(formerly, name)
	}
	for old, name := range formerly {
		if prices, ok := r.Prices.ByInstance[old]; ok {
			delete(r.Prices.ByInstance, old)
			r.Prices.ByInstance[name] = prices
		}
	}
}

// Renamed is an earlier list of customers with the names that its instances
// have today.
func Renamed(p fetch.Portfolio, formerly map[string]string) fetch.Portfolio {
	if len(formerly) == 0 {
		return p
	}
	customers := make([]fetch.Customer, len(p.Customers))
	for i, c := range p.Customers {
		c.Instance = newName(formerly, c.Instance)
		customers[i] = c
	}
	sources := make([]fetch.Source, len(p.Sources))
	for i, s := range p.Sources {
		s.Name = newName(formerly, s.Name)
		sources[i] = s
	}
	p.Customers, p.Sources = customers, sources
	return p
}

func newName(formerly map[string]string, name string) string {
	if by, ok := formerly[name]; ok {
		return by
	}
	return name
}
