using Atoll.Linker.Tests.Trampolines;
using Atoll.Linker.Trampolines;
using Xunit;

namespace Atoll.Linker.Tests.Snapshots;

/// <summary>The disassembly of every trampoline, as it was last read by somebody.</summary>
public class TrampolineSnapshotTests
{
    public static TheoryData<string> CodeFragments => [.. Names];

    private static IEnumerable<string> Names =>
        Catalogue.All.OfType<CodeFragment>().Select(fragment => fragment.Name);

    [Theory]
    [MemberData(nameof(CodeFragments))]
    public void Disassembly(string name) =>
        Snapshot.Verify(name, Listing.Of((CodeFragment)TrampolineImage.Find(name)));

    [Fact]
    public void AStubThatIsGoneLeavesNoSnapshot()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(SourceDirectory.OfCaller(), "x64_*.verified.txt");
        Assert.DoesNotContain(files, file => !Names.Contains(Path.GetFileName(file).Split('.')[0]));
    }

    [Fact]
    public void DisassemblyOfApStartCode() => Snapshot.Verify(ApStartCode.Symbol, Listing.OfApStartCode());
}
