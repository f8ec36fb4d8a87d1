// Package app has the commands, one file each, and what they share: finding the
// command and its flags, the log, exit codes and errors. What commands print is in
// show, what a run does in steps.
package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"trueup/fetch/plain"
	"trueup/report/app/settings"
	"trueup/report/app/steps"
)

// Program is trueup with its surroundings: nothing below it reads the clock,
// the environment or the standard streams by itself.
type Program struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            func(string) (string, bool)
	Variables      []string // the names of those in the environment
	Now            func() time.Time
	Version        string
}

// commands lists all commands in the order of the help.
func commands() []*Command {
	return []*Command{&runCommand, &fetchCommand, &findingsCommand, &explainCommand, &diffCommand, &rulesCommand,
		&sendCommand, &verifyCommand, &initCommand, &configCommand, &completionCommand, &versionCommand}
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

// Flags that several commands take.
const (
	customerFlags = settings.SourceFlags | settings.FetchFlags
	judgeFlags    = settings.RuleFlags | settings.WaiverFlags
	runFlags      = customerFlags | judgeFlags | settings.ReportFlags | settings.OutFlags | settings.RunSendFlag | settings.SendFlags
)

// Call is one use of a command.
type Call struct {
	*Program
	Command *Command
	Flags   *settings.Flags
	Args    []string
	Given   []string // the flags on the command line
	All     []*Command
	atEnd   func() // removes a progress bar before anything else is written
}

// Main runs the command that args name and returns the exit code.
func (p *Program) Main(ctx context.Context, args []string) int {
	err := p.dispatch(ctx, args)
	if err == nil {
		return Done
	}
	code := codeOf(err)
	if !p.wantsJSON(args) {
		printError(p.Stderr, err)
		return code
	}
	for _, one := range problemsOf(err) {
		one.log(slog.New(slog.NewJSONHandler(p.Stderr, nil)), slog.LevelError, "exit", code)
	}
	return code
}

func (p *Program) dispatch(ctx context.Context, args []string) error {
	name, rest := "run", args
	switch {
	case len(args) == 0:
	case slices.Contains([]string{"help", "-h", "--help"}, args[0]):
		return p.help(args[1:])
	case args[0] == "--version":
		name, rest = "version", nil
	case !strings.HasPrefix(args[0], "-"):
		name, rest = args[0], args[1:]
	}
	command, err := find(name)
	if err != nil {
		return err
	}
	return p.call(ctx, command, rest)
}

// find is the command of a name; the error suggests the nearest one.
func find(name string) (*Command, error) {
	var names []string
	for _, c := range commands() {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return nil, settings.Usage{Text: fmt.Sprintf("unknown command %q", name),
		HintText: cmp.Or(plain.DidYouMean(name, names), "trueup help lists the commands")}
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
	var given []string
	set.Visit(func(flag *pflag.Flag) { given = append(given, flag.Name) })
	if err := flags.FromEnvironment(p.Env); err != nil {
		return settings.Usage{Text: err.Error(), HintText: "correct or unset the variable"}
	}
	if err := checkArgs(command, set.Args()); err != nil {
		return err
	}
	call := &Call{Program: p, Command: command, Flags: flags, Args: set.Args(), Given: given, All: commands(), atEnd: func() {}}
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
		hint = cmp.Or(plain.DidYouMean("--"+unknown.GetSpecifiedName(), names), flagOfAnother(unknown.GetSpecifiedName()), hint)
	}
	return settings.Usage{Text: err.Error(), HintText: hint}
}

// flagOfAnother is a hint that names the commands which have a flag; "" if none has.
func flagOfAnother(flag string) string {
	var have []string
	for _, c := range commands() {
		if slices.ContainsFunc(settings.FlagsOf(c.Flags), func(f settings.Flag) bool { return f.Name == flag }) {
			have = append(have, c.Name)
		}
	}
	if have == nil {
		return ""
	}
	return fmt.Sprintf("--%s is for trueup %s", flag, strings.Join(have, ", "))
}

// load reads the settings and sets up what the steps need. Where the command
// takes a source of customers there must be exactly one.
func (c *Call) load() (steps.World, *settings.Settings, error) {
	s, err := settings.Load(c.Flags, c.Env)
	if err == nil && c.Command.Flags&settings.SourceFlags != 0 {
		err = s.Source()
	}
	if err != nil {
		return steps.World{}, nil, err
	}
	w, err := c.world()
	if err == nil {
		c.tellSettings(w.Log, s)
	}
	return w, s, err
}

// prepare is load, and reads what people wrote: rules, waivers, contacts.
func (c *Call) prepare() (steps.World, *settings.Settings, *steps.Plan, error) {
	w, s, err := c.load()
	if err != nil {
		return w, nil, nil, err
	}
	plan, err := steps.Prepare(w, s)
	return w, s, plan, err
}

// forms are the ways to write a value, by their names for --format.
type forms[T any] map[string]func(io.Writer, T) error

// pick writes a value in the form that --format names.
func pick[T any](c *Call, value T, in forms[T]) error {
	write, ok := in[c.Flags.Format]
	if !ok {
		return settings.Usage{Text: fmt.Sprintf("--format: unknown format %q", c.Flags.Format),
			HintText: "choose from " + strings.Join(slices.Sorted(maps.Keys(in)), ", ")}
	}
	return Fail(NotWritten, write(c.Stdout, value))
}

// visibly is a way to write JSON whose texts no terminal obeys.
func visibly[T any](write func(io.Writer, T) error) func(io.Writer, T) error {
	return func(w io.Writer, value T) error {
		var b strings.Builder
		if err := write(&b, value); err != nil {
			return err
		}
		_, err := io.WriteString(w, plain.VisibleJSON(b.String()))
		return err
	}
}
