using System.Diagnostics;
using Xunit.Abstractions;

namespace Atoll.Image.Tests;

/// <summary>A program of others that reads images.</summary>
internal static class ForeignReader
{
    /// <summary>What a program says of the image on either stream; null where it is not installed, which the test's output tells.</summary>
    public static string? Read(ITestOutputHelper output, string program, bool isComplaintExpected, params string[] options)
    {
        string path = Path.Combine("/usr/bin", program);
        if (!File.Exists(path))
        {
            output.WriteLine($"{program} is not installed: nothing was checked with it");
            return null;
        }

        ProcessStartInfo start = new(path, [.. options, KernelImage.Path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 || isComplaintExpected, $"{program} ended with {process.ExitCode}\n{said}");
        return said;
    }
}
