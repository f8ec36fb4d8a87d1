package pdf

import (
	"trueup/fetch/plain"
	"trueup/report/tables"
)

// maxExposures is how many customers the summary names.
const maxExposures = 5

// exposureTable names the customers that owe most, as many as the page holds.
func (b *book) exposureTable(below float64) {
	t := b.table(b.exposureColumns()...)
	room := b.room() - below - 64 // white space, title, heading and remark
	var rows [][]box
	for _, i := range b.r.TopExposures(maxExposures) {
		cells := b.exposureRow(i)
		if room -= t.lay(cells).height() + padY; room < 0 {
			break
		}
		rows = append(rows, cells)
	}
	if len(rows) == 0 {
		return
	}
	b.space(14)
	b.heading(b.exposureTitle(), h3, nil)
	b.space(2)
	for _, cells := range rows {
		t.row(cells...)
	}
	t.end(b.exposureRemark())
}

func (b *book) exposureTitle() string {
	if b.r.Currency == "" {
		return "Largest overuse"
	}
	return "Largest exposures"
}

// exposureRemark says whom the table cannot have.
func (b *book) exposureRemark() string {
	n := b.r.UnknownExposures()
	if n == 0 {
		return ""
	}
	return "Exposure unknown, so not among them: " + plain.Counted(n, "customer", "customers") + ", as a count or the price of the license type is missing."
}

func (b *book) exposureColumns() []column {
	columns := []column{{head: "Customer", share: 40}, {head: "License", share: 24}, {head: "Acquired", share: 12, right: true},
		{head: "Used", share: 12, right: true}, {head: "Delta", share: 12, right: true}}
	if b.r.Currency != "" {
		columns = append(columns, column{head: tables.HeadExposure + ", " + b.r.Currency, share: 20, right: true})
	}
	return columns
}

func (b *book) exposureRow(customer int) []box {
	c := &b.r.Customers[customer]
	cells := []box{linked(c.Name(), b.details[customer]), regular(c.LicenseName),
		regular(apiCount(c.LicensedUsersCount, "–")), regular(apiCount(c.ActiveUserCount, "–")), regular(b.deltaText(c))}
	if b.r.Currency != "" {
		cells = append(cells, regular(amountOr(c.Exposure, "")))
	}
	return cells
}
