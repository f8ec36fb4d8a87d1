package engine

import (
	"context"
	"errors"
	"reflect"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Work is counted in steps, so that the same customer has the same verdict on
// every machine: one for each operation of an entry that a loop looks at, and
// for textStep bytes of a text. A million takes some hundredths of a second.
// A rule that goes through all connections some times finishes, however many
// there are; one that does so for each of them, up to some two hundred.
const (
	ruleSteps = 300_000 // of one rule on one customer
	siteSteps = 100     // more for each SIP connection
	textStep  = 64
	askSteps  = 1 << 14 // after so many a loop asks whether somebody wants it to end
)

var errStopped = errors.New("stopped")

// tooMuch is the error of a rule that would take more than the steps allowed.
type tooMuch int

func (steps tooMuch) Error() string {
	return "the rule would take more than " + plain.Number(int(steps)) + " steps: too many SIP connections, or texts too long, for what it does with them"
}

// work is how far a machine is with one expression.
type work struct {
	customer  *fetch.Customer
	ctx       context.Context // ends loops that nobody waits for any more
	allowance int             // steps that a rule may take for its verdict, and again for its quantity and its message
	left      int
	unasked   int    // steps since ctx was asked
	loops     []loop // the any, all and none that are under way, the innermost last
}

// loop is a list that any, all or none goes through. An entry that cannot be
// judged does not end it: another one may decide.
type loop struct {
	begun  bool  // false as long as the list itself is made
	entry  error // why the entry at hand cannot be judged
	others error // why an earlier one could not be
}

// allow gives the steps for what a rule does next.
func (w *work) allow(steps int) { w.allowance, w.left = steps, steps }

// spend counts steps; like all below it panics, which the machine makes the
// error of the run.
func (w *work) spend(steps int) {
	w.left -= steps
	w.unasked += steps
	if w.left < 0 {
		panic(tooMuch(w.allowance))
	}
	if w.unasked >= askSteps {
		w.unasked = 0
		if w.ctx.Err() != nil {
			panic(errStopped)
		}
	}
}

// cannot tells that a value is not there: of the entry that a loop looks at,
// else of the whole expression.
func (w *work) cannot(err error) {
	for i := len(w.loops) - 1; i >= 0; i-- {
		if l := &w.loops[i]; l.begun {
			l.entry = firstReason(l.entry, err)
			return
		}
	}
	panic(err)
}

// firstReason picks the same one of two reasons, in whatever order they were met.
func firstReason(a, b error) error {
	if a == nil || b != nil && strings.Compare(b.Error(), a.Error()) < 0 {
		return b
	}
	return a
}

// blame is why a run failed: an unknown value, where one led to the failure.
func (w *work) blame(err error) error {
	for _, l := range w.loops {
		if l.entry != nil {
			return l.entry
		}
	}
	return err
}

// worker is what fields are read of: a customer or a SIP connection, which
// know the work that is done on them.
type worker interface{ at() *work }

func (c *customerEnv) at() *work { return c.work }
func (s *site) at() *work        { return s.work }

func at(env any) *work { return env.(worker).at() }

// The meter calls the functions below in expressions.

// tick counts the steps of a list's entry.
func tick(steps int) func(env any) bool {
	return func(env any) bool {
		at(env).spend(steps)
		return true
	}
}

// judge does so for any, all and none.
func judge(steps int) func(env any) bool {
	return func(env any) bool {
		w := at(env)
		w.loops[len(w.loops)-1].begun = true
		w.spend(steps)
		return true
	}
}

// hold counts what lies in a variable, which a loop may look at again and again.
func hold(env, value any) bool {
	size := 0
	switch v := value.(type) {
	case string:
		size = len(v) / textStep
	case []any:
		size = len(v)
	default:
		size = reflect.ValueOf(v).Len()
	}
	at(env).spend(size)
	return true
}

// distinct is the list without repeated entries. It compares each with each.
func distinct(env, list any) []any {
	n := reflect.ValueOf(list).Len()
	at(env).spend(n * (n + 1) / 2)
	unique, err := uniq(list)
	if err != nil {
		panic(err)
	}
	return unique.([]any)
}

// searched is a text that a regular expression of some instructions is tried on.
func searched(instructions int) func(env, text any) string {
	return func(env, text any) string {
		s := text.(string)
		at(env).spend(1 + len(s)*instructions/textStep)
		return s
	}
}

// unable lets a rule say, with its own reason, that it cannot tell.
func unable(env, reason any) bool {
	at(env).cannot(errors.New(reason.(string)))
	return false
}

// enter begins a loop of any, all or none.
func enter(env any) bool {
	w := at(env)
	w.loops = append(w.loops, loop{})
	return true
}

// answer is what a loop hears of an entry: what goes on if it cannot be judged.
func answer(goesOn bool) func(env, judged any) bool {
	return func(env, judged any) bool {
		w := at(env)
		l := &w.loops[len(w.loops)-1]
		if l.entry == nil {
			return judged.(bool)
		}
		l.others, l.entry = firstReason(l.others, l.entry), nil
		return goesOn
	}
}

// leave is what a loop comes to. If no entry decided it, all of them must have
// been judged.
func leave(decided bool) func(env, result any) bool {
	return func(env, result any) bool {
		w := at(env)
		l := w.loops[len(w.loops)-1]
		w.loops = w.loops[:len(w.loops)-1]
		if l.others != nil && result != decided {
			w.cannot(l.others)
		}
		return result.(bool)
	}
}
