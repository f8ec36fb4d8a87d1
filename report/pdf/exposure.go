package pdf

// maxExposures is how many customers the summary names.
const maxExposures = 5

// exposureTable names the customers that owe most, as many as the page holds.
func (b *book) exposureTable(below float64) {
	t := b.table(b.exposureColumns()...)
	room := b.room() - below - 50 // white space, title and heading
	var rows [][]cell
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
	b.heading("Largest overuse", h3, nil)
	b.space(2)
	for _, cells := range rows {
		t.row(cells...)
	}
	t.end("")
}

func (b *book) exposureColumns() []column {
	columns := []column{{head: "Customer", share: 40}, {head: "License", share: 24}, {head: "Acquired", share: 12, right: true},
		{head: "Used", share: 12, right: true}, {head: "Delta", share: 12, right: true}}
	if b.r.Currency != "" {
		columns = append(columns, column{head: "Exposure, " + b.r.Currency, share: 18, right: true})
	}
	return columns
}

func (b *book) exposureRow(customer int) []cell {
	c := &b.r.Customers[customer]
	cells := []cell{linked(c.Name(), b.details[customer]), plain(c.LicenseName),
		plain(apiCount(c.LicensedUsersCount, "–")), plain(apiCount(c.ActiveUserCount, "–")), plain(b.deltaText(c))}
	if b.r.Currency != "" {
		cells = append(cells, plain(amountOr(c.Exposure, "")))
	}
	return cells
}
