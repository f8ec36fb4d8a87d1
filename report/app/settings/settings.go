package settings

import (
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/rules"
	"trueup/rules/strict"
)

// defaultFile is read from the working directory if it is there.
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

	AsOf     time.Time // zero if not given
	History  string
	Baseline string
	Out      string
	Formats  []string
	SplitBy  string          // "" or "manager"
	FailOn   *rules.Severity // nil: none

	PDF         PDF
	Mail        Mail
	Annotations string
	Redact      string
	RedactKey   string

	Origins []Origin // of every setting, in order, for people
}

// PDF says what the PDF may use and how long it may get.
type PDF struct {
	Fonts        []string // files
	SystemFonts  bool
	MaxCustomers int // 0: the writer's default
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

// Load reads the settings file, if there is one, and merges the flags. The
// environment is only asked which credentials --url has. Errors are a Usage or
// strict.Errors.
func Load(f *Flags, env func(string) (string, bool)) (*Settings, error) {
	file, path, err := readFile(f.Config)
	if err != nil {
		return nil, err
	}
	m := &merger{flags: f, file: file, s: &Settings{Path: path}, env: env, dir: filepath.Dir(path)}
	m.looks()
	m.source()
	m.live()
	m.rules()
	m.paths()
	m.report()
	m.prices()
	m.mail()
	m.flagsAlone()
	if len(m.errs) > 0 {
		return nil, m.errs.Sorted()
	}
	return m.s, m.usage
}

// readFile reads the named settings file, or the default one if it exists.
func readFile(name string) (*File, string, error) {
	path := name
	if path == "" {
		path = defaultFile
	}
	data, err := plain.ReadFile(path, strict.MaxBytes)
	if err != nil {
		if name == "" && errors.Is(err, fs.ErrNotExist) {
			return &File{}, "", nil
		}
		return nil, "", Usage{"read settings: " + err.Error(), "give the file with --config FILE; trueup init writes a commented one"}
	}
	var file File
	if errs := strict.Decode(path, data, &file); len(errs) > 0 {
		return nil, "", withoutSecrets(errs)
	}
	return &file, path, nil
}

// secretLine is a line that may hold a secret, though none belongs there.
var secretLine = regexp.MustCompile(`(?i)(secret|password|token)\w*["']?\s*:`)

// withoutSecrets leaves such lines out of the messages: they end up in logs.
func withoutSecrets(errs strict.Errors) strict.Errors {
	for i := range errs {
		if secretLine.MatchString(errs[i].SourceLine) {
			errs[i].SourceLine = ""
		}
	}
	return errs
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

// parseTime reads an as-of time: RFC 3339, or a day, which means its first
// moment in UTC.
func parseTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, errors.New("malformed time " + strconv.Quote(s))
	}
	return t, nil
}
