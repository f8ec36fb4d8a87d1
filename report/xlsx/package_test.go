package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// opened is a workbook's package as Excel sees it, before any mercy.
type opened struct {
	t     *testing.T
	names []string
	parts map[string][]byte
}

// checkPackage holds a workbook against the rules that Excel repairs by.
func checkPackage(t *testing.T, data []byte) {
	t.Helper()
	o := unzip(t, data)
	o.wellFormed()
	o.contentTypes()
	o.relations()
	o.tables()
	o.sheets()
	o.definedNames()
}

func unzip(t *testing.T, data []byte) *opened {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	o := &opened{t: t, parts: map[string][]byte{}}
	for _, f := range zr.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		o.parts[f.Name], err = io.ReadAll(r) // checks the CRC too
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		o.names = append(o.names, f.Name)
	}
	if o.names[0] != contentTypes || !slices.IsSorted(o.names[1:]) {
		t.Errorf("parts are not in order: %q", o.names)
	}
	return o
}

// wellFormed reads all XML and finds prefixes that nothing declares.
func (o *opened) wellFormed() {
	for _, name := range o.names {
		if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
			continue
		}
		d := xml.NewDecoder(bytes.NewReader(o.parts[name]))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				o.t.Fatalf("%s: %v", name, err)
			}
			if e, ok := token.(xml.StartElement); ok && e.Name.Space != "" && !strings.Contains(e.Name.Space, ":") {
				o.t.Errorf("%s: nothing declares the prefix of <%s:%s>", name, e.Name.Space, e.Name.Local)
			}
		}
	}
}

func (o *opened) decode(name string, to any) {
	o.t.Helper()
	if err := xml.Unmarshal(o.parts[name], to); err != nil {
		o.t.Fatalf("%s: %v", name, err)
	}
}

func (o *opened) contentTypes() {
	var types struct {
		Default []struct {
			Extension string `xml:",attr"`
		}
		Override []struct {
			PartName string `xml:",attr"`
		}
	}
	o.decode(contentTypes, &types)
	known := map[string]bool{contentTypes: true}
	for _, p := range types.Override {
		if name := strings.TrimPrefix(p.PartName, "/"); o.parts[name] == nil || known[name] {
			o.t.Errorf("content type of %s: missing or twice", p.PartName)
		} else {
			known[name] = true
		}
	}
	for _, name := range o.names {
		extension := func(d struct {
			Extension string `xml:",attr"`
		}) bool {
			return d.Extension == strings.TrimPrefix(path.Ext(name), ".") && d.Extension != "xml"
		}
		if !known[name] && !slices.ContainsFunc(types.Default, extension) {
			o.t.Errorf("%s has no content type", name)
		}
	}
}

type relation struct {
	ID         string `xml:"Id,attr"`
	Target     string `xml:",attr"`
	TargetMode string `xml:",attr"`
}

func (o *opened) relations() {
	for _, name := range o.names {
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		var rels struct{ Relationship []relation }
		o.decode(name, &rels)
		ids := map[string]bool{}
		base := path.Dir(path.Dir(name))
		for _, r := range rels.Relationship {
			target := path.Join(base, r.Target)
			if strings.HasPrefix(r.Target, "/") {
				target = r.Target[1:]
			}
			if r.TargetMode == "External" || o.parts[target] == nil || ids[r.ID] {
				o.t.Errorf("%s: relation %s to %q: external, twice, or leads nowhere", name, r.ID, r.Target)
			}
			ids[r.ID] = true
		}
	}
}

type tablePart struct {
	ID      int    `xml:"id,attr"`
	Name    string `xml:"displayName,attr"`
	Ref     string `xml:"ref,attr"`
	Columns []struct {
		Name string `xml:"name,attr"`
	} `xml:"tableColumns>tableColumn"`
}

func (o *opened) tables() {
	ids, names := map[int]bool{}, map[string]bool{}
	for _, name := range o.names {
		if !strings.HasPrefix(name, "xl/tables/") {
			continue
		}
		var table tablePart
		o.decode(name, &table)
		if ids[table.ID] || names[strings.ToLower(table.Name)] {
			o.t.Errorf("%s: id %d or name %s twice", name, table.ID, table.Name)
		}
		ids[table.ID], names[strings.ToLower(table.Name)] = true, true
		headings := map[string]bool{}
		for _, c := range table.Columns {
			if headings[strings.ToLower(c.Name)] || c.Name == "" {
				o.t.Errorf("%s: heading %q twice or empty", name, c.Name)
			}
			headings[strings.ToLower(c.Name)] = true
		}
	}
}

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

func (o *opened) definedNames() {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
		Names []struct {
			Name  string `xml:"name,attr"`
			Local int    `xml:"localSheetId,attr"`
			Ref   string `xml:",chardata"`
		} `xml:"definedNames>definedName"`
	}
	o.decode("xl/workbook.xml", &book)
	for _, n := range book.Names {
		if want := cellOf(book.Sheets[n.Local].Name, "$"); !strings.HasPrefix(n.Ref, want) {
			o.t.Errorf("%s of sheet %d refers to %s, want %s…", n.Name, n.Local, n.Ref, want)
		}
	}
}

// zip packs the parts again, for a reader that wants the whole.
func (o *opened) zip() []byte {
	var b bytes.Buffer
	zw := zip.NewWriter(&b)
	for _, name := range o.names {
		w, err := zw.Create(name)
		if err == nil {
			_, err = w.Write(o.parts[name])
		}
		if err != nil {
			o.t.Fatal(fmt.Errorf("pack again: %w", err))
		}
	}
	if err := zw.Close(); err != nil {
		o.t.Fatal(err)
	}
	return b.Bytes()
}
