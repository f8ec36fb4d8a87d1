// Package settings puts together what a run is told: flags win over the
// environment, the environment over the settings file, the file over defaults.
package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"trueup/report/deliver/mail"
	"trueup/report/formats"
)

// Flags are the values given on the command line or in the environment. The
// names are the same wherever a command needs them.
type Flags struct {
	Input, URL     string
	Sample         bool
	Config         string
	Rules          []string
	NoBuiltinRules bool
	Waivers        string
	Contacts       string
	History        string
	Baseline       string
	Out            string
	Formats        []string
	SplitBy        string
	AsOf           string
	FailOn         string
	AllowEmpty     bool
	AllowPartial   bool
	Annotations    string
	Redact         string
	RedactKey      string
	Send, DryRun   bool
	Resend, Check  bool
	Allow          []string
	Progress       string
	Quiet          bool
	LogFormat      string
	Format         string // of rules, explain and diff: text, json or junit

	set *pflag.FlagSet
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
	TextFlags   // --format text, json or junit
	ConfigFlags // --config alone
	LogFlags
	AsOfFlag
	OutFileFlag // --out of a single file
	RunSendFlag // --send
	CheckFlag   // --check
	VerifyFlags // what rebuilding a run without a record needs
)

// Bind defines the flags of some groups.
func (f *Flags) Bind(set *pflag.FlagSet, groups Group) {
	f.set = set
	set.SortFlags = false
	for _, g := range flagGroups {
		if groups&g.group != 0 {
			g.bind(f, set)
		}
	}
}

var flagGroups = [...]struct {
	group Group
	bind  func(f *Flags, set *pflag.FlagSet)
}{
	{SourceFlags, (*Flags).bindSource},
	{SourceFlags | FetchFlags | RuleFlags | WaiverFlags | ReportFlags | SendFlags | ConfigFlags, (*Flags).bindConfig},
	{FetchFlags, (*Flags).bindFetch},
	{RuleFlags, (*Flags).bindRules},
	{WaiverFlags, (*Flags).bindWaivers},
	{ReportFlags, (*Flags).bindReport},
	{OutFlags, (*Flags).bindOut},
	{OutFileFlag, func(f *Flags, set *pflag.FlagSet) {
		set.StringVar(&f.Out, "out", "", "the snapshot's `FILE`")
	}},
	{RunSendFlag, (*Flags).bindRunSend},
	{SendFlags, (*Flags).bindSend},
	{CheckFlag, (*Flags).bindSendOnly},
	{TextFlags, func(f *Flags, set *pflag.FlagSet) {
		set.StringVar(&f.Format, "format", "text", "`text` or json; rules test: text or junit")
	}},
	{FetchFlags | SendFlags | LogFlags, (*Flags).bindLog},
	{WaiverFlags | AsOfFlag, (*Flags).bindAsOf},
	{VerifyFlags, (*Flags).bindVerify},
}

func (f *Flags) bindSource(set *pflag.FlagSet) {
	set.StringVar(&f.Input, "input", "", "customers from a `FILE` (- is standard input): the API's answer or a snapshot, plain or gzip")
	set.StringVar(&f.URL, "url", "", "customers from one live instance at this `BASE` URL; credentials from the environment")
	set.BoolVar(&f.Sample, "sample", false, "customers from the built-in sample portfolio")
}

func (f *Flags) bindConfig(set *pflag.FlagSet) {
	set.StringVar(&f.Config, "config", "", "settings `FILE`; default trueup.yaml in the working directory if it is there")
}

func (f *Flags) bindFetch(set *pflag.FlagSet) {
	set.BoolVar(&f.AllowEmpty, "allow-empty", false, "accept a list without customers")
	set.BoolVar(&f.AllowPartial, "allow-partial", false, "write the reports although an instance failed, with the gap named; still exit 3")
}

func (f *Flags) bindRules(set *pflag.FlagSet) {
	set.StringArrayVar(&f.Rules, "rules", nil, "rule file or folder at `PATH`, repeatable; added to the built-in rules")
	set.BoolVar(&f.NoBuiltinRules, "no-builtin-rules", false, "only the rules given")
}

func (f *Flags) bindWaivers(set *pflag.FlagSet) {
	set.StringVar(&f.Waivers, "waivers", "", "waivers `FILE` (YAML)")
}

func (f *Flags) bindAsOf(set *pflag.FlagSet) {
	set.StringVar(&f.AsOf, "as-of", "", "the report's `TIME`, RFC 3339 or YYYY-MM-DD; default the snapshot's own, else now")
}

func (f *Flags) bindVerify(set *pflag.FlagSet) {
	set.StringVar(&f.Input, "input", "", "the customers of redacted reports: a `FILE` as run took it")
	f.bindConfig(set)
	f.bindRules(set)
	f.bindWaivers(set)
	f.bindPast(set)
	f.bindAnnotations(set)
}

// bindPast binds who manages whom, and what the report is compared with.
func (f *Flags) bindPast(set *pflag.FlagSet) {
	set.StringVar(&f.Contacts, "contacts", "", "who manages which customer: a `FILE` in CSV")
	set.StringVar(&f.History, "history", "", "`DIR` of snapshots: this run's is added, the earlier ones give changes and trend")
	set.StringVar(&f.Baseline, "baseline", "", "compare with this snapshot `FILE` instead of the newest earlier one of the history")
}

func (f *Flags) bindAnnotations(set *pflag.FlagSet) {
	set.StringVar(&f.Annotations, "annotations", "", "bring back Owner, Due and Comment from a returned workbook or CSV `FILE`")
}

func (f *Flags) bindReport(set *pflag.FlagSet) {
	f.bindPast(set)
	set.StringSliceVar(&f.Formats, "format", nil, "any of "+strings.Join(formats.Formats(), ",")+" as a `LIST`; default xlsx,pdf,json")
	set.StringVar(&f.SplitBy, "split-by", "", "`manager`: also one workbook, PDF and JSON per account manager")
	f.bindAnnotations(set)
	set.StringVar(&f.Redact, "redact", "", "`names`: pseudonyms for customer names and tenant ids in every output, no snapshot among them")
	set.StringVar(&f.RedactKey, "redact-key", "", "also write the `FILE` (CSV) that undoes the redaction")
	set.StringVar(&f.FailOn, "fail-on", "", "exit 1 at findings of this `SEVERITY` or above; default none")
}

func (f *Flags) bindRunSend(set *pflag.FlagSet) {
	set.BoolVar(&f.Send, "send", false, "e-mail the reports after writing them")
}

func (f *Flags) bindSendOnly(set *pflag.FlagSet) {
	set.BoolVar(&f.Check, "check", false, "only look whether the mail could be sent, guards included")
}

func (f *Flags) bindOut(set *pflag.FlagSet) {
	set.StringVar(&f.Out, "out", "", "where the reports go: a `DIR`; default reports")
}

func (f *Flags) bindSend(set *pflag.FlagSet) {
	set.BoolVar(&f.DryRun, "dry-run", false, "write .eml files to DIR/outbox instead of sending")
	set.BoolVar(&f.Resend, "resend", false, "send also what was sent before")
	set.StringSliceVar(&f.Allow, "allow", nil, "let a `GUARD` pass that somebody has looked at: "+strings.Join(mail.GuardNames(), ", "))
}

func (f *Flags) bindLog(set *pflag.FlagSet) {
	set.StringVar(&f.Progress, "progress", "auto", "progress on standard error: `auto`, always or never")
	set.BoolVar(&f.Quiet, "quiet", false, "neither progress nor log on standard error, errors excepted")
	set.StringVar(&f.LogFormat, "log-format", "text", "log on standard error as `text` or json")
}

// sources are the flags of which exactly one is given.
var sources = []string{"input", "url", "sample"}

// FromEnvironment fills flags that were not given from TRUEUP_<NAME>, as
// TRUEUP_OUT for --out.
func (f *Flags) FromEnvironment(lookup func(string) (string, bool)) (err error) {
	source := slices.ContainsFunc(sources, f.given)
	f.set.VisitAll(func(flag *pflag.Flag) {
		name := envName(flag.Name)
		value, ok := lookup(name)
		if flag.Changed || !ok || value == "" || err != nil {
			return
		}
		if flag.Name == "format" && flag.Value.Type() == "string" {
			return // TRUEUP_FORMAT lists formats of reports: not text or json
		}
		if source && slices.Contains(sources, flag.Name) {
			return // a source on the command line is the only one
		}
		if setErr := f.set.Set(flag.Name, value); setErr != nil {
			err = fmt.Errorf("environment variable %s: %w", name, setErr)
		}
	})
	return err
}

// envName is the environment variable that stands for a flag.
func envName(flag string) string {
	return "TRUEUP_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// given tells whether a flag was set, by the command line or the environment.
func (f *Flags) given(name string) bool {
	flag := f.set.Lookup(name)
	return flag != nil && flag.Changed
}
