package show

import (
	"embed"
	"io"
	"strings"
	"text/template"
)

// Shell is a shell that completes.
type Shell string

// Shells are those that there are scripts for.
func Shells() []Shell { return []Shell{"bash", "zsh", "fish"} }

// Completed is a command with what may stand behind it.
type Completed struct {
	Name, Short string
	Flags       []CompletedFlag
	Values                  // its arguments
	Actions     []Completed // its first argument, with what may follow
}

// CompletedFlag is a flag with the values that it may have.
type CompletedFlag struct {
	Name, About string
	Value       string // what its value is called; "" for a switch
	Values
}

// Values are what may be written in one place; the zero Values is anything.
type Values struct {
	Words       []string
	List        bool // several of Words, with commas between
	Files, Dirs bool
}

//go:embed completion
var completionScripts embed.FS

// Completion writes a shell's script, whose template is a file of its own.
func Completion(w io.Writer, shell Shell, commands []Completed) error {
	quote := func(old, new string) func(string) string {
		return strings.NewReplacer("'", old, "\n", " ", "\\", new).Replace
	}
	name := string(shell) + ".tmpl"
	t, err := template.New(name).Funcs(template.FuncMap{
		"words": func(list []string) string { return strings.Join(list, " ") },
		// zsh is a text in single quotes inside of a description.
		"zsh":  strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`, "\\", `\\`, "$", `\$`, "`", "\\`").Replace,
		"fish": quote(`\'`, `\\`),
		"names": func(list []Completed) string {
			var names []string
			for _, c := range list {
				names = append(names, c.Name)
			}
			return strings.Join(names, " ")
		},
	}).ParseFS(completionScripts, "completion/"+name)
	if err != nil {
		return err
	}
	return t.Execute(w, commands)
}
