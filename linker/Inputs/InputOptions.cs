using System.CommandLine;
using System.Security.Cryptography;
using Atoll.Linker.Diagnostics;

namespace Atoll.Linker.Inputs;

/// <summary>The part of the command line that says what the image is made with.</summary>
public sealed class InputOptions
{
    /// <summary>NAME, VERSION and PATH; the path may contain the separator.</summary>
    private const int PartsOfTool = 3;

    private readonly Option<string[]> _packages = new("--packages")
    {
        Description = "A lock file of NuGet whose packages took part in the build.",
    };

    private readonly Option<string[]> _tools = new("--tool")
    {
        Description = "NAME=VERSION=FILE: a tool that took part in the build, named by its file's hash.",
    };

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [_packages, _tools];

    /// <summary>Reads lock files and hashes tools.</summary>
    public IReadOnlyList<BuildInput> Read(ParseResult parsed, DiagnosticBag findings)
    {
        List<BuildInput> inputs = [];
        foreach (string path in parsed.GetValue(_packages) ?? [])
        {
            ReadFile(path, bytes => inputs.AddRange(LockFile.Read(bytes)), findings);
        }

        foreach (string tool in parsed.GetValue(_tools) ?? [])
        {
            if (tool.Split('=', PartsOfTool) is not [string name, string version, string path])
            {
                findings.Report(DiagnosticCatalogue.BadRequest, $"'{tool}' is not NAME=VERSION=FILE.");
                continue;
            }

            ReadFile(path, bytes => inputs.Add(new BuildInput(BuildInputKind.Tool, name, version, HashOf(bytes))), findings);
        }

        foreach (BuildInput input in inputs.Where(input => !input.IsWellFormed))
        {
            findings.Report(DiagnosticCatalogue.BadRequest, $"The input '{input}' has an empty part or blanks in one.");
        }

        return inputs;
    }

    private static string HashOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void ReadFile(string path, Action<byte[]> use, DiagnosticBag findings)
    {
        try
        {
            use(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
        {
            findings.Report(DiagnosticCatalogue.UnreadableInput, $"'{path}': {exception.Message}", referrer: path);
        }
    }
}
