using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Mutants;

/// <summary>How the SDK compiles a project: its command line, as it would be given to csc.</summary>
internal static class CompilerLine
{
    /// <summary>Asks MSBuild. The project and what it references are built.</summary>
    /// <param name="project">The project file.</param>
    internal static CSharpCommandLineArguments Of(string project)
    {
        // The file that never exists makes the compiler's step due; its execution is left out.
        string[] arguments =
        [
            "msbuild", project, "-t:Compile", "-p:Configuration=Release", "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true",
            "-p:BuildProjectReferences=false", "-p:NonExistentFile=never-there", "-getItem:CscCommandLineArgs", "-nologo",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        JsonArray? items = process.ExitCode == 0 ? JsonNode.Parse(output)!["Items"]!["CscCommandLineArgs"]!.AsArray() : null;
        string[] line = [.. (items ?? []).Select(item => (string)item!["Identity"]!)];
        return line.Length > 0
            ? CSharpCommandLineParser.Default.Parse(line, Path.GetDirectoryName(project), sdkDirectory: null)
            : throw new InvalidOperationException($"{project}: MSBuild does not say how it is compiled: {output}");
    }
}
