package rules

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules/strict"
)

//go:embed *.yaml
var builtinFiles embed.FS

// builtinDir is the folder of the embedded files in positions.
const builtinDir = "built-in"

// Load reads, checks and compiles the rules of a run. The mistakes of all rule
// files and overrides come as one strict.Errors; a path that cannot be read is
// an ordinary error.
func Load(opt Options) (*Set, error) { return newRuleLoader().load(opt) }

func newRuleLoader() *ruleLoader {
	return &ruleLoader{seen: map[string]*draft{}, sources: map[string][]byte{}}
}

func (l *ruleLoader) load(opt Options) (*Set, error) {
	if opt.Builtin {
		if err := l.builtin(); err != nil {
			return nil, err
		}
	}
	for _, f := range opt.Files {
		l.file(f.Name, f)
	}
	for _, path := range opt.Paths {
		if err := l.path(path); err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
	}
	l.override(opt.Overrides)
	set, err := l.finish()
	if err == nil {
		set.Overrides = opt.Overrides
	}
	return set, err
}

// ruleLoader collects rules, and all mistakes, from one file after another.
type ruleLoader struct {
	drafts  []*draft
	seen    map[string]*draft // by id
	sources map[string][]byte // by file
	files   []File            // as they were read
	errs    strict.Errors
}

func (l *ruleLoader) builtin() error {
	names, err := fs.Glob(builtinFiles, "*.yaml")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := builtinFiles.ReadFile(name)
		if err != nil {
			return err
		}
		l.file(builtinDir+"/"+name, File{builtinDir + "/" + name, data, true})
	}
	return nil
}

// path reads a file, or all *.yaml and *.yml files in a folder and the folders
// below it, in the order of their names.
func (l *ruleLoader) path(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return l.open(path, filepath.Base(path))
	}
	files, err := ruleFiles(path)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return &fs.PathError{Op: "open", Path: path, Err: errors.New("no *.yaml file in this folder")}
	}
	for _, file := range files {
		below, err := filepath.Rel(path, file)
		if err != nil {
			return err
		}
		if err := l.open(file, filepath.ToSlash(below)); err != nil {
			return err
		}
	}
	return nil
}

func ruleFiles(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && path != dir
		if entry.IsDir() && hidden {
			return fs.SkipDir
		}
		if ext := filepath.Ext(path); !entry.IsDir() && !hidden && (ext == ".yaml" || ext == ".yml") {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// open reads a file once, however often it is named. Shown is what reports
// call it: no path of the machine.
func (l *ruleLoader) open(path, shown string) error {
	name := filepath.ToSlash(filepath.Clean(path))
	if _, again := l.sources[name]; again {
		return nil
	}
	data, err := plain.ReadFile(path, strict.MaxBytes)
	if err != nil {
		return err
	}
	l.file(name, File{shown, data, false})
	return nil
}

func (l *ruleLoader) file(path string, f File) {
	l.sources[path] = f.Text
	l.files = append(l.files, f)
	drafts, errs := readFile(path, f.Text, f.Builtin)
	l.errs = append(l.errs, errs...)
	for _, d := range drafts {
		if d.rule.Source = f.Name; f.Builtin {
			d.rule.Source = builtinDir
		}
		l.add(d)
	}
}

func (l *ruleLoader) add(d *draft) {
	if first := l.seen[d.rule.ID]; first != nil {
		l.repeated(d, first)
	} else if d.rule.ID != "" { // a missing id is reported already
		l.seen[d.rule.ID] = d
	}
	l.drafts = append(l.drafts, d) // a repeated one too, so that its other mistakes show
}

func (l *ruleLoader) repeated(d, first *draft) {
	hint := "give one of them another id"
	if first.rule.Builtin {
		hint = fmt.Sprintf("to change the built-in rule, write \"rules: {override: {%s: {severity: …, params: …, enabled: …}}}\" "+
			"in the settings file; to do without the built-in rules use --no-builtin-rules", d.rule.ID)
	}
	l.errs = append(l.errs, strict.Error{
		Pos: d.rule.Pos, Text: fmt.Sprintf("rule %q is already defined in %s", d.rule.ID, first.rule.Pos), HintText: hint,
	})
}

// finish compiles the rules.
func (l *ruleLoader) finish() (*Set, error) {
	for _, d := range l.drafts {
		l.errs = append(l.errs, d.compile()...)
	}
	if err := l.located(l.errs).Err(); err != nil {
		return nil, err
	}
	ids := slices.Sorted(maps.Keys(l.seen))
	s := &Set{Rules: make([]*Rule, len(ids)), Files: l.files}
	for i, id := range ids {
		s.Rules[i] = l.seen[id].rule
	}
	s.Hash = hashRules(s.Rules)
	return s, nil
}

// located sorts mistakes by their places and adds the source lines.
func (l *ruleLoader) located(errs strict.Errors) strict.Errors {
	errs = errs.Sorted()
	for name, data := range l.sources {
		errs = errs.WithSource(name, data)
	}
	return errs
}

// hashed is what a rule does and says. Its place and its tests do not count.
type hashed struct {
	ID, Title, Severity, Each, Applies, When, Quantity, Message, Money, Why, Remediation, Reference string

	Params      map[string]any
	Needs, Tags []string
	Enabled     bool
	Adds        bool `json:",omitempty"`
}

// hashRules hashes rules in their order.
func hashRules(rules []*Rule) string {
	all := make([]hashed, len(rules))
	for i, r := range rules {
		all[i] = hashed{
			ID: r.ID, Title: r.Title, Severity: r.Severity.String(), Each: r.Each.String(),
			Applies: r.Applies, When: r.When, Quantity: r.Quantity, Message: r.Message, Money: r.Money.String(),
			Why: r.Why, Remediation: r.Remediation, Reference: r.Reference,
			Params: r.Params, Needs: r.Needs, Tags: r.Tags, Enabled: r.Enabled, Adds: r.Adds,
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // texts, finite numbers and bools always marshal
	}
	return fetch.HashOf(text)
}

// Find is the index of the rule with this id, -1 if there is none.
func (s *Set) Find(id string) int {
	i, ok := slices.BinarySearchFunc(s.Rules, id, func(r *Rule, id string) int { return strings.Compare(r.ID, id) })
	if !ok {
		return -1
	}
	return i
}

// IDs are the rules' ids in order.
func (s *Set) IDs() []string {
	ids := make([]string, len(s.Rules))
	for i, r := range s.Rules {
		ids[i] = r.ID
	}
	return ids
}
