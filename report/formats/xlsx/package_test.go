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
