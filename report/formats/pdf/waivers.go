package pdf

import (
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
	"trueup/rules"
)

func (b *book) layOutWaivers() {
	if len(b.r.Waivers) == 0 {
		return
	}
	b.chapter("Waivers")
	b.paragraph("A waiver accepts the findings of one rule for some customers until its last day. Waived findings stay in this report and are not counted as findings.", body, left, wide)
	b.space(8)
	columns := []column{{head: "Waiver", share: 12}, {head: "State", share: 12}, {head: "Rule, customer", share: 34},
		{head: "Owner, reason", share: 34}, {head: "Findings", share: 11, right: true}}
	if b.r.Currency != "" {
		columns = append(columns, column{head: "Amount, " + b.r.Currency, share: 16, right: true})
	}
	columns = append(columns, column{head: "Last day", share: 15}, column{head: "Days left", share: 11, right: true})
	t := b.table(columns...)
	for i := range b.r.Waivers {
		t.row(b.waiverRow(&b.r.Waivers[i])...)
	}
	t.end("")
}

func (b *book) waiverRow(w *report.Waiver) []box {
	who := []para{{w.Rule, cellSt}, {w.Waiver.Customer, small}}
	if w.SIPConnection != "" {
		who = append(who, para{"connection " + w.SIPConnection, small})
	}
	why := []para{{w.Owner, cellSt}, {w.Reason, small}}
	if w.Ticket != "" {
		why = append(why, para{w.Ticket, small})
	}
	state := regular(string(w.State))
	if w.State == rules.WaiverExpired || w.State == rules.WaiverUnused {
		state = strong(string(w.State))
	}
	cells := []box{strong(w.ID), state, {paras: who}, {paras: why}, regular(plain.Number(w.Findings))}
	if b.r.Currency != "" {
		cells = append(cells, regular(tables.WaiverAmount(b.r, w).Format(cell.KindMoney)))
	}
	return append(cells, regular(w.Expires.String()), regular(itoa(w.DaysLeft)))
}
