using System.Diagnostics;

namespace Atoll.Linker.Tests.Foreign;

/// <summary>A program that <c>./build.sh test linker</c> installs where Debian's packages are (cli/Testing/TestTools.cs).</summary>
internal static class InstalledTool
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    /// <summary>The path of the first of these names that is installed; null when none is.</summary>
    public static string? Find(params IEnumerable<string> names) =>
        names.Select(name => Path.Combine("/usr/bin", name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and all that it wrote to either stream.</returns>
    public static (int ExitCode, string Output) Run(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill();
            Assert.Fail($"{program} does not end");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
