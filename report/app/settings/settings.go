// Package settings puts together what a run is told: flags win over the
// environment, the environment over the settings file, the file over defaults.
// All settings stand in one table, in table.go.
package settings

import (
	"io/fs"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/deliver/mail"
	"trueup/rules"
)

// defaultFiles are looked for in the working directory; the first is the one
// that people are told of.
var defaultFiles = [...]string{defaultFile, "trueup.yml"}

const defaultFile = "trueup.yaml"

// Settings is what one run is told, put together and checked. File paths are
// as the working directory sees them.
type Settings struct {
	Path         string // of the settings file; "" if there is none
	Title        string
	Organization string
	Branding     report.Branding

	Input        string
	URL          string
	Sample       bool
	Live         Live
	AllowEmpty   bool
	AllowPartial bool

	Rules    rules.Options
	Waivers  string
	Contacts string
	Prices   report.Prices
	SbcNames map[string]map[int64]string
	Values   fetch.Values

	AsOf     time.Time // zero if not given
	History  string
	Baseline string
	Out      string
	FileMode fs.FileMode // of every file that is written
	Formats  []string
	SplitBy  string          // "" or "manager"
	FailOn   *rules.Severity // nil: none

	Filter report.Filter // which findings are listed

	PDF         PDF
	Mail        Mail
	Annotations []string // returned files, or folders of them
	Redact      string
	RedactKey   string

	Origins   []Origin // of every setting, in order, for people
	Variables []string // the environment variables that the file names for secrets
}

// Live is how live instances are asked. Secrets are only named.
type Live struct {
	Instances []fetch.Instance
	Timeouts  fetch.Timeouts
	Retry     fetch.Retry
	Limits    fetch.Limits // of one answer
	// Formerly has the names of instances by those under which the history
	// knows them.
	Formerly map[string]string
}

// PDF says what the PDF may use and how long it may get.
type PDF struct {
	Fonts        []string // files
	SystemFonts  bool
	MaxCustomers int
	Cover        bool // a page of its own before the summary
}

// Mail is how mail is sent. The password is only named.
type Mail struct {
	mail.Settings // without Password and RootCAs
	PasswordEnv   string
	PasswordFile  string
	CAFile        string // PEM file of further trusted authorities
	Guards        mail.Guards
}

// Origin tells where the value of a setting comes from.
type Origin struct {
	Setting, Value, From string
}

// Usage is a mistake on the command line or in the environment, with what to
// do about it.
type Usage struct {
	Text, HintText string
}

func (u Usage) Error() string { return u.Text }

// Hint says what to do about it.
func (u Usage) Hint() string { return u.HintText }

// Load reads the settings file, if there is one, and puts it together with the
// flags. From the environment it takes only the credentials of --url, and whether
// the variables that the file names are set. Errors are a Usage or strict.Errors.
func Load(f *Flags, env func(string) (string, bool)) (*Settings, error) {
	l := newLoader(f, env)
	t := l.table()
	if err := l.read(t); err != nil {
		return nil, err
	}
	l.settle("", t)
	l.finish(t)
	if len(l.errs) > 0 {
		return nil, l.errs.Sorted()
	}
	return l.s, l.usage
}

func newLoader(f *Flags, env func(string) (string, bool)) *loader {
	return &loader{flags: f, env: env, s: &Settings{
		Live:     Live{Retry: fetch.DefaultRetry},
		SbcNames: map[string]map[int64]string{"": {}},
		Values:   fetch.Values{"": {DeploymentState: map[string]string{}, ConfigurationType: map[string]string{}}},
		Prices:   report.Prices{ByType: map[int64]decimal.Decimal{}, ByInstance: map[string]map[int64]decimal.Decimal{}},
	}}
}

// Source checks that exactly one source of customers is named.
func (s *Settings) Source() error {
	var named []string
	if s.Input != "" {
		named = append(named, "--input")
	}
	if s.URL != "" {
		named = append(named, "--url")
	}
	if s.Sample {
		named = append(named, "--sample")
	}
	switch {
	case len(named) > 1:
		return Usage{"more than one source of customers: " + strings.Join(named, ", "), "give exactly one of --input, --url, --sample"}
	case len(named) == 0 && len(s.Live.Instances) == 0:
		return Usage{"no source of customers", "give --input FILE, --url BASE or --sample, or name instances in " + defaultFile}
	}
	return nil
}
