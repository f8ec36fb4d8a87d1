package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Flags are the flags of one command. The fields are for the command itself; what
// a run is told is in Settings.
type Flags struct {
	Config        string
	Out           string // the snapshot's file; of fetch alone
	Send, DryRun  bool
	Resend, Check bool
	Progress      string
	Quiet         bool
	LogFormat     string
	Format        string // of rules, explain and diff: text, json or junit

	set     *pflag.FlagSet
	groups  Group
	fromEnv []string // the flags that the environment has set
}

// Group is a set of flags that commands share.
type Group uint

// The groups.
const (
	SourceFlags Group = 1 << iota
	FetchFlags        // how customers are fetched
	RuleFlags
	WaiverFlags
	ReportFlags
	OutFlags
	SendFlags
	TextFlags // --format text, json or junit
	LogFlags
	AsOfFlag
	OutFileFlag // --out of a single file
	RunSendFlag // --send
	CheckFlag   // --check
	VerifyFlags // what rebuilding a run without a record needs
	HistoryFlag // --history alone
)

// Bind defines the flags of some groups.
func (f *Flags) Bind(set *pflag.FlagSet, groups Group) {
	f.set, f.groups = set, groups
	set.SortFlags = false
	for _, e := range f.entries() {
		e.define(set)
	}
}

// entries are the settings with a flag that the command has.
func (f *Flags) entries() table {
	all := (&loader{flags: f, s: &Settings{}}).table()
	return slices.DeleteFunc(all, func(e setting) bool { return e.flag == "" || e.groups&f.groups == 0 })
}

// define makes the entry's flag. Commas separate the values of a list, except of
// paths, which may hold commas.
func (e setting) define(set *pflag.FlagSet) {
	usage := e.about()
	if e.denies {
		usage = "do not " + usage
	}
	switch into := e.kind.into.(type) {
	case *bool:
		set.BoolVar(into, e.flag, !e.denies && e.byDefault == "true", usage)
	case *[]string:
		if e.kind.path {
			set.StringArrayVar(into, e.flag, e.defaults(), usage)
		} else {
			set.StringSliceVar(into, e.flag, e.defaults(), usage)
		}
	case *string:
		set.StringVar(into, e.flag, e.byDefault, usage)
	default:
		set.String(e.flag, e.byDefault, usage)
	}
}

// FromEnvironment fills flags that were not given from TRUEUP_<NAME>, such as
// TRUEUP_OUT for --out. If the command line names a source of customers, the
// environment names none.
func (f *Flags) FromEnvironment(lookup func(string) (string, bool)) error {
	entries := f.entries()
	source := slices.ContainsFunc(entries, func(e setting) bool { return e.groups == SourceFlags && f.given(e) })
	for _, e := range entries {
		name := envName(e.flag)
		value, ok := lookup(name)
		if !ok || value == "" || e.noEnv || f.given(e) || source && e.groups == SourceFlags {
			continue
		}
		if err := f.set.Set(e.flag, value); err != nil {
			return fmt.Errorf("environment variable %s: %w", name, err)
		}
		f.fromEnv = append(f.fromEnv, e.flag)
	}
	return nil
}

// envName is the environment variable that stands for a flag.
func envName(flag string) string {
	return "TRUEUP_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// given tells whether an entry's flag was set, by the command line or the
// environment.
func (f *Flags) given(e setting) bool {
	return e.flag != "" && e.groups&f.groups != 0 && f.set.Lookup(e.flag).Changed
}

// by names what set an entry's flag: --out or TRUEUP_OUT.
func (f *Flags) by(e setting) string {
	if slices.Contains(f.fromEnv, e.flag) {
		return envName(e.flag)
	}
	return "--" + e.flag
}

// values are those of a flag that is given; an empty list gives "".
func (f *Flags) values(e setting) []string {
	value := f.set.Lookup(e.flag).Value
	many, ok := value.(pflag.SliceValue)
	if !ok {
		return []string{value.String()}
	}
	if list := many.GetSlice(); len(list) > 0 {
		return list
	}
	return []string{""}
}
