// Package app is the plumbing of the commands: streams, flags, help, errors
// and exit codes. What the commands do is told in main.go.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"trueup/fetch/plain"
	"trueup/report/app/settings"
	"trueup/rules/strict"
)

// The exit codes. Where several apply the highest wins, save that Wrong stops
// everything.
const (
	Done       = 0
	Findings   = 1 // at or above --fail-on; or a difference, or a failed rule test
	Wrong      = 2 // usage, settings, rule, waiver or contacts file
	Incomplete = 3 // customer data not had whole, or something not evaluable
	NotWritten = 4 // reports not written, or mail not delivered
)

// Program is trueup with its surroundings: nothing below it reads the clock,
// the environment or the standard streams by itself.
type Program struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            func(string) (string, bool)
	Now            func() time.Time
	Version        string
	Commands       []Command
}

// Command is one command with its documentation.
type Command struct {
	Name     string
	Args     string // as usage shows them; "" for none
	MinArgs  int
	MaxArgs  int // -1 for any number
	Short    string
	About    string
	Examples []string
	Flags    settings.Group
	Run      func(ctx context.Context, c *Call) error
}

// Call is one use of a command.
type Call struct {
	*Program
	Command *Command
	Flags   *settings.Flags
	Args    []string
	atEnd   func() // takes a progress bar away before anything else is written
}

// Exit is an error, or none, with the exit code it leads to.
type Exit struct {
	Code int
	Err  error // nil if there is nothing to say
}

func (e *Exit) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit %d", e.Code)
	}
	return e.Err.Error()
}

func (e *Exit) Unwrap() error { return e.Err }

// Fail gives an error its exit code; nil stays nil.
func Fail(code int, err error) error {
	if err == nil {
		return nil
	}
	return &Exit{code, err}
}

// Main runs the command that args name and returns the exit code.
func (p *Program) Main(ctx context.Context, args []string) int {
	err := p.dispatch(ctx, args)
	if err == nil {
		return Done
	}
	code := Wrong
	if exit := (*Exit)(nil); errors.As(err, &exit) {
		code, err = exit.Code, exit.Err
	}
	if err != nil {
		printError(p.Stderr, err)
	}
	return code
}

func (p *Program) dispatch(ctx context.Context, args []string) error {
	name, rest := "run", args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, rest = args[0], args[1:]
	}
	if len(args) > 0 {
		switch args[0] {
		case "help", "-h", "--help":
			return p.help(args[1:])
		case "--version":
			name, rest = "version", nil
		}
	}
	command := p.find(name)
	if command == nil {
		return p.unknownCommand(name)
	}
	return p.call(ctx, command, rest)
}

func (p *Program) find(name string) *Command {
	at := slices.IndexFunc(p.Commands, func(c Command) bool { return c.Name == name })
	if at < 0 {
		return nil
	}
	return &p.Commands[at]
}

func (p *Program) unknownCommand(name string) error {
	var names []string
	for _, c := range p.Commands {
		names = append(names, c.Name)
	}
	hint := plain.DidYouMean(name, names)
	if hint == "" {
		hint = "trueup help lists the commands"
	}
	return settings.Usage{Text: fmt.Sprintf("unknown command %q", name), HintText: hint}
}

func (p *Program) call(ctx context.Context, command *Command, args []string) error {
	flags := &settings.Flags{}
	set := pflag.NewFlagSet(command.Name, pflag.ContinueOnError)
	set.SetOutput(io.Discard)
	flags.Bind(set, command.Flags)
	switch err := set.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		p.commandHelp(command)
		return nil
	case err != nil:
		return flagError(err, set, command)
	}
	if err := flags.FromEnvironment(p.Env); err != nil {
		return settings.Usage{Text: err.Error(), HintText: "correct or unset the variable"}
	}
	if err := checkArgs(command, set.Args()); err != nil {
		return err
	}
	call := &Call{Program: p, Command: command, Flags: flags, Args: set.Args(), atEnd: func() {}}
	defer func() { call.atEnd() }()
	return command.Run(ctx, call)
}

func checkArgs(command *Command, args []string) error {
	usage := "usage: " + strings.TrimSpace("trueup "+command.Name+" "+command.Args)
	switch {
	case len(args) < command.MinArgs:
		return settings.Usage{Text: command.Name + " needs " + command.Args, HintText: usage}
	case len(args) > 0 && command.MaxArgs == 0 && command.Flags&settings.SourceFlags != 0:
		return settings.Usage{Text: fmt.Sprintf("%s: unexpected argument %q", command.Name, args[0]), HintText: "name the file of customers with --input " + args[0]}
	case command.MaxArgs >= 0 && len(args) > command.MaxArgs:
		return settings.Usage{Text: fmt.Sprintf("%s: unexpected argument %q", command.Name, args[command.MaxArgs]), HintText: usage}
	}
	return nil
}

// flagError adds the nearest flag to the library's message.
func flagError(err error, set *pflag.FlagSet, command *Command) error {
	hint := "trueup help " + command.Name + " lists the flags"
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) {
		var names []string
		set.VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		if near := plain.DidYouMean("--"+unknown.GetSpecifiedName(), names); near != "" {
			hint = near
		}
	}
	return settings.Usage{Text: err.Error(), HintText: hint}
}

// printError writes an error and its hint; of many errors in files each with
// its source line.
func printError(w io.Writer, err error) {
	if list := (strict.Errors)(nil); errors.As(err, &list) {
		for _, e := range list {
			printOne(w, "error", e.Error(), e.Snippet(), e.Hint())
		}
		return
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok && strings.Contains(err.Error(), "\n") {
		for _, one := range many.Unwrap() {
			printError(w, one)
		}
		return
	}
	hint := ""
	if h := (interface{ Hint() string })(nil); errors.As(err, &h) {
		hint = h.Hint()
	}
	printOne(w, "error", err.Error(), "", hint)
}

func printOne(w io.Writer, kind, text, snippet, hint string) {
	fmt.Fprintf(w, "trueup: %s: %s\n", kind, text)
	if snippet != "" {
		fmt.Fprintln(w, snippet)
	}
	if hint != "" {
		fmt.Fprintln(w, "trueup: hint:", hint)
	}
}
