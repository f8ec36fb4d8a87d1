package rules

import (
	"errors"
	"runtime"
	"strings"
	"sync"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"trueup/fetch"
)

// Evaluate applies the enabled rules to all customers, on all cores. The
// outcome does not depend on how the work was shared out.
func (s *Set) Evaluate(customers []fetch.Customer) *Evaluation {
	parts := s.evaluateParts(customers)
	e := &Evaluation{Set: s, Tallies: make([]Tally, len(s.Rules))}
	n := 0
	for _, p := range parts {
		n += len(p.results)
	}
	e.Results = make([]Result, 0, n)
	for _, p := range parts {
		e.Results = append(e.Results, p.results...)
		for r := range p.tallies {
			e.Tallies[r].add(p.tallies[r])
		}
	}
	return e
}

func (t *Tally) add(o Tally) {
	for v := range o {
		t[v] += o[v]
	}
}

// evaluateParts judges contiguous shares of the customers side by side.
func (s *Set) evaluateParts(customers []fetch.Customer) []*worker {
	shares := min(runtime.GOMAXPROCS(0), max(len(customers), 1))
	known := countTenants(customers)
	workers := make([]*worker, shares)
	var group sync.WaitGroup
	for i := range workers {
		w := newWorker(s, known)
		workers[i] = w
		from, to := i*len(customers)/shares, (i+1)*len(customers)/shares
		group.Go(func() { w.customers(customers, from, to) })
	}
	group.Wait()
	return workers
}

// worker judges customers one after another with its own machine.
type worker struct {
	set     *Set
	loader  *loader
	vm      vm.VM
	text    []byte // scratch space for messages
	results []Result
	tallies []Tally
}

func newWorker(s *Set, t tenants) *worker {
	return &worker{set: s, loader: newLoader(t), tallies: make([]Tally, len(s.Rules))}
}

func (w *worker) customers(customers []fetch.Customer, from, to int) {
	for c := from; c < to; c++ {
		w.loader.load(&customers[c])
		for i, r := range w.set.Rules {
			if r.Enabled {
				w.rule(i, r, c)
			}
		}
	}
}

func (w *worker) rule(i int, r *Rule, customer int) {
	if r.Each == EachCustomer {
		w.record(i, customer, -1, w.judge(r, -1))
		return
	}
	if err := strictRead.fail("SiteLocation", w.loader.sites.State); err != nil {
		w.record(i, customer, -1, outcome{verdict: NotEvaluable, err: err})
		return
	}
	for s := range w.loader.sites.List {
		w.record(i, customer, s, w.judge(r, s))
	}
}

// outcome is a verdict before it is written down.
type outcome struct {
	verdict  Verdict
	err      error // of NotEvaluable
	message  string
	quantity *int64
}

func (w *worker) record(rule, customer, connection int, o outcome) {
	w.tallies[rule][o.verdict]++
	if o.verdict != Finding && o.verdict != NotEvaluable {
		return
	}
	w.results = append(w.results, Result{
		Rule: rule, Customer: customer, Connection: connection, Verdict: o.verdict,
		Message: o.message, Quantity: o.quantity, Reason: reason(o.err), Waiver: -1,
	})
}

// judge asks a rule about the customer loaded, or one of its connections.
func (w *worker) judge(r *Rule, connection int) outcome {
	env, p := w.loader.env(connection), &r.program
	for _, n := range p.needs {
		if s := stateOf(cell(env, n.path)); s == fetch.Absent || s == fetch.Unreadable {
			return outcome{verdict: NotEvaluable, err: &unknownValue{n.name, s}}
		}
	}
	if p.applies != nil {
		if applies, err := w.yes(p.applies, env); err != nil {
			return outcome{verdict: NotEvaluable, err: err}
		} else if !applies {
			return outcome{verdict: NotApplicable}
		}
	}
	found, err := w.yes(p.when, env)
	switch {
	case err != nil:
		return outcome{verdict: NotEvaluable, err: err}
	case !found:
		return outcome{verdict: Pass}
	}
	return outcome{verdict: Finding, message: w.message(p.message, env), quantity: w.quantity(p.quantity, env)}
}

var errNoAnswer = errors.New("the expression gives neither true nor false")

func (w *worker) yes(e *expression, env any) (bool, error) {
	v, err := w.vm.Run(e.code, env)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, errNoAnswer
	}
	return b, nil
}

// reason is why something could not be judged, in plain words.
func reason(err error) string {
	if err == nil {
		return ""
	}
	if fe := (*file.Error)(nil); errors.As(err, &fe) {
		if fe.Prev != nil {
			return runtimeReason(fe.Prev.Error())
		}
		return runtimeReason(fe.Message)
	}
	return err.Error()
}

// runtimeReason puts the library's words into the reader's.
func runtimeReason(text string) string {
	switch {
	case strings.Contains(text, "nil pointer"), strings.Contains(text, "<nil>"), strings.Contains(text, "is nil, not"):
		return "the expression met a value that is not there"
	case strings.Contains(text, "integer divide by zero"):
		return "a division by zero"
	case strings.Contains(text, "interface conversion"):
		return "the expression met a value of another type"
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimPrefix(line, "runtime error: ")
}
