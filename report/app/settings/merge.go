package settings

import (
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trueup/fetch/plain"
	"trueup/report/formats"
	"trueup/rules"
	"trueup/rules/strict"
)

// merger builds Settings from its parts, collecting every mistake.
type merger struct {
	flags *Flags
	file  *File
	s     *Settings
	dir   string // paths in the file are relative to it
	env   func(string) (string, bool)
	errs  strict.Errors
	usage error // the first mistake in a flag
}

// text picks a text: the flag if it was given, else the file, else the default.
func (m *merger) text(name, flag, flagValue string, file strict.Located[string], byDefault string) string {
	value, from := byDefault, "default"
	switch {
	case flag != "" && m.flags.given(flag):
		value, from = flagValue, "flag --"+flag+" or "+envName(flag)
	case file.Given():
		value, from = file.V, file.Pos.String()
	}
	m.note(name, value, from)
	return value
}

// path is text for a file's name: one in the settings file is relative to it.
func (m *merger) path(name, flag, flagValue string, file strict.Located[string], byDefault string) string {
	if file.Given() && file.V != "" {
		file.V = m.relative(file.V)
	}
	return m.text(name, flag, flagValue, file, byDefault)
}

func (m *merger) relative(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(m.dir, filepath.FromSlash(path))
}

func (m *merger) note(name, value, from string) {
	m.s.Origins = append(m.s.Origins, Origin{name, value, from})
}

// noteDefault notes what holds where a setting is not given.
func (m *merger) noteDefault(name string, given bool, value string) {
	if !given {
		m.note(name, value, "default")
	}
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// secretEnv is the name of an environment variable with a secret. People are
// told whether it is set, never what it is.
func (m *merger) secretEnv(name string, file strict.Located[string]) string {
	if !file.Given() {
		return ""
	}
	if !variableName.MatchString(file.V) { // it may be the secret itself: never shown
		m.wrong(file.Pos, "this is not the name of an environment variable", "name the variable that holds the secret, never the secret")
		return ""
	}
	state := " (not set)"
	if value, ok := m.env(file.V); ok && value != "" {
		state = " (set, masked)"
	}
	m.note(name, file.V+state, file.Pos.String())
	return file.V
}

func (m *merger) wrong(pos strict.Position, text, hint string) {
	m.errs = append(m.errs, strict.Error{Pos: pos, Text: text, HintText: hint})
}

func (m *merger) misused(text, hint string) {
	if m.usage == nil {
		m.usage = Usage{text, hint}
	}
}

func (m *merger) looks() {
	s := m.s
	s.Title = m.text("title", "", "", m.file.Title, "License compliance")
	s.Organization = m.text("organization", "", "", m.file.Organization, "")
	s.Branding.Confidentiality = m.text("confidentiality", "", "", m.file.Confidentiality, "Confidential: contains customer and license data.")
	s.Branding.Accent = m.text("accentColor", "", "", m.file.AccentColor, "")
	if a := s.Branding.Accent; a != "" {
		a = strings.TrimPrefix(a, "#")
		if _, err := strconv.ParseUint(a, 16, 32); err != nil || len(a) != 6 {
			m.wrong(m.file.AccentColor.Pos, "accentColor "+strconv.Quote(a)+" is not a colour", `write six hexadecimal digits, as "1F4E79"`)
		}
		s.Branding.Accent = strings.ToUpper(a)
	}
	if logo := m.path("logo", "", "", m.file.Logo, ""); logo != "" {
		data, err := readLogo(logo)
		if err != nil {
			m.wrong(m.file.Logo.Pos, err.Error(), "name a PNG or JPEG file of at most "+plain.Bytes(maxLogo))
		}
		s.Branding.Logo = data
	}
}

func (m *merger) source() {
	f, s := m.flags, m.s
	s.Input = m.text("input", "input", f.Input, strict.Located[string]{}, "")
	s.URL = m.text("url", "url", f.URL, strict.Located[string]{}, "")
	s.Sample = f.Sample
	s.AllowEmpty, s.AllowPartial = f.AllowEmpty, f.AllowPartial
	s.SbcNames = map[string]map[int64]string{"": m.sbcNames("sbcs.", m.file.Sbcs)}
	seen := map[string]bool{}
	for _, in := range m.file.Instances {
		m.instanceURL("instances."+in.Name.V+".url", in.URL)
		if seen[in.Name.V] {
			m.wrong(in.Name.Pos, "instance "+strconv.Quote(in.Name.V)+" is named twice", "give each instance its own name")
		}
		seen[in.Name.V] = true
		s.SbcNames[in.Name.V] = m.sbcNames("instances."+in.Name.V+".sbcs.", in.Sbcs)
	}
}

// instanceURL refuses one that carries credentials, without showing them.
func (m *merger) instanceURL(name string, file strict.Located[string]) {
	if u, err := url.Parse(file.V); err == nil && u.User != nil || err != nil && strings.Contains(file.V, "@") {
		m.wrong(file.Pos, "the url carries a user or a password", "name the credentials under auth:, never in the url")
		return
	}
	m.note(name, file.V, file.Pos.String())
}

func (m *merger) sbcNames(prefix string, byID map[int]strict.Located[string]) map[int64]string {
	names := make(map[int64]string, len(byID))
	for _, id := range sortedKeys(byID) {
		names[int64(id)] = byID[id].V
		m.note(prefix+strconv.Itoa(id), byID[id].V, byID[id].Pos.String())
	}
	return names
}

// flagsAlone notes what was given on the command line or in the environment
// and has no key in the file.
func (m *merger) flagsAlone() {
	for _, name := range []string{"sample", "as-of", "allow-empty", "allow-partial", "annotations", "redact", "redact-key",
		"send", "dry-run", "resend", "allow", "progress", "quiet", "log-format"} {
		if m.flags.given(name) {
			m.note(name, m.flags.set.Lookup(name).Value.String(), "flag --"+name+" or "+envName(name))
		}
	}
}

func (m *merger) rules() {
	f, s := m.flags, m.s
	s.Rules.Builtin = !f.NoBuiltinRules
	from := "default"
	if m.file.Rules.Builtin.Given() && !f.given("no-builtin-rules") {
		s.Rules.Builtin, from = m.file.Rules.Builtin.V, m.file.Rules.Builtin.Pos.String()
	} else if f.given("no-builtin-rules") {
		from = "flag --no-builtin-rules"
	}
	m.note("rules.builtin", strconv.FormatBool(s.Rules.Builtin), from)
	for _, p := range m.file.Rules.Paths {
		s.Rules.Paths = append(s.Rules.Paths, m.relative(p.V))
		m.note("rules.paths", m.relative(p.V), p.Pos.String())
	}
	for _, p := range f.Rules {
		s.Rules.Paths = append(s.Rules.Paths, p)
		m.note("rules.paths", p, "flag --rules or "+envName("rules"))
	}
	s.Rules.Overrides = map[string]rules.Override{}
	for _, id := range sortedKeys(m.file.Rules.Override) {
		s.Rules.Overrides[id] = m.override(id, m.file.Rules.Override[id])
	}
}

func (m *merger) override(id string, o strict.Located[OverrideFile]) rules.Override {
	out := rules.Override{Pos: o.Key, Params: map[string]any{}, ParamPos: map[string]rules.Position{}}
	if sev := o.V.Severity; sev.Given() {
		severity, err := rules.ParseSeverity(sev.V)
		if err != nil {
			m.wrong(sev.Pos, err.Error(), "")
		}
		out.Severity = &severity
		m.note("rules.override."+id+".severity", sev.V, sev.Pos.String())
	}
	if o.V.Enabled.Given() {
		out.Enabled = &o.V.Enabled.V
		m.note("rules.override."+id+".enabled", strconv.FormatBool(o.V.Enabled.V), o.V.Enabled.Pos.String())
	}
	for _, name := range sortedKeys(o.V.Params) {
		p := o.V.Params[name]
		out.Params[name], out.ParamPos[name] = p.V, p.Pos
		m.note("rules.override."+id+".params."+name, valueText(p.V), p.Pos.String())
	}
	return out
}

func (m *merger) paths() {
	f, s := m.flags, m.s
	s.Waivers = m.path("waivers", "waivers", f.Waivers, m.file.Waivers, "")
	s.Contacts = m.path("contacts", "contacts", f.Contacts, m.file.Contacts, "")
	s.History = m.path("history", "history", f.History, m.file.History, "")
	s.Baseline = m.text("baseline", "baseline", f.Baseline, strict.Located[string]{}, "")
	s.Out = m.path("out", "out", f.Out, m.file.Out, "reports")
	if s.Out == "" {
		m.mistake("out", m.file.Out.Pos, "no place to write to", "name it, as reports")
	}
	s.Annotations, s.Redact, s.RedactKey = f.Annotations, f.Redact, f.RedactKey
	switch {
	case s.Redact != "" && s.Redact != "names":
		m.misused("--redact: cannot redact "+strconv.Quote(s.Redact), "the only choice is names")
	case s.Redact == "" && s.RedactKey != "":
		m.misused("--redact-key without --redact names", "leave it out, or redact")
	}
	for _, font := range m.file.PDF.Fonts {
		s.PDF.Fonts = append(s.PDF.Fonts, m.relative(font.V))
		m.note("pdf.fonts", m.relative(font.V), font.Pos.String())
	}
	s.PDF.SystemFonts = orDefault(m, "pdf.systemFonts", m.file.PDF.SystemFonts, true)
	s.PDF.MaxCustomers = m.atLeastOne("pdf.maxCustomers", m.file.PDF.MaxCustomers, 500)
}

func (m *merger) report() {
	m.formats()
	f, s := m.flags, m.s
	s.SplitBy = m.text("splitBy", "split-by", f.SplitBy, m.file.SplitBy, "")
	if s.SplitBy != "" && s.SplitBy != "manager" {
		m.mistake("split-by", m.file.SplitBy.Pos, "unknown split "+strconv.Quote(s.SplitBy), "the only split is by manager")
	}
	failOn := m.text("failOn", "fail-on", f.FailOn, m.file.FailOn, "none")
	if failOn != "none" {
		severity, err := rules.ParseSeverity(failOn)
		if err != nil {
			m.mistake("fail-on", m.file.FailOn.Pos, err.Error(), "or none, to never fail on findings")
		}
		s.FailOn = &severity
	}
	if f.AsOf != "" {
		asOf, err := parseTime(f.AsOf)
		if err != nil {
			m.misused(err.Error(), "write 2026-11-23 or 2026-11-23T06:00:00Z")
		}
		s.AsOf = asOf
	}
}

func (m *merger) formats() {
	f, s := m.flags, m.s
	if f.given("format") && f.Formats != nil && len(f.Formats) == 0 {
		m.misused("--format: no format", "choose from "+strings.Join(formats.Formats(), ", "))
	}
	s.Formats = []string{"xlsx", "pdf", "json"}
	from := "default"
	if f.given("format") && len(f.Formats) > 0 {
		s.Formats, from = f.Formats, "flag --format or "+envName("format")
	} else if len(m.file.Formats) > 0 {
		s.Formats, from = nil, m.file.Formats[0].Pos.String()
		for _, format := range m.file.Formats {
			s.Formats = append(s.Formats, format.V)
		}
	}
	for i, format := range s.Formats {
		s.Formats[i] = strings.TrimSpace(format)
		if !slices.Contains(formats.Formats(), s.Formats[i]) {
			pos := strict.Position{}
			if i < len(m.file.Formats) {
				pos = m.file.Formats[i].Pos
			}
			m.mistake("format", pos, "unknown format "+strconv.Quote(format), "choose from "+strings.Join(formats.Formats(), ", "))
		}
	}
	m.note("formats", strings.Join(s.Formats, ","), from)
}

// mistake is about a flag if that was given, else about the file.
func (m *merger) mistake(flag string, pos strict.Position, text, hint string) {
	if m.flags.given(flag) {
		m.misused("--"+flag+": "+text, hint)
		return
	}
	m.wrong(pos, text, hint)
}
