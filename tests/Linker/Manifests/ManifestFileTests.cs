using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;
using Atoll.Linker.Profiles;
using Atoll.Linker.Toml;

namespace Atoll.Linker.Tests.Manifests;

/// <summary>What a <c>program.toml</c> says, and every way in which it can be wrong.</summary>
public sealed class ManifestFileTests
{
    private const string Good = """
        name = "console"
        stack_kib = 32
        replies = 2

        [[needs]]
        name = "serial"
        kind = "call"
        protocol = "serial"
        version = 3
        optional = true

        [[needs]]
        name = "uart"
        kind = "ports"
        count = 8

        [[needs]]
        name = "scratch"
        kind = "memory"
        size_kib = 64
        """;

    [Fact]
    public void EverythingIsRead()
    {
        ProgramRequest request = Read(Good, out IReadOnlyList<Diagnostic> findings)!;

        Assert.Empty(findings);
        Assert.Equal(("console", 32u * 1024, 2u), (request.Name, request.StackBytes, request.Replies));
        Assert.Equal(
            [
                new NeedRequest("serial", GrantKind.Call, "serial", 3, IsOptional: true),
                new NeedRequest("uart", GrantKind.Ports, Amount: 8),
                new NeedRequest("scratch", GrantKind.Memory, Amount: 64 * 1024),
            ],
            request.Needs);
    }

    [Fact]
    public void NameIsEnough()
    {
        ProgramRequest request = Read("name = \"idle\"", out _)!;

        Assert.Equal(("idle", 16u * 1024, 1u, 0), (request.Name, request.StackBytes, request.Replies, request.Needs.Count));
    }

    [Fact]
    public void InlineTablesAreTheSameAsHeaders()
    {
        ProgramRequest request = Read("name = \"a\"\nneeds = [{ name = \"f\", kind = \"figures\" }, { name = \"m\", kind = \"machine\" }]", out _)!;

        Assert.Equal([GrantKind.Figures, GrantKind.Machine], request.Needs.Select(need => need.Kind));
    }

    public static TheoryData<int> Mistakes => [.. Enumerable.Range(0, FaultyManifest.All.Count)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void MistakeIsFoundAtItsPlace(int index)
    {
        FaultyManifest mistake = FaultyManifest.All[index];

        ProgramRequest? request = Read(mistake.Text, out IReadOnlyList<Diagnostic> findings);

        Assert.Null(request);
        string expected = $"program.toml({mistake.Line},{mistake.Column}): error {mistake.Id}: ";
        Assert.True(
            findings.Count == 1 && findings[0].ToString().StartsWith(expected, StringComparison.Ordinal)
                && findings[0].Message.Contains(mistake.Says, StringComparison.Ordinal),
            $"{mistake.Text}\nexpected: {expected}…{mistake.Says}\nfound: {string.Join("\n       ", findings)}");
    }

    [Fact]
    public void AllMistakesAreReportedAtOnce()
    {
        Read("name = \"A\"\nstack_kib = 5\nreplies = 0\nsize = 1", out IReadOnlyList<Diagnostic> findings);

        Assert.Equal(["ATL9506", "ATL9505", "ATL9505", "ATL9502"], findings.Select(finding => finding.Id));
    }

    [Fact]
    public void NeedsBeyondThePageAreRefused()
    {
        string needs = string.Concat(Enumerable.Range(0, 53).Select(i => $"[[needs]]\nname = \"n{i}\"\nkind = \"figures\"\n"));

        Read("name = \"many\"\n" + needs, out IReadOnlyList<Diagnostic> findings);

        Diagnostic finding = Assert.Single(findings);
        Assert.Equal(("ATL9511", 158), (finding.Id, finding.Source!.Value.Line));
    }

    private static ProgramRequest? Read(string text, out IReadOnlyList<Diagnostic> findings)
    {
        DiagnosticBag bag = new();
        TomlSection? root = TomlFile.Parse(text, "program.toml", bag);
        ProgramRequest? request = root is null ? null : ManifestFile.Read(root, bag);
        findings = bag.Found;
        return request;
    }
}
