package settings

import (
	"fmt"
	"io/fs"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/rules"
	"trueup/rules/strict"
)

// kind says how the values of a setting are written, which are right and where
// they are kept.
type kind struct {
	cell   any                // what the reader of the file fills: a Located, or a list or mapping of them
	into   any                // what its flag fills: *string, *bool, *[]string, or nil
	keep   func(w word) error // keeps one value; the error is best a Usage
	path   bool               // names a file or folder; one in the settings file is relative to that
	secret bool               // names an environment variable with a secret
	settle func(key string)   // of structures: settles their own tables

	check   func(value string) error // of every value but the default; nil takes all
	choices []string                 // all right values, where there is a list of them
	pattern string                   // regular expression of right values

	least, most int // of numbers
}

// word is one value as it is written.
type word struct {
	name  string          // its key in a mapping
	value any             // string, int, bool or float64
	pos   strict.Position // in the settings file
	by    string          // or what else gave it: --out or TRUEUP_OUT
}

func (w word) String() string { return fmt.Sprint(w.value) }

// words are the values in the file, in its order; those of a mapping in the order
// of its keys.
func (k kind) words() []word {
	switch c := k.cell.(type) {
	case *strict.Located[string]:
		return located(*c)
	case *strict.Located[int]:
		return located(*c)
	case *strict.Located[bool]:
		return located(*c)
	case *[]strict.Located[string]:
		return located(*c...)
	case *map[int]strict.Located[string]:
		return named(*c)
	case *map[string]strict.Located[string]:
		return named(*c)
	case *map[string]strict.Located[any]:
		return named(*c)
	}
	return nil
}

func located[T any](list ...strict.Located[T]) (words []word) {
	for _, l := range list {
		if l.Given() {
			words = append(words, word{value: l.V, pos: l.Pos})
		}
	}
	return words
}

func named[K int | string, T any](mapping map[K]strict.Located[T]) (words []word) {
	for _, name := range slices.Sorted(maps.Keys(mapping)) {
		words = append(words, word{name: fmt.Sprint(name), value: mapping[name].V, pos: mapping[name].Pos})
	}
	return words
}

// one is a single value, written in the file as a T.
func one[T any](into any, keep func(w word) error) kind {
	return kind{cell: new(strict.Located[T]), into: into, keep: keep}
}

func text(into *string) kind {
	return one[string](into, func(w word) error { *into = w.String(); return nil })
}

func path(into *string) kind { return text(into).ofPath() }

func (k kind) ofPath() kind {
	k.path = true
	return k
}

// secretEnv is the name of an environment variable. Messages do not quote it, since
// somebody may write the secret itself there.
func secretEnv(into *string) kind {
	k := text(into)
	k.secret = true
	return k.like(`^[A-Za-z_][A-Za-z0-9_]*$`, "the name of an environment variable", "name the variable that holds the secret, never the secret")
}

func colour(into *string) kind {
	k := one[string](nil, func(w word) error { *into = strings.ToUpper(strings.TrimPrefix(w.String(), "#")); return nil })
	return k.like(`^#?[0-9A-Fa-f]{6}$`, "a colour", `write six hexadecimal digits, such as "1F4E79"`)
}

func toggle(into *bool) kind {
	return one[bool](into, func(w word) error { *into = w.String() == "true"; return nil })
}

func list(into *[]string) kind {
	return kind{cell: new([]strict.Located[string]), into: into, keep: func(w word) error {
		*into = append(*into, strings.TrimSpace(w.String()))
		return nil
	}}
}

func paths(into *[]string) kind { return list(into).ofPath() }

// unlimited is for numbers without a greatest value of their own.
const unlimited = math.MaxInt32

// number is kept in a unit, such as 1<<20 for MiB.
func number[T int | int64](into *T, unit T, least, most int) kind {
	k := one[int](nil, func(w word) error {
		n, err := strconv.Atoi(w.String())
		switch {
		case err != nil || n < least:
			return Usage{fmt.Sprintf("%s is less than %d", w, least), "leave it out for the default"}
		case n > most:
			return Usage{fmt.Sprintf("%s is more than %d", w, most), "leave it out for the default"}
		}
		*into = T(n) * unit
		return nil
	})
	k.least, k.most = least, most
	return k
}

func duration(into *time.Duration) kind {
	k := one[string](nil, func(w word) (err error) {
		if *into, err = time.ParseDuration(w.String()); err != nil || *into <= 0 {
			return Usage{strconv.Quote(w.String()) + " is not a time to wait", `write it with its unit, such as "30s" or "5m"`}
		}
		return nil
	})
	k.pattern = `^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`
	return k
}

// fileMode is who may read and write a file. Its owner may do both.
func fileMode(into *fs.FileMode) kind {
	k := one[string](nil, func(w word) error {
		mode, err := strconv.ParseUint(w.String(), 8, 32)
		*into = fs.FileMode(mode)
		return err
	})
	return k.like(`^0?6[046][046]$`, "the mode of a file", `write it quoted, as "0600" for its owner alone, "0640" for the group to read it`)
}

// moment is RFC 3339, or a day, which means its first moment in UTC.
func moment(into *time.Time) kind {
	return one[string](nil, func(w word) error {
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(layout, w.String()); err == nil {
				*into = at.UTC()
				return nil
			}
		}
		if w.String() == "" {
			return nil
		}
		return Usage{"malformed time " + strconv.Quote(w.String()), "write 2026-11-23 or 2026-11-23T06:00:00Z"}
	})
}

// severity takes some more words, which stand for none.
func severity(into **rules.Severity, more ...string) kind {
	var names []string
	for _, s := range rules.Severities {
		names = append(names, s.String())
	}
	return one[string](nil, func(w word) error {
		if slices.Contains(more, w.String()) {
			return nil
		}
		s, err := rules.ParseSeverity(w.String())
		*into = &s
		return err
	}).oneOf("severity", append(names, more...)...)
}

// sbcNames are names of SBCs by sbcId.
func sbcNames(into map[int64]string) kind {
	return kind{cell: new(map[int]strict.Located[string]), keep: func(w word) error {
		id, err := strconv.ParseInt(w.name, 10, 64)
		into[id] = w.String()
		return err
	}}
}

// meanings are what raw values mean, which are written in any letters.
func meanings(into map[string]string) kind {
	k := kind{cell: new(map[string]strict.Located[string]), keep: func(w word) error {
		into[strings.ToLower(w.name)] = strings.TrimSpace(w.String())
		return nil
	}}
	return k.checked(func(value string) error {
		if strings.TrimSpace(value) == "" {
			return Usage{"no meaning", "write what the value means, as 3: Deployed; or leave it out"}
		}
		return nil
	})
}

// prices are exact decimals by LicenseType: they are quoted in the file so
// that no reader of YAML turns them into floats.
func prices(into map[int64]decimal.Decimal) kind {
	k := kind{cell: new(map[int]strict.Located[string]), keep: func(w word) error {
		id, err := strconv.ParseInt(w.name, 10, 64)
		if err == nil {
			into[id], err = decimal.NewFromString(w.String())
		}
		return err
	}}
	return k.like(`^[0-9]{1,9}(\.[0-9]{1,6})?$`, "a price", `write it quoted, per license and month, such as "2.10"`)
}

func (k kind) checked(check func(value string) error) kind {
	k.check = check
	return k
}

// oneOf takes one of the choices.
func (k kind) oneOf(noun string, choices ...string) kind {
	k.choices = choices
	hint := "choose from " + strings.Join(choices, ", ")
	if len(choices) == 1 {
		hint = "the only choice is " + choices[0]
	}
	return k.checked(func(value string) error {
		switch {
		case slices.Contains(choices, strings.TrimSpace(value)):
			return nil
		case value == "":
			return Usage{"no " + noun, hint}
		}
		if near := plain.DidYouMean(value, choices); near != "" {
			return Usage{"unknown " + noun + " " + strconv.Quote(value), near + " Else " + hint}
		}
		return Usage{"unknown " + noun + " " + strconv.Quote(value), hint}
	})
}

// offering names choices that the command itself checks.
func (k kind) offering(choices ...string) kind {
	k.choices = choices
	return k
}

// like takes what a regular expression matches.
func (k kind) like(pattern, what, hint string) kind {
	k.pattern = pattern
	right := regexp.MustCompile(pattern)
	return k.checked(func(value string) error {
		switch {
		case right.MatchString(value):
			return nil
		case k.secret:
			return Usage{"this is not " + what, hint}
		}
		return Usage{strconv.Quote(value) + " is not " + what, hint}
	})
}
