using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Atoll.Protocols.Tests.Generation;

/// <summary>Every method of services/Protocols has its id; <c>ATOLL_ACCEPT=1</c> writes the missing lines.</summary>
public sealed class ShippedIdTests
{
    [Fact]
    public void ShippedIds_AreComplete()
    {
        Diagnostic[] missing = [.. GeneratorRun.OverProtocols().Found.Where(report => report.Id == "ATL1107")];
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") == "1")
        {
            Add(missing, Repository.PathOf("services", "Protocols"));
            missing = [.. GeneratorRun.OverProtocols().Found];
        }

        Assert.Empty(missing.Select(report => report.ToString()));
    }

    [Fact]
    public void AddedLines_AreEnough_AndChangeNoOther()
    {
        string folder = Directory.CreateTempSubdirectory("atoll-ids").FullName;
        string file = Path.Combine(folder, "clock.protocol.txt");
        File.WriteAllText(file, "# Kept.\nversion 1\n3 Old() u64\n");
        const string source = "namespace A; using Atoll.Services.Lib; [Protocol(\"clock\", version: 2)] public interface IClock { void Go(); ulong Now(); }";
        Add([.. Over().Found], folder);
        Assert.Equal("# Kept.\nversion 1\n3 Old() u64\nversion 2\n1 Go() void\n2 Now() u64\n", File.ReadAllText(file));
        Assert.Empty(Over().Found);
        Directory.Delete(folder, recursive: true);

        GeneratorRun Over() => GeneratorRun.Over([("IClock.cs", source)], [(file, File.ReadAllText(file))]);
    }

    private static void Add(IEnumerable<Diagnostic> missing, string folder)
    {
        foreach (Diagnostic report in missing.Where(report => report.Id == "ATL1107"))
        {
            string[] said = report.GetMessage().Split('\'');
            string version = said[2].Split(" in version ")[1].Split(' ')[0];
            string name = said[2].Split(" of ")[1].Split(';')[0];
            string file = Path.Combine(folder, name);
            if (!File.Exists(file))
            {
                File.WriteAllText(file, $"# What the ids of the protocol '{name.Split('.')[0]}' mean. Another meaning needs another version (docs/protocols.md).\n");
            }

            string text = File.ReadAllText(file);
            File.AppendAllText(file, $"{(text.Split('\n').Contains($"version {version}") ? "" : $"version {version}\n")}{said[3]}\n");
        }
    }
}
