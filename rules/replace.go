package rules

import (
	"slices"
	"strings"
)

// With is the set with the rules of some files and folders: they come in the place
// of rules of the same id, and else beside them. The overrides of the set hold for
// them too. Mistakes are as of Load.
func (s *Set) With(paths []string) (*Set, error) {
	opt := Options{Paths: paths}
	given, err := Load(opt)
	if err != nil {
		return nil, err
	}
	opt.Overrides = map[string]Override{}
	for id, o := range s.Overrides {
		if given.Find(id) >= 0 {
			opt.Overrides[id] = o
		}
	}
	if len(opt.Overrides) > 0 {
		if given, err = Load(opt); err != nil {
			return nil, err
		}
	}
	all := slices.Clone(given.Rules)
	for _, r := range s.Rules {
		if given.Find(r.ID) < 0 {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
	return &Set{Rules: all, Hash: hashRules(all), Files: given.Files, Overrides: s.Overrides}, nil
}
