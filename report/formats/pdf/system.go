package pdf

import (
	"cmp"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"trueup/fetch/plain"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
)

// Bounds of what is read of a machine's fonts.
const (
	maxSystemFonts = 2000     // files looked at
	maxFontFile    = 48 << 20 // bytes of one
)

// System is the TrueType fonts of a machine. Nothing is read before a
// character is met that no other font draws; then the files' cmaps are, and
// of those fonts that draw something the rest. It may be shared by reports.
type System struct {
	dirs []string

	mu    sync.Mutex
	paths []string               // in the order in which they are asked; nil before the first use
	faces map[string]*systemFont // by path; nil for what is no usable font
}

// SystemFonts gives the fonts below these folders; without any, below the
// folders where the operating system keeps them. The order in which fonts are
// asked depends on their file names only.
func SystemFonts(dirs ...string) *System {
	if len(dirs) == 0 {
		dirs = defaultFontDirs(runtime.GOOS)
	}
	return &System{dirs: dirs, faces: map[string]*systemFont{}}
}

func defaultFontDirs(goos string) []string {
	switch goos {
	case "windows":
		return []string{`C:\Windows\Fonts`}
	case "darwin":
		return []string{"/System/Library/Fonts", "/Library/Fonts"}
	}
	return []string{"/usr/share/fonts", "/usr/local/share/fonts"}
}

// list walks the folders once.
func (s *System) list() []string {
	if s.paths != nil {
		return s.paths
	}
	paths := []string{}
	for _, dir := range s.dirs {
		paths = append(paths, fontFiles(dir)...)
	}
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(styleRank(a)-styleRank(b), cmp.Compare(filepath.Base(a), filepath.Base(b)), cmp.Compare(a, b))
	})
	paths = slices.Compact(paths)
	s.paths = paths[:min(len(paths), maxSystemFonts)]
	return s.paths
}

// fontFiles lists what may be TrueType fonts; folders that cannot be read
// have none.
func fontFiles(dir string) []string {
	var paths []string
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.EqualFold(filepath.Ext(path), ".ttf") {
			paths = append(paths, path)
		}
		return nil
	})
	return paths
}

// styleRank puts upright sans-serif text faces before all others.
func styleRank(path string) int {
	name := strings.ToLower(filepath.Base(path))
	rank := 0
	for _, style := range []string{"bold", "italic", "oblique", "mono", "light", "thin", "black", "serif", "condensed"} {
		if strings.Contains(strings.ReplaceAll(name, "sansserif", ""), style) {
			rank++
		}
	}
	return rank
}

// Find gives the first font that draws r, or nil.
func (s *System) Find(r rune) text.Fallback {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range s.list() {
		if f := s.font(path); f != nil && f.draws(r) {
			return f
		}
	}
	return nil
}

// Used are the fonts that have drawn something, and their files' content.
func (s *System) Used() (fonts []Font) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range s.paths {
		if f := s.faces[path]; f != nil && f.checked && !f.broken {
			if data, err := f.data(); err == nil {
				fonts = append(fonts, Font{Name: path, Data: data})
			}
		}
	}
	return fonts
}

// font gives the font of a file; nil if it is none that can be embedded.
func (s *System) font(path string) *systemFont {
	f, known := s.faces[path]
	if !known {
		f = openSystemFont(path)
		s.faces[path] = f
	}
	return f
}

// systemFont is one font file of the machine.
type systemFont struct {
	*text.Face
	path    string
	data    func() ([]byte, error) // of the file, once
	checked bool                   // whether it can be embedded was tried
	broken  bool
}

// draws also tries once whether the font can be embedded, so that a damaged
// one on the machine never stops a report.
func (f *systemFont) draws(r rune) bool {
	if _, ok := f.Width(r); !ok || f.broken {
		return false
	}
	if !f.checked {
		font, err := f.font()
		f.checked, f.broken = true, err != nil || canvas.Embeddable(font) != nil
	}
	return !f.broken
}

func openSystemFont(path string) *systemFont {
	file, err := plain.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Size() > maxFontFile {
		return nil
	}
	face, err := text.ParseFace(filepath.Base(path), file)
	if err != nil {
		return nil
	}
	read := sync.OnceValues(func() ([]byte, error) { return plain.ReadFile(path, maxFontFile) })
	return &systemFont{Face: face, path: path, data: read}
}

func (f *systemFont) font() (canvas.Font, error) {
	data, err := f.data()
	return canvas.Font{Face: f.Face, Data: data}, err
}
