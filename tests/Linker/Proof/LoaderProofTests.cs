using System.Text.RegularExpressions;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Tests.Snapshots;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Whatever a loader goes by is what was proved.</summary>
public sealed partial class LoaderProofTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, LoaderSeed.All.Count)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void FieldThatSaysSomethingElseIsFound(int index)
    {
        LoaderSeed seed = LoaderSeed.All[index];

        (_, IReadOnlyList<Diagnostic> findings) = ProofSubject.Prove(seed.Image);

        Assert.True(
            findings.Any(finding => finding.Message.Contains(seed.Says, StringComparison.Ordinal)),
            $"{seed}\n{string.Join('\n', findings)}");
    }

    /// <summary>
    /// Case elf/4, <c>start-address-of-another-owner</c>, the handed image:
    /// the note's owner is another, and its address leads into the entry code.
    /// </summary>
    [Fact]
    public void StartAddressOfAnotherOwnerIsFound()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ulong note = image.AddressOf("pvh_note") + 12;
        ulong start = image.AddressOf("pvh_entry") + 0x10;

        byte[] patched = image.Patched(note, [.. "Yen\0"u8, .. BitConverter.GetBytes((uint)start)]);

        IReadOnlyList<Diagnostic> findings = ProofSubject.Findings(patched, "ATL9062");
        Assert.Contains(findings, finding => finding.Message.Contains("a note of 'Yen' with type 18", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Message.Contains($"starts at 0x{start:x}, which it does not claim", StringComparison.Ordinal));
    }

    [Fact]
    public void EntryThatFindsNoStackMayNotClaimOne()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        IEnumerable<string> claims = ProofSubject.Prove(image.Bytes).Report!.Trusted
            .Select(line => line == "entry pvh_entry -" ? "entry pvh_entry kernel" : line);

        Assert.Contains("without a stack", Assert.Single(ProofSubject.Findings(image.WithClaims(claims), "ATL9062")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClaimAboutTwoPlacesIsRefused()
    {
        LinkedImage image = LinkedImage.Of(new Model.LinkRequest
        {
            Objects = [ObjectBuilder.WithRoots().Code("atoll_twin", [0xC3]).Build()],
            Roots = ["atoll_twin"],
        });

        Diagnostic finding = ProofSubject.Finding(image.Renamed("atoll_twin", "pvh_entry\0"));

        Assert.Contains("Two places are called 'pvh_entry'", finding.Message, StringComparison.Ordinal);
    }

    /// <summary>Each row of the table in docs/proof.md has a seed, and each seed a row.</summary>
    [Fact]
    public void TableListsWhatIsSeeded()
    {
        string text = File.ReadAllText(Path.Combine(SourceDirectory.RepositoryRoot(), "docs", "proof.md"));
        string table = text[text.IndexOf("## What a loader reads", StringComparison.Ordinal)..];
        string[] rows = [.. Row().Matches(table[..table.IndexOf("\n## ", 3, StringComparison.Ordinal)]).Select(match => match.Groups[1].Value)];

        Assert.Equal(LoaderSeed.All.Select(seed => seed.Row).Distinct().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("^\\| `([^`]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
