using Atoll.Cli.Systems;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Tests.Systems;

/// <summary>Programs that were never built: a manifest, and segments as the linker would make them.</summary>
internal static class SamplePrograms
{
    private static readonly Dictionary<string, string> s_needs = new()
    {
        ["init"] = "",
        ["plain"] = "",
        ["serial"] = """
            replies = 2
            [[needs]]
            name = "bytes"
            kind = "serve"
            protocol = "serial"
            version = 1
            [[needs]]
            name = "uart"
            kind = "ports"
            count = 8
            [[needs]]
            name = "uart-line"
            kind = "interrupt"
            """,
        ["console"] = """
            [[needs]]
            name = "serial"
            kind = "call"
            protocol = "serial"
            version = 1
            [[needs]]
            name = "log"
            kind = "call"
            protocol = "log"
            version = 2
            optional = true
            """,
        ["loud"] = "[[needs]]\nname = \"serial\"\nkind = \"call\"\nprotocol = \"serial\"\nversion = 2",
        ["asker"] = "[[needs]]\nname = \"system\"\nkind = \"call\"\nprotocol = \"system\"\nversion = 1",
        ["watcher"] = "[[needs]]\nname = \"watched\"\nkind = \"faults\"\nprotocol = \"watch\"\nversion = 1",
        ["meter"] = "[[needs]]\nname = \"figures\"\nkind = \"figures\"",
        ["lazy-meter"] = "[[needs]]\nname = \"figures\"\nkind = \"figures\"\noptional = true",
        ["mapper"] = "[[needs]]\nname = \"shared\"\nkind = \"region\"\nsize_kib = 64",
        ["ringer"] = "[[needs]]\nname = \"line\"\nkind = \"channel\"\nprotocol = \"numbers\"\nversion = 1",
        ["singer"] = "[[needs]]\nname = \"line\"\nkind = \"channel\"\nprotocol = \"songs\"\nversion = 1",
        ["ring-mapper"] = "[[needs]]\nname = \"line\"\nkind = \"channel\"\nprotocol = \"numbers\"\nversion = 1\n[[needs]]\nname = \"shared\"\nkind = \"region\"\nsize_kib = 64",
        ["throng"] = "[[needs]]\nname = \"room\"\nkind = \"slots\"\ncount = 2\n[[needs]]\nname = \"lines\"\nkind = \"channel\"\nprotocol = \"numbers\"\nversion = 1\ncount = 400",
        ["two-throngs"] = "[[needs]]\nname = \"lines\"\nkind = \"channel\"\nprotocol = \"numbers\"\nversion = 1\ncount = 9\n[[needs]]\nname = \"others\"\nkind = \"channel\"\nprotocol = \"numbers\"\nversion = 1\ncount = 9",
        ["throng-mapper"] = "[[needs]]\nname = \"lines\"\nkind = \"channel\"\nprotocol = \"numbers\"\nversion = 1\ncount = 400\n[[needs]]\nname = \"shared\"\nkind = \"region\"\nsize_kib = 64",
        ["hearer"] = "[[needs]]\nname = \"stops\"\nkind = \"channel\"\nprotocol = \"stops\"\nversion = 1\ncount = 64\noptional = true",
        ["one-hearer"] = "[[needs]]\nname = \"stops\"\nkind = \"channel\"\nprotocol = \"stops\"\nversion = 1\noptional = true",
        ["bus"] = "[[needs]]\nname = \"drivers\"\nkind = \"serve\"\nprotocol = \"pci\"\nversion = 1\n[[needs]]\nname = \"all\"\nkind = \"devices\"",
        ["driver"] = "[[needs]]\nname = \"nic\"\nkind = \"device\"\nprotocol = \"pci\"\nversion = 1",
        ["new-driver"] = "[[needs]]\nname = \"nic\"\nkind = \"device\"\nprotocol = \"pci\"\nversion = 2",
        ["teller"] = "[[needs]]\nname = \"where\"\nkind = \"frames\"\nsize_kib = 64\n[[needs]]\nname = \"figures\"\nkind = \"figures\"",
        ["hoarder"] = "[[needs]]\nname = \"heap\"\nkind = \"memory\"\nsize_kib = 4096",
        ["mourner"] = "[[needs]]\nname = \"dead\"\nkind = \"deaths\"",
        ["ringing-mourner"] = "[[needs]]\nname = \"line\"\nkind = \"channel\"\nprotocol = \"numbers\"\nversion = 1\n[[needs]]\nname = \"dead\"\nkind = \"deaths\"",
        ["waking-mourner"] = "[[needs]]\nname = \"dead\"\nkind = \"deaths\"\n[[needs]]\nname = \"uart-line\"\nkind = \"interrupt\"",
        ["crowd"] = "replies = 32\n[[needs]]\nname = \"room\"\nkind = \"slots\"\ncount = 56\n[[needs]]\nname = \"more\"\nkind = \"slots\"\ncount = 56",
        ["narrow"] = "[[needs]]\nname = \"room\"\nkind = \"slots\"\ncount = 4\n[[needs]]\nname = \"figures\"\nkind = \"figures\"",
    };

    /// <summary>Names of all.</summary>
    public static IEnumerable<string> Names => s_needs.Keys;

    /// <summary>All of them, by name: one page each of text, constants and data.</summary>
    public static IReadOnlyDictionary<string, ProgramImage> All { get; } = s_needs.Keys.ToDictionary(name => name, name => Make(name));

    /// <summary>A program with another size of data.</summary>
    public static ProgramImage Make(string name, ulong dataBytes = 0x1000, int fileBytes = 0x3000)
    {
        DiagnosticBag findings = new();
        string text = $"name = \"{name}\"\n{s_needs[name]}";
        var manifest = ManifestFile.Read(TomlFile.Parse(text, name, findings)!, findings);
        Assert.Empty(findings.Found);
        return new ProgramImage(
            manifest!,
            $"services/{name}/program.toml",
            [
                new ProgramSegmentShape(0x40_0000, 0x800, 0x800, IsWritable: false),
                new ProgramSegmentShape(0x40_1000, 0x100, 0x100, IsWritable: false),
                new ProgramSegmentShape(0x40_2000, dataBytes, 0x10, IsWritable: true),
            ],
            new byte[fileBytes]);
    }
}
