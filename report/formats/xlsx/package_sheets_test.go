package xlsx

import (
	"bytes"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

type sheetPart struct {
	AutoFilter *struct{} `xml:"autoFilter"`
	Rows       []struct {
		R     int `xml:"r,attr"`
		Cells []struct {
			R string  `xml:"r,attr"`
			S int     `xml:"s,attr"`
			T string  `xml:"t,attr"`
			F *string `xml:"f"`
			V *string `xml:"v"`
			I *string `xml:"is>t"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
	Links []struct {
		Ref      string `xml:"ref,attr"`
		Location string `xml:"location,attr"`
	} `xml:"hyperlinks>hyperlink"`
	Merged []struct {
		Ref string `xml:"ref,attr"`
	} `xml:"mergeCells>mergeCell"`
	Tables []struct{} `xml:"tableParts>tablePart"`
}

func (o *opened) sheets() {
	f, err := excelize.OpenReader(bytes.NewReader(o.zip()))
	if err != nil {
		o.t.Fatal(err)
	}
	defer f.Close()
	var styles struct {
		Xfs []struct{} `xml:"cellXfs>xf"`
	}
	o.decode("xl/styles.xml", &styles)
	for i, name := range f.GetSheetList() {
		var sheet sheetPart
		o.decode(part(i), &sheet)
		o.sheet(f, name, &sheet, len(styles.Xfs))
	}
}

func (o *opened) sheet(f *excelize.File, name string, sheet *sheetPart, styles int) {
	if len(utf16.Encode([]rune(name))) > 31 || strings.ContainsAny(name, `:\/?*[]`) {
		o.t.Errorf("sheet name %q", name)
	}
	if sheet.AutoFilter != nil || len(sheet.Tables) > 1 {
		o.t.Errorf("%s: a filter beside the table, or %d tables", name, len(sheet.Tables))
	}
	row := 0
	for _, r := range sheet.Rows {
		if r.R <= row || r.R > excelize.TotalRows {
			o.t.Errorf("%s: row %d after %d", name, r.R, row)
		}
		row = r.R
		column := 0
		for _, c := range r.Cells {
			x, y, err := excelize.CellNameToCoordinates(c.R)
			if err != nil || y != row || x <= column || c.S >= styles {
				o.t.Errorf("%s: cell %s, style %d: %v", name, c.R, c.S, err)
			}
			column = x
			if c.F != nil {
				o.t.Errorf("%s: formula in %s", name, c.R)
			}
			if c.I != nil && len(utf16.Encode([]rune(*c.I))) > maxText {
				o.t.Errorf("%s: text in %s is too long", name, c.R)
			}
		}
	}
	o.links(f, name, sheet)
	o.table(f, name)
	o.overlaps(f, name, sheet)
}

// links: no more than Excel takes, none to anything but a filled cell.
func (o *opened) links(f *excelize.File, name string, sheet *sheetPart) {
	if len(sheet.Links) > 65_530 {
		o.t.Errorf("%s: %d links", name, len(sheet.Links))
	}
	seen := map[string]bool{}
	for _, l := range sheet.Links {
		at := strings.LastIndex(l.Location, "!")
		if at < 0 || seen[l.Ref] {
			o.t.Fatalf("%s: link %s to %q", name, l.Ref, l.Location)
		}
		seen[l.Ref] = true
		target := strings.ReplaceAll(strings.Trim(l.Location[:at], "'"), "''", "'")
		if v, err := f.GetCellValue(target, l.Location[at+1:]); err != nil || v == "" && !strings.Contains(l.Location, "Data") {
			o.t.Errorf("%s: link %s to %q: nothing there (%v)", name, l.Ref, l.Location, err)
		}
	}
}

// table: heading cells are its columns, and it has a data row.
func (o *opened) table(f *excelize.File, name string) {
	tables, err := f.GetTables(name)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, table := range tables {
		var x1, y1, x2, y2 int
		from, to, _ := strings.Cut(table.Range, ":")
		x1, y1, _ = excelize.CellNameToCoordinates(from)
		x2, y2, _ = excelize.CellNameToCoordinates(to)
		if y2 <= y1 {
			o.t.Errorf("%s: table %s has no row", name, table.Name)
		}
		var columns []string
		for _, part := range o.names {
			var t tablePart
			if strings.HasPrefix(part, "xl/tables/") {
				if o.decode(part, &t); t.Name == table.Name {
					for _, c := range t.Columns {
						columns = append(columns, c.Name)
					}
				}
			}
		}
		if len(columns) != x2-x1+1 {
			o.t.Errorf("%s: table %s has %d columns over %s", name, table.Name, len(columns), table.Range)
		}
		for i, column := range columns {
			cell, _ := excelize.CoordinatesToCellName(x1+i, y1)
			if v, err := f.GetCellValue(name, cell); err != nil || v != column {
				o.t.Errorf("%s: heading %s is %q, in the table %q (%v)", name, cell, v, column, err)
			}
		}
	}
}
