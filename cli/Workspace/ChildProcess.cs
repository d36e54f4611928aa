using System.ComponentModel;
using System.Diagnostics;
using Atoll.Cli.Terminal;

namespace Atoll.Cli.Workspace;

/// <summary>Runs another program to its end.</summary>
public static class ChildProcess
{
    /// <summary>Runs a program whose output is progress: every line goes to stderr.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="UserException">It is not installed.</exception>
    public static int Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Run(program, arguments, environment, Progress.Say);

    /// <summary>Runs a program and gives each line of its output, errors too, to somebody: from any thread, one at a time or not.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="UserException">It is not installed.</exception>
    public static int Run(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        Action<string> onLine)
    {
        using Process process = Start(program, arguments, environment);
        process.OutputDataReceived += (_, line) => Forward(line.Data, onLine);
        process.ErrorDataReceived += (_, line) => Forward(line.Data, onLine);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Asks a program for text. Null when it is not installed, fails, or takes too long.</summary>
    public static string? Ask(string program, params string[] arguments)
    {
        try
        {
            using Process process = Start(program, arguments, null);
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromSeconds(20)))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            Task.WaitAll(output, errors);
            return process.ExitCode == 0 ? output.Result.Trim() : null;
        }
        catch (UserException)
        {
            return null;
        }
    }

    private static Process Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception error)
        {
            throw new UserException($"cannot start '{program}': {error.Message}");
        }
    }

    private static void Forward(string? line, Action<string> onLine)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            onLine(line);
        }
    }
}
