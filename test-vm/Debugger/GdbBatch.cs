using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Debugger;

/// <summary>GDB in batch mode: commands in, what each of them printed out.</summary>
public static class GdbBatch
{
    /// <summary>Settings for an Atoll image, from the root of the repository.</summary>
    public const string SettingsFile = "test-vm/Debugger/atoll.gdb";

    private const string Program = "gdb";
    private const string Mark = "@answer";

    /// <summary>The package that GDB comes in.</summary>
    public static DebianPackage Package { get; } = new(Program, "/usr/bin/gdb");

    /// <summary>What a person types in the root of the repository to debug a guest that waits.</summary>
    public static string CommandLine(string imagePath, string address) =>
        $"{Program} -x {SettingsFile} -ex 'target remote {address}' {imagePath}";

    /// <summary>The command of the settings file that loads a program's symbols.</summary>
    public static string ProgramCommand(string program) => $"program {program}";

    /// <summary>Debugs a guest that waits, and lets it go afterwards.</summary>
    /// <param name="imagePath">The image.</param>
    /// <param name="address">Where the guest waits (<see cref="VmSettings.GdbAddress"/>).</param>
    /// <param name="questions">Commands in order, each with a name of its own.</param>
    /// <param name="timeLimit">After it GDB is killed: a breakpoint may never be hit.</param>
    /// <exception cref="VmException">GDB is not installed or took too long.</exception>
    public static GdbTranscript Ask(
        string imagePath, string address, IReadOnlyList<(string Name, string Command)> questions, TimeSpan timeLimit)
    {
        string script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(script, Script(questions));
            (string output, string errors) = Run(
                ["-nx", "-batch", "-x", SettingsFile, "-ex", $"target remote {address}", "-x", script, imagePath], timeLimit);
            return new GdbTranscript(Answers(output, questions), errors);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Script(IReadOnlyList<(string Name, string Command)> questions)
    {
        StringBuilder script = new();
        foreach ((string name, string command) in questions)
        {
            script.Append("echo \\n").Append(Mark).Append(' ').Append(name).Append("\\n\n").Append(command).Append('\n');
        }

        return script.ToString();
    }

    private static (string Output, string Errors) Run(IEnumerable<string> arguments, TimeSpan timeLimit)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process gdb = Process.Start(start)!;
            gdb.StandardInput.Close();
            Task<string> output = gdb.StandardOutput.ReadToEndAsync();
            Task<string> errors = gdb.StandardError.ReadToEndAsync();
            if (!gdb.WaitForExit(timeLimit))
            {
                gdb.Kill(entireProcessTree: true);
                throw new VmException($"GDB did not end within {timeLimit.TotalSeconds:0} s:\n{output.Result}\n{errors.Result}");
            }

            return (output.Result, errors.Result);
        }
        catch (Win32Exception error)
        {
            throw new VmException($"cannot start '{Program}' ({error.Message}): apt-get install {Package.Name}", error);
        }
    }

    private static Dictionary<string, string> Answers(string output, IReadOnlyList<(string Name, string Command)> questions)
    {
        Dictionary<string, string> answers = questions.ToDictionary(question => question.Name, _ => "");
        foreach (string part in output.Split($"\n{Mark} ").Skip(1))
        {
            string[] nameAndText = part.Split('\n', 2);
            answers[nameAndText[0]] = nameAndText[^1].Trim();
        }

        return answers;
    }
}

/// <summary>What GDB printed.</summary>
/// <param name="Answers">By the question's name. Empty where GDB did not get so far.</param>
/// <param name="Errors">Standard error of the whole session.</param>
public sealed record GdbTranscript(IReadOnlyDictionary<string, string> Answers, string Errors)
{
    /// <summary>What one command printed.</summary>
    public string this[string name] => Answers[name];
}
