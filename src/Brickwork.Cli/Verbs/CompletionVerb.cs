using System.CommandLine;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick completion</c>: a script that lets a shell complete verbs and options.</summary>
sealed class CompletionVerb : Verb
{
    const string Bash = """
        # brick: completion for bash. Use: source <(brick completion bash)
        _brick_complete() {
            local words=()
            mapfile -t words < <(brick "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            COMPREPLY=($(compgen -W "${words[*]}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _brick_complete brick
        """;

    const string Zsh = """
        # brick: completion for zsh. Use: source <(brick completion zsh)
        _brick_complete() {
            local -a words
            words=("${(@f)$(brick "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words
        }
        compdef _brick_complete brick
        """;

    const string PowerShell = """
        # brick: completion for PowerShell. Use: brick completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName brick -ScriptBlock {
            param($word, $line, $position)
            brick "[suggest:$position]" "$line" | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    readonly Argument<string> _shell = new("shell") { Description = "bash, zsh or pwsh" };

    public CompletionVerb() : base("completion", "Print a script that completes verbs and options in a shell")
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        Add(_shell);
    }

    protected override int Run(Invocation run)
    {
        run.Output.Result.WriteLine(run.Value(_shell) switch { "bash" => Bash, "zsh" => Zsh, _ => PowerShell });
        return ExitCode.Good;
    }
}
