package settings

import (
	netmail "net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/deliver/mail"
	"trueup/report/formats"
	"trueup/report/formats/pdf"
	"trueup/rules/strict"
)

// setting is all there is to know about one setting. The flags, the reading of the
// file, trueup config, the help and the schema for editors come from it.
type setting struct {
	key       string // its place in the file, such as mail.host; "" if it is a flag alone
	required  bool   // in a structure
	flag      string // "" if it is in the file alone
	denies    bool   // the flag negates the setting
	adds      bool   // the flag's values come after the file's, not in their place
	noEnv     bool   // no environment variable stands for the flag
	groups    Group  // the commands that have the flag
	kind      kind
	byDefault string // as people would write it; a list with commas
	unset     string // what holds without any value, in words
	help      string // `NAME` is what help calls the flag's value
}

// defaults are the values that hold if none is given.
func (e setting) defaults() []string {
	_, list := e.kind.cell.(*[]strict.Located[string])
	switch {
	case e.byDefault == "":
		return nil
	case list:
		return strings.Split(e.byDefault, ",")
	}
	return []string{e.byDefault}
}

// about is the help text, with what holds without a value.
func (e setting) about() string {
	if e.unset == "" {
		return e.help
	}
	return e.help + "; default " + e.unset
}

// table has settings in the order of the starter file.
type table []setting

// table lists all settings; their values go to the loader's Settings and Flags.
func (l *loader) table() table {
	f, s := l.flags, l.s
	t, r := fetch.DefaultTimeouts, fetch.DefaultRetry
	m, g := mail.Defaults(), mail.DefaultGuards()
	const configFlags = SourceFlags | FetchFlags | RuleFlags | WaiverFlags | ReportFlags | SendFlags | VerifyFlags
	const logFlags = FetchFlags | SendFlags | LogFlags
	return table{
		{flag: "input", groups: SourceFlags, kind: text(&s.Input), help: "customers from a `FILE` (- is standard input): the API's answer or a snapshot, plain or gzip"},
		{flag: "input", groups: VerifyFlags, kind: text(&s.Input), help: "the customers of redacted reports: a `FILE` as run took it"},
		{flag: "url", groups: SourceFlags, kind: text(&s.URL).checked(cleanURL), help: "customers from one live instance at this `BASE` URL; credentials from the environment"},
		{flag: "sample", groups: SourceFlags, kind: toggle(&s.Sample), help: "customers from the built-in sample portfolio"},
		{flag: "config", groups: configFlags, kind: text(&f.Config), unset: strings.Join(defaultFiles[:], " or ") + " in the working directory if there is one", help: "settings `FILE`"},

		{key: "title", kind: text(&s.Title), byDefault: "License compliance", help: "title of every report"},
		{key: "organization", kind: text(&s.Organization), help: "whose report it is"},
		{key: "confidentiality", kind: text(&s.Branding.Confidentiality), byDefault: "Confidential: contains customer and license data.", help: "line on the first page"},
		{key: "logo", kind: logo(&s.Branding.Logo), help: "PNG or JPEG file, on the first page"},
		{key: "accentColor", kind: colour(&s.Branding.Accent), help: "colour of headings and charts, as six hexadecimal digits"},

		{key: "timezone", kind: timezone(&s.Zone), byDefault: "UTC", help: "which day a report belongs to, and every time shown: a name such as Europe/Berlin"},

		{key: "instances", kind: kind{cell: &l.instances, settle: l.settleInstances}, help: "the Live Platform instances that the customers come from"},
		{key: "sbcs", kind: sbcNames(s.SbcNames[""]), help: "names of the SBCs by sbcId, with --url and --input"},
		{key: "values.sbcDeploymentState", kind: meanings(s.Values[""].DeploymentState), help: "what raw values of it mean that the vendor does not publish, as {3: Deployed}"},
		{key: "values.sbcConfigurationType", kind: meanings(s.Values[""].ConfigurationType), help: "the same of this field, as {0: SipTrunk, 1: Byoc}"},
		{key: "fetch.connectTimeout", kind: duration(&s.Live.Timeouts.Connect), byDefault: written(t.Connect), help: "time to connect"},
		{key: "fetch.tlsTimeout", kind: duration(&s.Live.Timeouts.TLS), byDefault: written(t.TLS), help: "time for the TLS handshake"},
		{key: "fetch.headerTimeout", kind: duration(&s.Live.Timeouts.Header), byDefault: written(t.Header), help: "time until the first byte of the answer"},
		{key: "fetch.timeout", kind: duration(&s.Live.Timeouts.Whole), byDefault: written(t.Whole), help: "time for one whole request"},
		{key: "fetch.totalTimeout", kind: duration(&s.Live.Retry.Total), byDefault: written(r.Total), help: "time for all tries together"},
		{key: "fetch.attempts", kind: number(&s.Live.Retry.Attempts, 1, 1, unlimited), byDefault: strconv.Itoa(r.Attempts), help: "tries in all"},
		{key: "fetch.retryWait", kind: duration(&s.Live.Retry.WaitMin), byDefault: written(r.WaitMin), help: "wait before the second try, longer before each further one"},
		{key: "fetch.maxBodyMB", kind: number(&s.Live.Limits.MaxBytes, 1<<20, 1, 1<<20), byDefault: strconv.Itoa(int(fetch.DefaultLimits.MaxBytes >> 20)), help: "MiB of one answer, decompressed, at which it is refused"},
		{key: "fetch.maxCustomers", kind: number(&s.Live.Limits.MaxCustomers, 1, 1, unlimited), byDefault: strconv.Itoa(fetch.DefaultLimits.MaxCustomers), help: "customers of one answer, beyond which it is refused"},
		{key: "fetch.maxConnections", kind: number(&s.Live.Limits.MaxConnections, 1, 1, unlimited), byDefault: strconv.Itoa(fetch.DefaultLimits.MaxConnections), help: "SIP connections of one answer, beyond which it is refused"},
		{key: "fetch.caFile", kind: path(&l.caFile), help: "PEM file of authorities trusted beside the system's"},
		{key: "fetch.usageConcurrency", kind: number(&s.Live.UsageConcurrency, 1, 1, 64), byDefault: strconv.Itoa(fetch.DefaultUsageConcurrency), help: "license histories asked for side by side, of one instance"},
		{key: "fetch.usagePerSecond", kind: number(&s.Live.UsageRate, 1, 1, unlimited), unset: "no limit", help: "license histories asked for in a second, of one instance"},
		{flag: "usage-months", groups: FetchFlags, kind: number(&s.Live.UsageMonths, 1, 1, 60), help: "also fetch each customer's license history of `N` months: peak, average, forecast"},
		{flag: "resume", groups: FetchFlags, kind: toggle(&s.Resume), help: "take up the interrupted fetch of license histories whose journal lies beside the output"},
		{flag: "allow-empty", groups: FetchFlags, kind: toggle(&s.AllowEmpty), help: "accept a list without customers"},
		{flag: "allow-partial", groups: FetchFlags, kind: toggle(&s.AllowPartial), help: "go on although an instance failed, with the gap named; still exit 3"},

		{key: "currency", kind: text(&s.Prices.Currency).like(`^[A-Z]{3}$`, "a currency code", "write its three capital letters, such as EUR"), help: "currency of the prices; without it no money appears anywhere"},
		{key: "prices", kind: prices(s.Prices.ByType), help: "price per license and month, by LicenseType"},

		{key: "rules.paths", flag: "rules", adds: true, groups: RuleFlags | VerifyFlags, kind: paths(&s.Rules.Paths), help: "rule file or folder at `PATH`, repeatable; added to the built-in rules"},
		{key: "rules.builtin", flag: "no-builtin-rules", denies: true, groups: RuleFlags | VerifyFlags, kind: toggle(&s.Rules.Builtin), byDefault: "true", help: "use the built-in rules"},
		{key: "rules.override", kind: kind{cell: &l.overrides, settle: l.settleOverrides}, help: "changes to rules, by their id"},

		{key: "waivers", flag: "waivers", groups: WaiverFlags | VerifyFlags, kind: path(&s.Waivers), help: "waivers `FILE` (YAML)"},
		{key: "contacts", flag: "contacts", groups: ReportFlags | FindingFlags | SendFlags | VerifyFlags, kind: path(&s.Contacts), help: "who manages which customer: a `FILE`, CSV or .xlsx"},
		{key: "history", flag: "history", groups: ReportFlags | FindingFlags | SendFlags | VerifyFlags | HistoryFlag, kind: path(&s.History), help: "`DIR` of the snapshots and records of earlier runs, which give changes and trend, and of the mail ledger; run adds its own"},
		{flag: "baseline", groups: ReportFlags | FindingFlags | VerifyFlags, kind: text(&s.Baseline), help: "compare with this snapshot `FILE` instead of the newest earlier one of the history"},
		{key: "out", flag: "out", groups: OutFlags, kind: path(&s.Out).checked(notEmpty), byDefault: "reports", help: "where the reports go: a `DIR`"},
		{key: "fileMode", kind: fileMode(&s.FileMode), byDefault: "0600", help: "permissions of every file that is written; folders can be entered by those who may read"},
		{flag: "out", groups: OutFileFlag, kind: text(&f.Out), help: "the snapshot's `FILE`"},
		{key: "formats", flag: "format", groups: ReportFlags, kind: list(&s.Formats).oneOf("format", formats.Formats()...), byDefault: "xlsx,pdf,json", help: "any of " + strings.Join(formats.Formats(), ",") + " as a `LIST`"},
		{key: "splitBy", flag: "split-by", groups: ReportFlags, kind: text(&s.SplitBy).oneOf("split", "manager"), help: "`manager`: also one workbook, PDF and JSON per account manager"},
		{flag: "annotations", groups: ReportFlags | FindingFlags | VerifyFlags, kind: paths(&s.Annotations), help: "bring back Owner, Due and Comment from a returned workbook or CSV file at `PATH`, or a folder of them, repeatable"},
		{flag: "redact", groups: ReportFlags | FindingFlags, kind: text(&s.Redact).oneOf("redaction", "names"), help: "`names`: pseudonyms for customer names and tenant ids in every output; no snapshot is written"},
		{flag: "redact-key", groups: ReportFlags, kind: text(&s.RedactKey), help: "also write the `FILE` (CSV) that undoes the redaction"},
		{key: "failOn", flag: "fail-on", groups: ReportFlags | FindingFlags, kind: severity(&s.FailOn, "none"), byDefault: "none", help: "exit 1 at findings of this `SEVERITY` or above"},
		{flag: "as-of", groups: WaiverFlags | AsOfFlag, kind: moment(&s.AsOf, &s.Zone), unset: "the snapshot's own, else now", help: "the report's `TIME`, RFC 3339 or YYYY-MM-DD, a day of timezone"},

		{key: "pdf.cover", kind: toggle(&s.PDF.Cover), byDefault: "false", help: "a cover page of its own before the summary"},
		{key: "pdf.maxCustomers", kind: number(&s.PDF.MaxCustomers, 1, 1, unlimited), byDefault: strconv.Itoa(pdf.DefaultMaxCustomers), help: "customers with a section of their own; the workbook has all"},
		{key: "pdf.systemFonts", kind: toggle(&s.PDF.SystemFonts), byDefault: "true", help: "use the machine's fonts for scripts that the built-in ones lack"},
		{key: "pdf.fonts", kind: paths(&s.PDF.Fonts), help: "further TrueType files for such scripts, tried in this order"},

		{flag: "send", groups: RunSendFlag, kind: toggle(&f.Send), help: "e-mail the reports after writing them"},
		{flag: "dry-run", groups: SendFlags, kind: toggle(&f.DryRun), help: "write .eml files to DIR/outbox instead of sending"},
		{flag: "resend", groups: SendFlags, kind: toggle(&f.Resend), help: "send again; what changed since the mail of this period goes as a correction"},
		{flag: "allow", groups: SendFlags, kind: list(&s.Mail.Guards.Allow).oneOf("guard", mail.GuardNames()...), help: "let a `GUARD` pass that somebody has looked at: " + strings.Join(mail.GuardNames(), ", ")},
		{flag: "check", groups: CheckFlag, kind: toggle(&f.Check), help: "only check whether the mail could be sent, guards included"},
		{key: "mail.host", kind: text(&s.Mail.Host), help: "mail server; without one nothing is sent"},
		{key: "mail.port", kind: number(&s.Mail.Port, 1, 1, 65535), unset: "587, 465 or 25, by mail.tls", help: "its port"},
		{key: "mail.tls", kind: text(&s.Mail.TLS).oneOf("tls", mail.STARTTLS, mail.Implicit, mail.NoTLS), byDefault: m.TLS, help: "starttls, which is required then; implicit is TLS from the start; none only to this machine"},
		{key: "mail.username", kind: text(&s.Mail.Username), help: "user that signs in; without one there is no sign-in"},
		{key: "mail.passwordEnv", kind: secretEnv(&s.Mail.PasswordEnv), help: "environment variable with the password"},
		{key: "mail.passwordFile", kind: path(&s.Mail.PasswordFile), help: "or the file with it"},
		{key: "mail.from", kind: text(&s.Mail.From), help: "address of the sender"},
		{key: "mail.to", kind: list(&s.Mail.To), help: "addresses that get the whole book"},
		{key: "mail.cc", kind: list(&s.Mail.Cc), help: "addresses that get a copy of it"},
		{key: "mail.onFailure", kind: list(&s.Mail.OnFailure).checked(isAddress), help: "addresses that hear that a run failed: what, and where"},
		{key: "mail.period", kind: text(&s.Mail.Period).oneOf("period", mail.Month, mail.Day), byDefault: m.Period, help: "each recipient gets one mail in a month, or a day, of the reports"},
		{key: "mail.attach", kind: list(&s.Mail.Attach), byDefault: strings.Join(m.Attach, ","), help: "endings of the files to attach, the most important first"},
		{key: "mail.maxAttachmentMB", kind: number(&s.Mail.MaxAttachment, 1<<20, 1, 1<<20), byDefault: strconv.FormatInt(m.MaxAttachment>>20, 10), help: "MiB of attachments in one mail; what does not fit is named in the mail"},
		{key: "mail.replyWithin", kind: text(&s.Mail.ReplyWithin).like(mail.ReplyPattern, "a time to reply in", "write it as \"5 working days\", \"10 days\" or none"), byDefault: m.ReplyWithin, help: "in what time account managers are asked to return their workbook with Owner, Due and Comment: as 5 working days; none asks nobody"},
		{key: "mail.templates", kind: path(&s.Mail.Templates), help: "folder with your own subject.txt, body.txt and body.html, in place of the built-in ones"},
		{key: "mail.caFile", kind: path(&s.Mail.CAFile), help: "PEM file of authorities trusted beside the system's"},
		{key: "mail.timeout", kind: duration(&s.Mail.Timeout), byDefault: written(m.Timeout), help: "time to connect and for each answer"},
		{key: "mail.attempts", kind: number(&s.Mail.Attempts, 1, 1, unlimited), byDefault: strconv.Itoa(m.Attempts), help: "tries of a mail whose failure may pass"},
		{key: "mail.retryWait", kind: duration(&s.Mail.Backoff), byDefault: written(m.Backoff), help: "wait before the second try, doubled for each further one"},

		{key: "guards.customersFallPercent", kind: number(&s.Mail.Guards.CustomersFallPercent, 1, 0, unlimited), byDefault: strconv.Itoa(g.CustomersFallPercent), help: "nothing is sent if the customers fell by more; 100 never stops a mail"},
		{key: "guards.findingsRisePercent", kind: number(&s.Mail.Guards.FindingsRisePercent, 1, 0, unlimited), byDefault: strconv.Itoa(g.FindingsRisePercent), help: "nothing is sent if the findings rose by more"},
		{key: "guards.maxAgeDays", kind: number(&s.Mail.Guards.MaxAgeDays, 1, 0, unlimited), byDefault: strconv.Itoa(g.MaxAgeDays), help: "trueup send sends no report whose day is longer ago; 0 never stops one"},

		{flag: "severity", groups: FindingFlags, kind: severity(&s.Filter.Least), help: "only findings of this `SEVERITY` or above"},
		{flag: "rule", groups: FindingFlags, kind: list(&s.Filter.Rules), help: "only findings of the rule with this `ID`, repeatable"},
		{flag: "customer", groups: FindingFlags, kind: text(&s.Filter.Customer), help: "only findings about this `CUSTOMER`: its GUID, its short or full name, or a pattern on a name with * for any text"},
		{flag: "manager", groups: FindingFlags, kind: text(&s.Filter.Manager), help: "only findings about customers of the account manager with this `NAME`"},
		{flag: "change", groups: FindingFlags, kind: list(&s.Filter.Changes).oneOf("change", report.ChangeNames()...), help: "only findings that are `CHANGE` against the earlier report: " + strings.Join(report.ChangeNames(), ", ")},
		{flag: "verdict", groups: FindingFlags, kind: list(&s.Filter.Verdicts).oneOf("verdict", report.FilterVerdicts()...), byDefault: "finding,waived", help: "only what has this `VERDICT`: " + strings.Join(report.FilterVerdicts(), ", ")},
		{flag: "sort", groups: FindingFlags, kind: text(&s.Filter.Sort).oneOf("order", report.Orders()...), byDefault: report.BySeverity, help: "`ORDER` of the findings: " + strings.Join(report.Orders(), ", ")},
		{flag: "format", noEnv: true, groups: FindingFlags, kind: text(&f.Format).oneOf("format", "table", "json", "csv"), byDefault: "table", help: "`table`, json or csv, as the reports have the findings; on the command line alone"},
		{flag: "color", groups: FindingFlags, kind: text(&f.Color).oneOf("mode", "auto", "always", "never"), byDefault: "auto", help: "colours of the severities: `auto`, always or never; auto heeds NO_COLOR"},

		{flag: "format", noEnv: true, groups: TextFlags, kind: text(&f.Format).offering("text", "json"), byDefault: "text", help: "`text` or json; on the command line alone"},
		{flag: "format", noEnv: true, groups: RuleFormatFlag, kind: text(&f.Format).offering("text", "json", "junit", "md"), byDefault: "text", help: "`text` or json; test: text or junit; replay: text, json or md; on the command line alone"},
		{flag: "progress", groups: logFlags, kind: text(&f.Progress).oneOf("mode", "auto", "always", "never"), byDefault: "auto", help: "progress on standard error: `auto`, always or never"},
		{flag: "quiet", groups: logFlags, kind: toggle(&f.Quiet), help: "no progress and no log on standard error, only errors"},
		{flag: "log-format", groups: logFlags, kind: text(&f.LogFormat).oneOf("format", "text", "json"), byDefault: "text", help: "log on standard error as `text` or json"},
	}
}

// written is a duration as people write it.
func written(d time.Duration) string { return strings.Replace(d.String(), "m0s", "m", 1) }

func isAddress(value string) error {
	if _, err := netmail.ParseAddress(value); err != nil {
		return Usage{strconv.Quote(value) + " is not an e-mail address", "write it as licensing@example.com"}
	}
	return nil
}

func notEmpty(value string) error {
	if value == "" {
		return Usage{"no place to write to", "name it, such as reports"}
	}
	return nil
}

// cleanURL refuses a URL that carries credentials, without showing them.
func cleanURL(value string) error {
	if u, err := url.Parse(value); err == nil && u.User != nil || err != nil && strings.Contains(value, "@") {
		return Usage{"the url carries a user or a password", "name the credentials under auth:, never in the url"}
	}
	return nil
}

// Keys are the table's keys for the reader of the file. Those with a dot stand
// in a mapping, which is a table of its own.
func (t table) Keys() (keys []strict.Key) {
	for _, e := range t {
		name, _, deeper := strings.Cut(e.key, ".")
		switch {
		case e.key == "" || slices.ContainsFunc(keys, func(k strict.Key) bool { return k.Name == name }):
		case deeper:
			below := t.below(name)
			keys = append(keys, strict.Key{Name: name, Into: &below})
		default:
			keys = append(keys, strict.Key{Name: name, Required: e.required, Into: e.kind.cell})
		}
	}
	return keys
}

// below are the settings of a mapping, with their keys in it.
func (t table) below(name string) (below table) {
	for _, e := range t {
		if key, ok := strings.CutPrefix(e.key, name+"."); ok {
			e.key = key
			below = append(below, e)
		}
	}
	return below
}

// words are the values of a key in the file.
func (t table) words(key string) []word {
	return t[slices.IndexFunc(t, func(e setting) bool { return e.key == key })].kind.words()
}
