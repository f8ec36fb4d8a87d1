package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"trueup/rules/strict"
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
	Format        string // of what the command prints
	Color         string // auto, always or never

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
	TextFlags // --format text or json
	LogFlags
	AsOfFlag
	OutFileFlag    // --out of a single file
	RunSendFlag    // --send
	CheckFlag      // --check
	VerifyFlags    // what rebuilding a run without a record needs
	FindingFlags   // which findings are listed, and how
	HistoryFlag    // --history alone
	RuleFormatFlag // --format of rules
)

// Bind defines the flags of some groups.
func (f *Flags) Bind(set *pflag.FlagSet, groups Group) {
	f.set, f.groups = set, groups
	set.SortFlags = false
	for _, e := range f.entries() {
		e.flag = f.name(e)
		e.define(set)
	}
}

// name is what the command calls an entry's flag: config, whose --format is that
// of its answer, has --formats for those of run.
func (f *Flags) name(e setting) string {
	if e.key == "formats" && f.groups&TextFlags != 0 {
		return e.key
	}
	return e.flag
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
		if err := f.set.Set(f.name(e), value); err != nil {
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

// Variables are the environment variables that stand for the flags of any command.
func Variables() (names []string) {
	for _, e := range (&loader{flags: &Flags{}, s: &Settings{}}).table() {
		if e.flag != "" && !e.noEnv {
			names = append(names, envName(e.flag))
		}
	}
	return names
}

// Flag is what completion knows of a flag.
type Flag struct {
	Name, About string
	Value       string   // what help calls its value, such as FILE; "" for a switch
	Choices     []string // of its value; nil for any
	List        bool     // several of them, with commas between
}

// FlagsOf are the flags of some groups, in the order of the help.
func FlagsOf(groups Group) (flags []Flag) {
	set, f := pflag.NewFlagSet("", pflag.ContinueOnError), &Flags{}
	f.Bind(set, groups)
	for _, e := range f.entries() {
		value, about := pflag.UnquoteUsage(set.Lookup(f.name(e)))
		_, list := e.kind.cell.(*[]strict.Located[string])
		flags = append(flags, Flag{f.name(e), about, value, e.kind.choices, list && !e.kind.path})
	}
	return flags
}

// given tells whether an entry's flag was set, by the command line or the
// environment.
func (f *Flags) given(e setting) bool {
	return e.flag != "" && e.groups&f.groups != 0 && f.set.Lookup(f.name(e)).Changed
}

// by names what set an entry's flag: --out or TRUEUP_OUT.
func (f *Flags) by(e setting) string {
	if slices.Contains(f.fromEnv, e.flag) {
		return envName(e.flag)
	}
	return "--" + f.name(e)
}

// values are those of a flag that is given; an empty list gives "".
func (f *Flags) values(e setting) []string {
	value := f.set.Lookup(f.name(e)).Value
	many, ok := value.(pflag.SliceValue)
	if !ok {
		return []string{value.String()}
	}
	if list := many.GetSlice(); len(list) > 0 {
		return list
	}
	return []string{""}
}
