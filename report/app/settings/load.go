package settings

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules/strict"
)

// loader fills Settings from all their sources, collecting every mistake.
type loader struct {
	flags *Flags
	env   func(string) (string, bool)
	s     *Settings

	instances []instance // as the file has them
	overrides map[string]strict.Located[*override]
	caFile    string // of all instances

	errs  strict.Errors
	usage error // the first mistake in a flag or the environment
}

// read reads the file of --config, or the one in the working directory if there
// is one.
func (l *loader) read(t table) error {
	path := l.flags.Config
	if path == "" {
		var err error
		if path, err = found(); path == "" {
			return err
		}
	}
	data, err := plain.ReadFile(path, strict.MaxBytes)
	if err != nil {
		return Usage{"read settings: " + err.Error(), "give the file with --config FILE; trueup init writes a commented one"}
	}
	if l.flags.Config == "" {
		l.s.Origins = append(l.s.Origins, Origin{"config", path, "working directory"})
	}
	l.s.Path = path
	errs := strict.Decode(path, data, &t)
	for i := range errs { // messages end up in logs
		if secretLine.MatchString(errs[i].SourceLine) {
			errs[i].SourceLine = ""
		}
	}
	return errs.Err()
}

// found is the settings file in the working directory; "" if there is none. Of
// two nobody could tell which is meant.
func found() (string, error) {
	var there []string
	for _, name := range defaultFiles {
		if _, err := os.Stat(name); err == nil {
			there = append(there, name)
		}
	}
	switch len(there) {
	case 0:
		return "", nil
	case 1:
		return there[0], nil
	}
	return "", Usage{"both " + strings.Join(there, " and ") + " are there", "keep one of them, or say which with --config FILE"}
}

// secretLine is a line that may hold a secret, though none belongs there.
var secretLine = regexp.MustCompile(`(?i)(secret|password|token)\w*["']?\s*:|://[^/\s]*@`)

// settle checks and keeps the values of a table's settings. The prefix of their
// names is "" for the table of all, and such as "instances.emea." for others.
func (l *loader) settle(prefix string, t table) {
	for _, e := range t {
		if e.key == "" && e.groups&l.flags.groups == 0 { // the flag of another command, perhaps of the same name
			continue
		}
		if e.kind.settle != nil {
			e.kind.settle(prefix + e.key)
			continue
		}
		words := l.words(e)
		for _, w := range words {
			if err := e.take(w); err != nil {
				l.wrong(w, err)
			}
		}
		l.note(prefix, e, words)
	}
}

// words are the values of a setting: those of the flag, else those of the file,
// else the default. A path in the file is relative to the file.
func (l *loader) words(e setting) []word {
	words := e.kind.words()
	for i, w := range words {
		if path := w.String(); e.kind.path && path != "" && !filepath.IsAbs(path) {
			words[i].value = filepath.Join(filepath.Dir(l.s.Path), filepath.FromSlash(path))
		}
	}
	if l.flags.given(e) {
		if !e.adds {
			words = nil
		}
		for _, value := range l.flags.values(e) {
			if e.denies {
				value = strconv.FormatBool(value != "true")
			}
			words = append(words, word{value: value, by: l.flags.by(e)})
		}
	}
	if words == nil {
		for _, value := range e.defaults() {
			words = append(words, word{value: value})
		}
	}
	return words
}

// take checks one value and keeps it. The default is not checked, so that "" unsets
// a setting that has no default.
func (e setting) take(w word) error {
	if check := e.kind.check; check != nil && (w.name != "" || w.String() != e.byDefault) {
		if err := check(w.String()); err != nil {
			return err
		}
	}
	return e.kind.keep(w)
}

// wrong notes a mistake: each one in the file with its place, but only the first in
// flags and the environment.
func (l *loader) wrong(w word, err error) {
	var u Usage
	if !errors.As(err, &u) {
		u.Text = err.Error()
	}
	switch {
	case w.by == "":
		l.errs = append(l.errs, strict.Error{Pos: w.pos, Text: u.Text, HintText: u.HintText})
	case l.usage == nil:
		l.usage = Usage{w.by + ": " + u.Text, u.HintText}
	}
}

// note records a setting's value and where it comes from, for people. Paths and
// the values of a mapping stand one by one. Defaults are recorded for the settings
// of the file, not for mere flags, single instances or rules.
func (l *loader) note(prefix string, e setting, words []word) {
	if len(words) == 0 {
		words = []word{{value: e.unset}}
	}
	if len(words) > 1 && !e.kind.path && words[0].name == "" { // a list is one value
		words = []word{{value: strings.Join(texts(words), ", "), pos: words[0].pos, by: words[0].by}}
	}
	for _, w := range words {
		value, from := w.String(), w.pos.String()
		switch {
		case strings.HasPrefix(w.by, "--"):
			from = "flag " + w.by
		case w.by != "":
			from = "environment " + w.by
		case w.pos.Line == 0 && (prefix != "" || e.key == ""):
			return
		case w.pos.Line == 0:
			from = "default"
		}
		if e.kind.secret && value != "" { // whether it is set, never what it is
			l.s.Variables = append(l.s.Variables, value)
			state := " (not set)"
			if secret, ok := l.env(value); ok && secret != "" {
				state = " (set, masked)"
			}
			value += state
		}
		name := strings.TrimSuffix(prefix+cmp.Or(e.key, e.flag)+"."+w.name, ".")
		l.s.Origins = append(l.s.Origins, Origin{plain.Text(name), value, from})
	}
}

func texts(words []word) (list []string) {
	for _, w := range words {
		list = append(list, w.String())
	}
	return list
}

// finish does what depends on more than one setting.
func (l *loader) finish(t table) {
	s := l.s
	if s.URL != "" {
		s.Live.Instances = []fetch.Instance{{URL: s.URL, Auth: fetch.AuthFromEnv(l.env)}}
	}
	for i := range s.Live.Instances {
		s.Live.Instances[i].CAFile = l.caFile
	}
	if s.RedactKey != "" && s.Redact == "" {
		l.wrong(word{by: "--redact-key"}, Usage{"there is nothing to undo without --redact names", "leave it out, or redact"})
	}
	if told := t.words("mail.onFailure"); len(told) > 0 && s.Mail.Host == "" {
		l.wrong(told[0], Usage{"nobody can be told without a mail server", "name it under mail.host"})
	}
	prices := t.words("prices")
	for i := range l.instances {
		prices = append(prices, l.instances[i].words("prices")...)
	}
	switch {
	case len(prices) == 0:
		s.Prices.Currency = "" // there is no money
	case strings.Join(texts(t.words("currency")), "") == "":
		first := slices.MinFunc(prices, func(a, b word) int { return a.pos.Compare(b.pos) })
		l.wrong(first, Usage{"prices without a currency", "add currency: EUR, or whichever it is"})
	}
}
