using System.Diagnostics;
using System.Text;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests.Scripts;

/// <summary>What a command said, and its exit code.</summary>
/// <param name="Command">The command, for a failure's text.</param>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
public sealed record ScriptOutcome(string Command, int Code, string Output, string Errors)
{
    /// <summary>All that it said, for a failure's text.</summary>
    public string Everything => $"{Command}\nexit code {Code}\n{Output}\n{Errors}";
}

/// <summary>A command that runs as somebody would type it, in a folder, with a standard input that stays open until it is closed.</summary>
public sealed class Script : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    private const int TailCharacters = 4000;

    private readonly Process _process;
    private readonly string _command;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _errors;
    private readonly Thread _reader;

    private Script(ProcessStartInfo start, string command)
    {
        _command = command;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>The checkout that these tests were built in.</summary>
    public static Repository Repository { get; } = Repository.Find();

    /// <summary>Id of the process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts a line of bash, in the root of the checkout.</summary>
    public static Script Bash(string line) => Start("bash", ["-c", line]);

    /// <summary>Runs a line of bash to its end, its input at its end from the start.</summary>
    public static ScriptOutcome Run(string line) => Run("bash", ["-c", line]);

    /// <summary>Runs a program to its end, its input at its end from the start.</summary>
    public static ScriptOutcome Run(string program, IEnumerable<string> arguments, string? folder = null)
    {
        using Script script = Start(program, arguments, folder);
        script.CloseInput();
        return script.WaitForEnd();
    }

    /// <summary>What it has said on standard output so far.</summary>
    public string Output => Said();

    /// <summary>Types.</summary>
    public void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Ends its input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until it has said something.</summary>
    public void WaitFor(string text)
    {
        long start = Stopwatch.GetTimestamp();
        while (!Said().Contains(text, StringComparison.Ordinal))
        {
            Assert.True(
                Stopwatch.GetElapsedTime(start) < s_limit && !(_process.HasExited && !_reader.IsAlive),
                $"{_command} never said '{text}', but:\n{Tail()}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Waits for its end.</summary>
    public ScriptOutcome WaitForEnd()
    {
        if (!_process.WaitForExit(s_limit))
        {
            Assert.Fail($"{_command} does not end; it said:\n{Tail()}");
        }

        _reader.Join();
        return new ScriptOutcome(_command, _process.ExitCode, Said(), _errors.Result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static Script Start(string program, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new Script(start, string.Join(' ', [program, .. arguments]));
    }

    private string Tail() => Said() is { Length: > TailCharacters } all ? "…" + all[^TailCharacters..] : Said();

    private string Said()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }

    private void Read()
    {
        var buffer = new char[1024];
        int count;
        while ((count = _process.StandardOutput.Read(buffer)) > 0)
        {
            lock (_output)
            {
                _output.Append(buffer, 0, count);
            }
        }
    }
}

/// <summary>Scripts run one at a time: each starts a machine or a build.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ScriptCollection
{
    /// <summary>The collection.</summary>
    public const string Name = "scripts";
}
