using Atoll.Linker.Tests.Snapshots;

namespace Atoll.Protocols.Tests.Generation;

/// <summary>What the generators make, as somebody has looked at it.</summary>
public sealed class SnapshotTests
{
    private static readonly string[] s_parts = ["SampleProtocol", "SampleClient", "SampleServer", "SampleDispatch", "SampleReply"];

    public static TheoryData<string> Parts => [.. s_parts];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Sample_IsMadeAsAccepted(string part) =>
        Snapshot.Verify(part, GeneratorRun.OverSample().Made[$"Atoll.Protocols.Tests.Sample.{part}"]);

    [Fact]
    public void Sample_IsMadeOfThesePartsAndNoOthers() =>
        Assert.Equal(s_parts.Select(part => $"Atoll.Protocols.Tests.Sample.{part}").Order(), GeneratorRun.OverSample().Made.Keys.Order());

    [Fact]
    public void ProtocolWithoutDeferredMethod_HasNoReply()
    {
        const string source = "[Protocol(\"small\", version: 3)] public interface ISmall { void Go(); }";
        GeneratorRun run = GeneratorRun.Over([("Small.cs", $"namespace A; using Atoll.Services.Lib; {source}")], [("small.protocol.txt", "version 3\n7 Go() void\n")]);
        Assert.Equal(["A.SmallClient", "A.SmallDispatch", "A.SmallProtocol", "A.SmallServer"], run.Made.Keys.Order());
        Snapshot.Verify("SmallProtocol", run.Made["A.SmallProtocol"]);
    }

    [Fact]
    public void ProgramEntry_IsMadeAsAccepted()
    {
        const string source = "namespace Atoll.Services.Small; using Atoll.Services.Lib; static class Small { [Program] internal static void Main(in ProgramStart start) { } }";
        Snapshot.Verify("ProgramEntry", GeneratorRun.Over([("Small.cs", source)], []).Made["ProgramEntry"]);
    }
}
