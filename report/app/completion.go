package app

import (
	"context"
	"slices"
	"strings"

	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/rules"
)

var completionCommand = Command{
	Name: "completion", Args: "bash|zsh|fish", MinArgs: 1, MaxArgs: 1, Short: "print the completion script of a shell", Run: completion,
	About: "bash: source <(trueup completion bash)            in ~/.bashrc\n" +
		"zsh:  source <(trueup completion zsh)             in ~/.zshrc, after compinit\n" +
		"fish: trueup completion fish | source             in ~/.config/fish/config.fish",
	Examples: []string{"trueup completion bash > /etc/bash_completion.d/trueup"},
}

func completion(_ context.Context, c *Call) error {
	shell := show.Shell(c.Args[0])
	if !slices.Contains(show.Shells(), shell) {
		return settings.Usage{Text: "completion: no shell " + c.Args[0], HintText: "choose from " + c.Command.Args}
	}
	builtin, err := rules.Load(rules.Options{Builtin: true})
	if err != nil {
		return err
	}
	var list []show.Completed
	for _, one := range c.All {
		list = append(list, completed(one, builtin.IDs()))
	}
	return Fail(NotWritten, show.Completion(c.Stdout, shell, list))
}

// completed is what may stand behind a command; ids are those of rules.
func completed(c *Command, ids []string) show.Completed {
	out := show.Completed{Name: c.Name, Short: c.Short}
	for _, f := range settings.FlagsOf(c.Flags) {
		values := valuesOf(f.Value, ids)
		if f.Choices != nil {
			values = show.Values{Words: f.Choices, List: f.List}
		}
		out.Flags = append(out.Flags, show.CompletedFlag{Name: f.Name, About: f.About, Value: f.Value, Values: values})
	}
	if !strings.Contains(c.Args, " | ") {
		out.Values = valuesOf(c.Args, ids)
		return out
	}
	for _, usage := range strings.Split(c.Args, " | ") {
		name, args, _ := strings.Cut(usage, " ")
		out.Actions = append(out.Actions, show.Completed{Name: name, Values: valuesOf(args, ids)})
	}
	return out
}

// valuesOf is what may be written for a word in capital letters, as help has it:
// FILE, DIR, ID; or for a choice such as bash|zsh.
func valuesOf(usage string, ids []string) show.Values {
	usage = strings.Trim(usage, "[]. ")
	switch {
	case strings.Contains(usage, "|"):
		return show.Values{Words: strings.Split(usage, "|")}
	case usage == "ID":
		return show.Values{Words: ids}
	case usage == "DIR":
		return show.Values{Dirs: true}
	case usage == "FILE", usage == "PATH", usage == "OLD NEW":
		return show.Values{Files: true}
	}
	return show.Values{}
}
