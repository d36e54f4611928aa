using System.Diagnostics;
using System.Runtime.InteropServices;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>The csc of the newest SDK that is installed: what runs the rules in a real build.</summary>
public static class SdkCompiler
{
    private static readonly string s_root = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The C# compiler of the SDK.</summary>
    public static string CompilerPath { get; } = Directory.EnumerateDirectories(Path.Combine(s_root, "sdk"))
        .Select(folder => (Folder: folder, Version: ReadVersion(folder)))
        .Where(sdk => sdk.Version is not null)
        .MaxBy(sdk => sdk.Version).Folder is { } newest
            ? Path.Combine(newest, "Roslyn", "bincore", "csc.dll")
            : throw new DirectoryNotFoundException($"no SDK below {s_root}");

    /// <summary>
    /// Compiles one file against .NET, with the rules loaded as a build loads them, and returns what csc prints.
    /// </summary>
    /// <param name="source">The file.</param>
    /// <param name="arguments">More arguments. A relative path is seen from the folder of the file.</param>
    /// <param name="files">More files beside it, by name.</param>
    public static string Run(
        string source, IEnumerable<string> arguments, params (string Name, string Text)[] files) =>
        Run(source, TestPlatform.DotNet, "Atoll.Test", arguments, files);

    /// <summary>As the other, against a platform, as an assembly of a name.</summary>
    public static string Run(
        string source,
        TestPlatform platform,
        string assemblyName,
        IEnumerable<string> arguments,
        params (string Name, string Text)[] files)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("atoll-analyzers-");
        try
        {
            foreach ((string name, string text) in files.Append(("Test.cs", source)))
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), text);
            }

            foreach (SyntaxTree tree in platform.Prelude)
            {
                File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(tree.FilePath)), tree.ToString());
            }

            return Run(
                folder.FullName,
                [
                    .. platform.ReferenceFiles(folder.FullName).Select(path => $"/reference:{path}"),
                    $"/out:{assemblyName}.dll",
                    .. arguments,
                ]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Run(string folder, IEnumerable<string> arguments)
    {
        string[] fixedArguments =
        [
            "exec", CompilerPath, "/noconfig", "/nostdlib+", "/nologo", "/target:library", "/unsafe",
            "/runtimemetadataversion:v4.0.30319",
            "/warnaserror:CS9057", "/warnaserror:CS8032",
            $"/analyzer:{typeof(KernelRule).Assembly.Location}",
            .. Directory.EnumerateFiles(folder, "*.cs"),
        ];
        var start = new ProcessStartInfo(Path.Combine(s_root, "dotnet"), [.. fixedArguments, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process compiler = Process.Start(start)!;
        Task<string> errors = compiler.StandardError.ReadToEndAsync();
        string output = compiler.StandardOutput.ReadToEnd();
        compiler.WaitForExit();
        return output.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal) + errors.Result;
    }

    private static Version? ReadVersion(string folder) =>
        Version.TryParse(Path.GetFileName(folder).Split('-')[0], out Version? version) ? version : null;
}
