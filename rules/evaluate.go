package rules

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"trueup/fetch"
	"trueup/rules/engine"
)

// Evaluate applies the enabled rules to all customers, on all cores. The
// outcome does not depend on how the work is shared out. If the context ends
// before, the error is its cause.
func (s *Set) Evaluate(ctx context.Context, customers []fetch.Customer) (*Evaluation, error) {
	workers := make([]*worker, min(runtime.GOMAXPROCS(0), max(len(customers), 1)))
	tenants := s.tenants(customers)
	var group sync.WaitGroup
	for i := range workers {
		w := newWorker(ctx, s, tenants)
		workers[i] = w
		from, to := i*len(customers)/len(workers), (i+1)*len(customers)/len(workers)
		group.Go(func() { w.customers(customers, from, to) })
	}
	group.Wait()
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}

	e := &Evaluation{Set: s, Tallies: make([]Tally, len(s.Rules))}
	n := 0
	for _, w := range workers {
		n += len(w.results)
	}
	e.Results = make([]Result, 0, n)
	for _, w := range workers {
		e.Results = append(e.Results, w.results...)
		for r := range w.tallies {
			e.Tallies[r].add(w.tallies[r])
		}
	}
	return e, nil
}

func stopped(ctx context.Context) error {
	return fmt.Errorf("judge the customers: %w", context.Cause(ctx))
}

func (t *Tally) add(o Tally) {
	for v := range o {
		t[v] += o[v]
	}
}

// TallyGroups counts the verdicts, before waivers, of each group of customers:
// groupOf has the group of every customer, from 0. Fields such as
// CustomersOnTenant look at all of them, so that the groups add up to the
// Tallies of Evaluate. If the context ends before, the error is its cause, and
// the numbers are worthless.
func (s *Set) TallyGroups(ctx context.Context, customers []fetch.Customer, groupOf []int, groups int) ([][]Tally, error) {
	tallies := make([][]Tally, groups)
	for g := range tallies {
		tallies[g] = make([]Tally, len(s.Rules))
	}
	w := newWorker(ctx, s, s.tenants(customers))
	for i := range customers {
		w.tallies, w.results = tallies[groupOf[i]], w.results[:0]
		w.customers(customers, i, i+1)
	}
	if ctx.Err() != nil {
		return tallies, stopped(ctx)
	}
	return tallies, nil
}

// worker judges a share of the customers, one after another.
type worker struct {
	ctx     context.Context
	set     *Set
	machine *engine.Machine
	results []Result
	tallies []Tally
}

func newWorker(ctx context.Context, s *Set, t engine.Tenants) *worker {
	return &worker{ctx: ctx, set: s, machine: engine.NewMachine(ctx, t), tallies: make([]Tally, len(s.Rules))}
}

// customers judges some of the customers, until all are judged or the context ends.
func (w *worker) customers(customers []fetch.Customer, from, to int) {
	for c := from; c < to; c++ {
		w.machine.Load(&customers[c])
		for i, r := range w.set.Rules {
			if w.ctx.Err() != nil {
				return
			}
			if r.Enabled {
				w.rule(i, r, c)
			}
		}
	}
}

func (w *worker) rule(i int, r *Rule, customer int) {
	if r.Each == EachCustomer {
		w.record(i, customer, -1, r.judge(w.machine.Customer()))
		return
	}
	n, err := w.machine.Connections()
	if err != nil {
		w.record(i, customer, -1, outcome{verdict: NotEvaluable, reason: err.Error()})
		return
	}
	for connection := range n {
		if w.ctx.Err() != nil {
			return
		}
		w.record(i, customer, connection, r.judge(w.machine.Connection(connection)))
	}
}

// outcome is a verdict before it is written down.
type outcome struct {
	verdict  Verdict
	reason   string // of NotEvaluable
	message  string // of Finding, as is the quantity
	quantity *int64
	unknown  string // why the rule's quantity is nil
}

func (w *worker) record(rule, customer, connection int, o outcome) {
	w.tallies[rule][o.verdict]++
	if o.verdict != Finding && o.verdict != NotEvaluable {
		return
	}
	w.results = append(w.results, Result{
		Rule: rule, Customer: customer, Connection: connection, Verdict: o.verdict,
		Message: o.message, Quantity: o.quantity, UnknownQuantity: o.unknown, Reason: o.reason, Waiver: -1,
	})
}

// judge is a rule's verdict on a customer or SIP connection.
func (r *Rule) judge(env engine.Env) outcome {
	p := &r.program
	for _, field := range p.needs {
		if err := env.Missing(field); err != nil {
			return outcome{verdict: NotEvaluable, reason: err.Error()}
		}
	}
	if p.applies != nil {
		if applies, err := env.Bool(p.applies); err != nil {
			return outcome{verdict: NotEvaluable, reason: err.Error()}
		} else if !applies {
			return outcome{verdict: NotApplicable}
		}
	}
	found, err := env.Bool(p.when)
	switch {
	case err != nil:
		return outcome{verdict: NotEvaluable, reason: err.Error()}
	case !found:
		return outcome{verdict: Pass}
	}
	o := outcome{verdict: Finding, message: env.Message(p.message)}
	o.quantity, o.unknown = env.Quantity(p.quantity)
	return o
}
