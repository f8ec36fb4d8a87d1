package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// area is a range of cells.
type area struct {
	ref            string
	x1, y1, x2, y2 int
}

func (o *opened) area(ref string) area {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		to = from
	}
	x1, y1, err := excelize.CellNameToCoordinates(from)
	x2, y2, err2 := excelize.CellNameToCoordinates(to)
	if err != nil || err2 != nil || x2 < x1 || y2 < y1 {
		o.t.Fatalf("%q is no range", ref)
	}
	return area{ref, x1, y1, x2, y2}
}

func (a area) meets(b area) bool {
	return a.x1 <= b.x2 && b.x1 <= a.x2 && a.y1 <= b.y2 && b.y1 <= a.y2
}

// overlaps: merged cells and tables share no cell, and a merged area has
// nothing in the cells that it hides.
func (o *opened) overlaps(f *excelize.File, name string, sheet *sheetPart) {
	tables, err := f.GetTables(name)
	if err != nil {
		o.t.Fatal(err)
	}
	var all []area
	for _, table := range tables {
		all = append(all, o.area(table.Range))
	}
	for _, m := range sheet.Merged {
		merged := o.area(m.Ref)
		o.hidden(name, sheet, merged)
		all = append(all, merged)
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if a.meets(b) {
				o.t.Errorf("%s: %s and %s overlap", name, b.ref, a.ref)
			}
		}
	}
}

func (o *opened) hidden(name string, sheet *sheetPart, a area) {
	for _, row := range sheet.Rows {
		for _, c := range row.Cells {
			in := o.area(c.R)
			if first := in.x1 == a.x1 && in.y1 == a.y1; a.meets(in) && !first && (c.V != nil || c.I != nil) {
				o.t.Errorf("%s: merged %s hides what is in %s", name, a.ref, c.R)
			}
		}
	}
}
