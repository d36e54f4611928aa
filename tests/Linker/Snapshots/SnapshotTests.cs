using Xunit;
using Xunit.Sdk;

namespace Atoll.Linker.Tests.Snapshots;

/// <summary>The snapshot file convention.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("atoll-snapshot-").FullName;

    private string Verified => Path.Combine(_directory, "x.verified.txt");

    private string Received => Path.Combine(_directory, "x.received.txt");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void ATextThatNobodyHasAcceptedFails()
    {
        Assert.Throws<FailException>(() => Snapshot.Verify("x", "a\n", accept: false, _directory));
        Assert.Equal("a\n", File.ReadAllText(Received));
        Assert.False(File.Exists(Verified));
    }

    [Fact]
    public void ADifferenceIsShownLineByLine()
    {
        File.WriteAllText(Verified, "same\nold\n");
        FailException failure = Assert.Throws<FailException>(() =>
            Snapshot.Verify("x", "same\nnew\n", accept: false, _directory));
        Assert.Contains("- old\n+ new\n", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("same", failure.Message.Split('\n', 2)[1], StringComparison.Ordinal);
    }

    [Fact]
    public void TheAcceptedTextPassesAndClearsWhatWasReceived()
    {
        File.WriteAllText(Verified, "a\r\n");
        File.WriteAllText(Received, "b\n");
        Snapshot.Verify("x", "a\n", accept: false, _directory);
        Assert.False(File.Exists(Received));
    }

    [Fact]
    public void AcceptingWritesTheVerifiedFile()
    {
        Snapshot.Verify("x", "a\n", accept: true, _directory);
        Assert.Equal("a\n", File.ReadAllText(Verified));
        Assert.False(File.Exists(Received));
    }
}
